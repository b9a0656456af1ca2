//! Who called this process, from the environment.

use std::path::PathBuf;

use phasegate_record::event::Invocation;

/// What the environment says about the caller.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    pub(crate) invocation: Invocation,
    /// `NEXTEST_RUN_ID`
    pub(crate) nextest_run: Option<String>,
    /// `NEXTEST_ATTEMPT`, from 1: each attempt is a process of its own there.
    pub(crate) nextest_attempt: u32,
    /// `PHASEGATE_RUN_ID`
    pub(crate) given_run: Option<String>,
    /// Coverage wants every process to end in the ordinary way.
    pub(crate) coverage: bool,
    /// `PHASEGATE_FORK=0`: never fork.
    pub(crate) fork_refused: bool,
    pub(crate) bazel: bool,
    /// `PHASEGATE_REPORTS=0`: the caller writes the reports when all binaries have run.
    pub(crate) reports_refused: bool,
}

impl Surroundings {
    /// Reads the environment.
    pub(crate) fn read() -> Self {
        let nextest = std::env::var_os("NEXTEST").is_some_and(|v| v == "1");
        let bazel = std::env::var_os("BAZEL_TEST").is_some_and(|v| v == "1");
        let invocation = if nextest {
            Invocation::Nextest
        } else if bazel {
            Invocation::Bazel
        } else if std::env::var_os("CARGO").is_some() {
            Invocation::CargoTest
        } else {
            Invocation::Direct
        };
        Self {
            invocation,
            nextest_run: nextest.then(|| variable("NEXTEST_RUN_ID")).flatten(),
            nextest_attempt: variable("NEXTEST_ATTEMPT")
                .filter(|_| nextest)
                .and_then(|n| n.parse().ok())
                .unwrap_or(1),
            given_run: variable("PHASEGATE_RUN_ID"),
            coverage: std::env::var_os("LLVM_PROFILE_FILE").is_some(),
            fork_refused: std::env::var_os("PHASEGATE_FORK").is_some_and(|v| v == "0"),
            bazel,
            reports_refused: std::env::var_os("PHASEGATE_REPORTS").is_some_and(|v| v == "0"),
        }
    }

    /// Whether one process runs each test, so that this one knows only its own.
    pub(crate) fn process_per_test(&self) -> bool {
        self.invocation == Invocation::Nextest
    }
}

/// A variable that is set to something.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A path in a variable.
pub(crate) fn path(name: &str) -> Option<PathBuf> {
    std::env::var_os(name)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}
