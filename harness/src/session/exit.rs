//! Exit codes of a test binary. Chosen once; scripts rely on them.

use std::process::ExitCode;

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Every selected test passed or was skipped.
    Passed,
    /// A test or a hook did not pass. libtest's code.
    TestsFailed,
    /// Wrong usage, configuration or declaration; nothing ran.
    Usage,
    /// The tests ran, but the record or a report could not be written.
    NotRecorded,
    /// No test was selected.
    NoTests,
    /// A signal asked the harness to stop.
    Interrupted(i32),
}

impl Exit {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::TestsFailed => 101,
            Self::Usage => 2,
            Self::NotRecorded => 3,
            Self::NoTests => 4,
            Self::Interrupted(signal) => 128u8.saturating_add(u8::try_from(signal).unwrap_or(127)),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
