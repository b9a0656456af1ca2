//! The start and the end of one process's part of a run.

use serde::{Deserialize, Serialize};

use super::service::DeclaredService;
use crate::project::Project;

/// A process began its part of a run: who, where, from which sources, measured against what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Run {
    /// [`SCHEMA_VERSION`](super::SCHEMA_VERSION) of the writer.
    pub schema: u32,
    /// Identifies the run; shared by all binaries of one `cargo test` or `cargo nextest run`.
    pub id: String,
    /// Version of the harness.
    pub harness: String,
    /// When the process began, RFC 3339 in UTC with milliseconds.
    pub started_at: String,
    /// Cargo package of the test binary.
    pub package: String,
    /// Name of the test binary (the cargo target).
    pub binary: String,
    /// How the binary was called.
    pub invocation: Invocation,
    /// Command-line arguments after the program's name, redacted.
    pub args: Vec<String>,
    /// State of the sources; `None` when the directory is no git work tree.
    pub git: Option<Git>,
    /// `rustc --version` of the toolchain that the run used, when it could be asked.
    pub rustc: Option<String>,
    /// The machine.
    pub host: Host,
    /// Seed of everything random in the run.
    pub seed: u64,
    /// Whether tests were shuffled by the seed.
    pub shuffled: bool,
    /// The part of a sharded run that this process is.
    pub shard: Option<Shard>,
    /// SHA-256 of `phasegate.toml` as read, hexadecimal; `None` when there is no such file.
    pub config_digest: Option<String>,
    /// Tests of the binary that the record does not list, because the command line named others
    /// exactly. With any of them the record speaks of a part only.
    #[serde(default)]
    pub unlisted: u64,
    /// Services that the binary declares, sorted by name.
    #[serde(default)]
    pub services: Vec<DeclaredService>,
    /// Phases, criteria and boundaries in force.
    pub project: Project,
}

/// How a test binary was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Invocation {
    /// By `cargo test`: one process for the whole binary.
    CargoTest,
    /// By `cargo nextest run`: one process for each test.
    Nextest,
    /// By Bazel.
    Bazel,
    /// By hand or by something unknown.
    Direct,
    /// Read from another tool's results.
    Ingested,
}

/// State of the sources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Git {
    /// Full commit id.
    pub revision: String,
    /// Branch, when one is checked out.
    pub branch: Option<String>,
    /// Whether tracked files differ from the commit or untracked files are there.
    pub dirty: bool,
}

/// The machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Host {
    /// Operating system, as in `std::env::consts::OS`.
    pub os: String,
    /// Architecture, as in `std::env::consts::ARCH`.
    pub arch: String,
    /// Processors that the run could use.
    pub cpus: u32,
}

/// One part of a sharded run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Shard {
    /// From 1.
    pub index: u32,
    /// Number of shards.
    pub total: u32,
}

/// A process ended its part of the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct End {
    /// When, RFC 3339 in UTC with milliseconds.
    pub finished_at: String,
    /// Wall time of the process's part in microseconds.
    pub wall_us: u64,
    /// Final outcomes of the tests that this process was to run.
    pub counts: Counts,
    /// Whether a signal or `--fail-fast` ended the run before every planned test had run.
    pub interrupted: bool,
    /// Exit code by what the tests came to; a record or report that could not be written comes
    /// later and is not in it.
    pub exit_code: u8,
    /// Test binaries of the project (`package::binary`) that ran in an earlier run and had not yet
    /// run in this one.
    #[serde(default)]
    pub awaited: Vec<String>,
}

/// Final outcomes of tests. `total` is the sum of the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Counts {
    /// Tests that were to run (not ignored, not filtered out).
    pub total: u64,
    /// Ended as they should, flaky ones included.
    pub passed: u64,
    /// Said so themselves.
    pub failed: u64,
    /// Ran out of time.
    pub timed_out: u64,
    /// Died.
    pub crashed: u64,
    /// Something they need was not there.
    pub blocked: u64,
    /// Said at run time that they do not apply.
    pub skipped: u64,
    /// Never came to run.
    pub not_run: u64,
}
