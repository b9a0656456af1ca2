//! What a body says of itself when it has ended. Crosses processes.

use phasegate_record::event::{Blocked, Failure};
use serde::{Deserialize, Serialize};

/// The body's own words, as opposed to what was observed of its process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Said {
    pub(crate) result: SaidResult,
    pub(crate) release_errors: Vec<String>,
    /// Threads beside its own that were still there; `None` where they cannot be attributed.
    pub(crate) threads: Option<u32>,
}

/// The result proper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SaidResult {
    Passed,
    Failed(Failure),
    Skipped(String),
    /// A preload that it needs could not be built.
    Blocked(Blocked),
}
