//! What one attempt at one test did.

use serde::{Deserialize, Serialize};

use super::service::LeaseUse;

/// One attempt at a test ended.
///
/// The test's outcome is that of its last attempt. A test is *flaky* when it passed after an
/// attempt that did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attempt {
    /// Name of the test within the binary.
    pub test: String,
    /// From 1.
    pub number: u32,
    /// Whether no further attempt follows.
    pub last: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// When it began, in microseconds since the process's part of the run began.
    pub start_us: u64,
    /// Wall time in microseconds.
    pub wall_us: u64,
    /// Processor time in user mode in microseconds; `None` where it cannot be attributed.
    pub user_us: Option<u64>,
    /// Processor time in the kernel in microseconds; `None` where it cannot be attributed.
    pub system_us: Option<u64>,
    /// Peak resident memory in KiB; `None` where it cannot be attributed.
    pub peak_kib: Option<u64>,
    /// What kept the attempt apart from the others.
    pub mechanism: Mechanism,
    /// How its process ended; `None` where it had none of its own.
    pub exit: Option<Exit>,
    /// Why it did not pass.
    pub failure: Option<Failure>,
    /// Why it was skipped at run time.
    pub skip_reason: Option<String>,
    /// What was not there, when `outcome` is `blocked`.
    pub blocked: Option<Blocked>,
    /// Errors of fixtures that were released, in order; the last word on the failure stays with
    /// the test.
    pub release_errors: Vec<String>,
    /// Leases that it held, in the order in which they were acquired.
    #[serde(default)]
    pub leases: Vec<LeaseUse>,
    /// Why the attempt proves nothing of the code under test: a service died while it ran. The
    /// test is attempted again, once.
    #[serde(default)]
    pub infrastructure: Option<String>,
    /// What it left behind; `None` where that was not measured.
    pub receipt: Option<Receipt>,
    /// What it and its child processes wrote to standard output.
    pub stdout: Output,
    /// What it and its child processes wrote to standard error.
    pub stderr: Output,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// As it should.
    Passed,
    /// It panicked or returned an error.
    Failed,
    /// It ran out of time and was ended.
    TimedOut,
    /// Its process died: signal, abort, or an exit before the test had ended.
    Crashed,
    /// A service or an earlier phase that it needs was not there.
    Blocked,
    /// It said at run time that it does not apply.
    Skipped,
}

impl Outcome {
    /// The word used in records, reports and on the console.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::TimedOut => "timed-out",
            Self::Crashed => "crashed",
            Self::Blocked => "blocked",
            Self::Skipped => "skipped",
        }
    }

    /// Whether a run with such a test must not be green.
    #[must_use]
    pub fn is_bad(self) -> bool {
        !matches!(self, Self::Passed | Self::Skipped)
    }
}

/// How a test asks to be kept apart from the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Isolation {
    /// A thread of the harness.
    Thread,
    /// A process of its own.
    #[default]
    Process,
}

/// What kept an attempt apart from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Mechanism {
    /// A process forked from the fork server.
    Fork,
    /// The binary executed again for this attempt.
    Spawn,
    /// A thread of the harness.
    Thread,
    /// Nothing ran (the test was blocked).
    None,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Exit {
    /// It exited with this code.
    Code(i32),
    /// This signal ended it.
    Signal(i32),
}

/// Why an attempt did not pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Failure {
    /// Panic message, error, or the harness's own words.
    pub message: String,
    /// `file:line:column` where known.
    pub location: Option<String>,
}

/// What was not there when a test was to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Blocked {
    /// The root: `phase:B`, `hook:warm_up` or `service:database`.
    pub root: String,
    /// The chain from the test to the root, in words.
    pub reason: String,
}

/// What an attempt left behind when it ended, measured around it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Receipt {
    /// Threads beside the test's own that were still there; `None` where they were not counted.
    pub threads: Option<u32>,
    /// Processes that were still there; the harness ended them.
    pub processes: Vec<Leftover>,
}

impl Receipt {
    /// Whether the attempt left nothing behind.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.threads.unwrap_or(0) == 0 && self.processes.is_empty()
    }
}

/// A process that outlived its test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Leftover {
    /// Process id at the time.
    pub pid: u32,
    /// Name of the program as the kernel knows it.
    pub name: String,
}

/// What was written to one stream. The digest is that of the bytes *after* redaction, so that it
/// can be checked against what is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kept", rename_all = "kebab-case")]
pub enum Output {
    /// Nothing was written.
    Empty,
    /// The stream was not captured (thread isolation shares the harness's descriptors).
    NotCaptured,
    /// The text itself.
    Text {
        /// Valid UTF-8.
        text: String,
    },
    /// Bytes that are no UTF-8.
    Base64 {
        /// Standard alphabet, padded.
        data: String,
    },
    /// Too large for a line: kept beside the record under `blobs/<sha256>`.
    Blob {
        /// SHA-256 of the content, hexadecimal: the name of the file.
        sha256: String,
        /// Length in bytes.
        bytes: u64,
    },
}
