//! Findings for other programs: one JSON object, SARIF 2.1.0, GitHub workflow commands.

mod github;
mod json;
mod sarif;

pub use github::github;
pub use json::{Selection, json};
pub use sarif::sarif;

/// A document and its audit.
#[derive(Clone, Copy, Debug)]
pub struct Audited<'a> {
    /// The path as it should be shown; `-` for standard input.
    pub path: &'a str,
    /// Its audit.
    pub audit: &'a super::Audit,
}
