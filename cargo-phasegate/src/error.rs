//! Why the tool stopped.

use std::io;
use std::path::PathBuf;

use phasegate_record::read::ReadError;
use phasegate_record::scope::ScopeError;
use phasegate_report::ReportError;

use crate::exit;

/// Why the tool stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    #[error(
        "cannot find the target directory: {0}; run this in a Cargo workspace or name it with --target-dir"
    )]
    NoTarget(String),
    #[error(
        "no run is recorded below {}; `cargo phasegate run` makes one, or name a run with --run", runs.display()
    )]
    NoRun { runs: PathBuf },
    #[error("no run {run} below {}; give the id of a run that is there, or a path", runs.display())]
    UnknownRun { run: String, runs: PathBuf },
    #[error("the run has no phase {phase}; it has {known}")]
    UnknownPhase { phase: String, known: String },
    #[error(
        "--phase selects reports; it does not go with --format junit, so leave one of them out"
    )]
    PhaseOfJunit,
    #[error("--scope cannot be read: {0}")]
    Scope(#[from] ScopeError),
    #[error("cargo cannot be called: {0}; install it or name it in CARGO")]
    Cargo(io::Error),
    #[error("nothing could be built: {0}")]
    Build(String),
    #[error(
        "no phasegate test binary among the {others} test targets that were built; `cargo phasegate init` adds one to a package"
    )]
    NoBinary { others: usize },
    #[error(transparent)]
    Misunderstood(#[from] crate::init::Misunderstood),
    #[error("cannot write {}: {cause}", path.display())]
    Write { path: PathBuf, cause: io::Error },
    #[error("cannot wait for a test binary: {0}")]
    Wait(io::Error),
    #[error("findings cannot be written as JSON: {0}")]
    Json(serde_json::Error),
    #[error(transparent)]
    Report(#[from] ReportError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("cannot read {}: {cause}", path.display())]
    Io { path: PathBuf, cause: io::Error },
}

impl CliError {
    /// The exit code that goes with it.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::UnknownRun { .. }
            | Self::UnknownPhase { .. }
            | Self::PhaseOfJunit
            | Self::NoBinary { .. }
            | Self::Misunderstood(_)
            | Self::Scope(_) => exit::USAGE,
            Self::NoTarget(_)
            | Self::NoRun { .. }
            | Self::Cargo(_)
            | Self::Build(_)
            | Self::Wait(_)
            | Self::Write { .. }
            | Self::Report(_)
            | Self::Json(_)
            | Self::Read(_)
            | Self::Io { .. } => exit::FAILED,
        }
    }
}
