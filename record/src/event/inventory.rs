//! Every test that is known, and what it declares; written before anything runs.

use serde::{Deserialize, Serialize};

use super::attempt::Isolation;

/// A test as declared, and what is to become of it in this run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlannedTest {
    /// Name within the binary: `module::function` or `module::function::case`.
    pub name: String,
    /// Phase that the test belongs to.
    pub phase: Option<String>,
    /// Boundaries that the test crosses, sorted.
    pub boundaries: Vec<String>,
    /// Composite fixtures that the test takes, sorted.
    pub patterns: Vec<String>,
    /// Services that the test takes a lease of, sorted.
    #[serde(default)]
    pub services: Vec<String>,
    /// Free labels, sorted.
    pub tags: Vec<String>,
    /// Criteria that the test is evidence for, sorted.
    pub criteria: Vec<String>,
    /// Source file, relative to the workspace root, with `/`.
    pub file: String,
    /// Line of the test's attribute or function, from 1.
    pub line: u32,
    /// SHA-256 of the test's source tokens, hexadecimal.
    pub source_digest: String,
    /// How the test is to be kept apart from the others.
    pub isolation: Isolation,
    /// Time allowed for one attempt in milliseconds.
    pub timeout_ms: Option<u64>,
    /// Attempts allowed after the first.
    pub retries: u32,
    /// Tests of one group never run at the same time.
    pub serial: Option<String>,
    /// What is to become of the test in this run.
    pub disposition: Disposition,
}

/// What is to become of a test in this run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Disposition {
    /// It is to run.
    Run,
    /// Its attribute says `ignore`.
    Ignored {
        /// Reason as declared.
        reason: Option<String>,
    },
    /// The command line's filters leave it out.
    Filtered,
    /// Another shard runs it.
    OtherShard,
}

/// The files that a glob of a criterion matched when the run began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileSet {
    /// The glob, relative to `phasegate.toml`.
    pub glob: String,
    /// The files, relative to the workspace root, sorted, with `/`.
    pub files: Vec<String>,
}
