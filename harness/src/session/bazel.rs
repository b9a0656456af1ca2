//! The files that Bazel's contract asks for (Bazel's test encyclopedia).

use std::io;
use std::path::PathBuf;

use super::surroundings::{path, variable};

/// What Bazel asked for.
#[derive(Debug, Default)]
pub(crate) struct Bazel {
    premature_exit: Option<PathBuf>,
    shard_status: Option<PathBuf>,
    infrastructure: Option<PathBuf>,
    /// Where a JUnit document is to go.
    pub(crate) xml: Option<PathBuf>,
    /// Where files that are kept are to go.
    pub(crate) outputs: Option<PathBuf>,
    /// The only tests to run.
    pub(crate) only: Option<String>,
}

impl Bazel {
    /// Reads the environment; nothing is asked for outside Bazel.
    pub(crate) fn read(is_bazel: bool) -> Self {
        if !is_bazel {
            return Self::default();
        }
        Self {
            premature_exit: path("TEST_PREMATURE_EXIT_FILE"),
            shard_status: path("TEST_SHARD_STATUS_FILE"),
            infrastructure: path("TEST_INFRASTRUCTURE_FAILURE_FILE"),
            xml: path("XML_OUTPUT_FILE"),
            outputs: path("TEST_UNDECLARED_OUTPUTS_DIR"),
            only: variable("TESTBRIDGE_TEST_ONLY"),
        }
    }

    /// Before any test: says that this process has not ended in good order yet, and that it knows
    /// about shards.
    pub(crate) fn begin(&self) -> io::Result<()> {
        for file in [&self.premature_exit, &self.shard_status]
            .into_iter()
            .flatten()
        {
            std::fs::write(file, b"")?;
        }
        Ok(())
    }

    /// After all tests: `blocked` is the component that was not there, and why.
    pub(crate) fn end(&self, blocked: Option<(&str, &str)>) -> io::Result<()> {
        if let (Some(file), Some((root, reason))) = (&self.infrastructure, blocked) {
            let one_line = reason.replace(['\n', '\r'], " ");
            std::fs::write(file, format!("{root}\n{one_line}\n"))?;
        }
        if let Some(file) = &self.premature_exit {
            std::fs::remove_file(file)?;
        }
        Ok(())
    }
}
