//! Where the numbers come from, and what weakens them.

use std::collections::BTreeSet;
use std::fmt;

use phasegate_record::event::{Git, Host, Invocation, Shard};
use phasegate_record::project::Project;

/// What is true of the run as a whole.
#[derive(Debug, Clone, Default)]
pub struct RunHeader {
    /// Id of the run; empty when no file of the record says.
    pub id: String,
    /// Phases, criteria and boundaries in force: those of all files.
    pub project: Project,
    /// The earliest start, RFC 3339 in UTC.
    pub started_at: Option<String>,
    /// From the earliest start to the latest end in milliseconds; `None` while one is missing.
    pub wall_ms: Option<u64>,
    /// Sum of the wall times of all attempts in microseconds.
    pub attempts_us: u64,
    /// State of the sources.
    pub git: Option<Git>,
    /// `rustc --version`.
    pub rustc: Option<String>,
    /// The machine.
    pub host: Option<Host>,
    /// Seed of everything random in the run.
    pub seed: Option<u64>,
    /// Whether tests were shuffled by the seed.
    pub shuffled: bool,
    /// Versions of the harness.
    pub harness: BTreeSet<String>,
    /// SHA-256 of `phasegate.toml` as read.
    pub config_digest: Option<String>,
}

/// One file of the record.
#[derive(Debug, Clone)]
pub struct FileFigure {
    /// Path relative to the run's directory, with `/`.
    pub path: String,
    /// Cargo package of the test binary; empty when the file does not say.
    pub package: String,
    /// Name of the test binary; empty when the file does not say.
    pub binary: String,
    /// How the binary was called.
    pub invocation: Option<Invocation>,
    /// Its arguments.
    pub args: Vec<String>,
    /// The part of a sharded run that it holds.
    pub shard: Option<Shard>,
    /// Lines that could be read.
    pub lines: usize,
    /// Digest of the last line, hexadecimal: whoever holds it can tell any later change.
    pub head: String,
    /// Whether it ends with a seal.
    pub sealed: bool,
    /// Whether a signal or `--fail-fast` ended its part of the run.
    pub interrupted: bool,
}

/// Something about the record as a whole because of which no verdict is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortcoming {
    /// There is nothing to compute from.
    Empty,
    /// A line was changed, removed or moved after it was written.
    Tampered {
        /// The finding, with path and line.
        finding: String,
    },
    /// A process never closed what it wrote.
    Unsealed {
        /// File of the record.
        file: String,
    },
    /// A process ended before its planned tests had run.
    Interrupted {
        /// File of the record.
        file: String,
    },
    /// The record lists only a part of a binary's tests.
    Unlisted {
        /// File of the record.
        file: String,
        /// Tests that it does not list.
        tests: u64,
    },
    /// A test binary that ran in an earlier run of the project has not run in this one.
    Absent {
        /// `package::binary`
        binary: String,
    },
    /// A hook that was to undo or to check something did not pass.
    HookFailed {
        /// Name of the hook.
        hook: String,
    },
    /// A runner that starts a process for each test left tests out, and nobody knows why.
    Unattempted {
        /// Tests without an attempt.
        tests: u64,
    },
    /// Two statements of the record contradict each other.
    Inconsistent {
        /// Which.
        finding: String,
    },
}

impl Shortcoming {
    /// The word that a reader sees first.
    #[must_use]
    pub fn heading(&self) -> &'static str {
        match self {
            Self::Empty => "Empty record",
            Self::Tampered { .. } => "Tampered record",
            Self::Unsealed { .. } => "Unsealed record",
            Self::Interrupted { .. } => "Interrupted run",
            Self::Unlisted { .. } => "Partial run",
            Self::Absent { .. } | Self::Unattempted { .. } => "Partial run",
            Self::HookFailed { .. } => "Failed hook",
            Self::Inconsistent { .. } => "Inconsistent record",
        }
    }
}

impl Shortcoming {
    /// Why no verdict is computed, in a few words.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Empty => "the record holds no events",
            Self::Tampered { .. } => "the record was changed after it was written",
            Self::Unsealed { .. } => "the record is not sealed",
            Self::Interrupted { .. } => "the run was interrupted",
            Self::Unlisted { .. } => "only a part of the tests was looked at",
            Self::Absent { .. } => "a test binary has not run",
            Self::HookFailed { .. } => "a hook failed",
            Self::Unattempted { .. } => "the runner left tests out",
            Self::Inconsistent { .. } => "the record contradicts itself",
        }
    }
}

impl fmt::Display for Shortcoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the record holds no events"),
            Self::Tampered { finding } => write!(f, "what was written was changed: {finding}"),
            Self::Unsealed { file } => write!(
                f,
                "a process was killed or is still running: {file} is not sealed"
            ),
            Self::Interrupted { file } => write!(
                f,
                "a process ended before its planned tests had run ({file})"
            ),
            Self::Unlisted { file, tests: 1 } => {
                write!(
                    f,
                    "1 more test is known to the binary, but not listed in {file}"
                )
            }
            Self::Unlisted { file, tests } => write!(
                f,
                "{tests} more tests are known to the binary, but not listed in {file}"
            ),
            Self::Absent { binary } => write!(
                f,
                "the test binary {binary} has run before and has not run this time"
            ),
            Self::HookFailed { hook } => write!(f, "the hook {hook} did not pass"),
            Self::Unattempted { tests: 1 } => f.write_str("1 test was never started by the runner"),
            Self::Unattempted { tests } => {
                write!(f, "{tests} tests were never started by the runner")
            }
            Self::Inconsistent { finding } => f.write_str(finding),
        }
    }
}

/// Evidence that a phase or the scope of a criterion lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// There is no test.
    NoTests,
    /// There are tests, but all of them are ignored.
    AllIgnored {
        /// Tests planned.
        planned: u64,
    },
    /// The command line left tests out.
    Filtered {
        /// Tests that were selected.
        selected: u64,
        /// Tests planned.
        planned: u64,
    },
    /// The records of other shards are not here.
    OtherShards {
        /// Tests that they were to run.
        missing: u64,
        /// Tests planned.
        planned: u64,
    },
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTests => f.write_str("there is no test to judge by"),
            Self::AllIgnored { planned: 1 } => f.write_str("the only planned test is ignored"),
            Self::AllIgnored { planned } => write!(f, "all {planned} planned tests are ignored"),
            Self::Filtered { selected, planned } => {
                let verb = if *selected == 1 { "was" } else { "were" };
                write!(
                    f,
                    "partial run: {selected} of {planned} planned tests {verb} selected"
                )
            }
            Self::OtherShards { missing, planned } => write!(
                f,
                "{missing} of {planned} planned tests belong to other shards, whose records are not here"
            ),
        }
    }
}
