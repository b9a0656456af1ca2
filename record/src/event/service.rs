//! Services: what is declared, what happened to them, and which tests held a lease of one.

use serde::{Deserialize, Serialize};

/// A service as a test binary declares it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeclaredService {
    /// Name of the function that declares it; unique within the binary.
    pub name: String,
    /// What it is: `postgres`, `redis`, `http` …
    pub kind: String,
    /// Boundaries that it stands behind, sorted.
    pub boundaries: Vec<String>,
    /// Services that must be ready before it starts, sorted.
    pub after: Vec<String>,
    /// Whether tests make it in their own process, so that nothing is started for it.
    pub embedded: bool,
    /// Whether a stand-in is declared for it.
    pub has_fallback: bool,
    /// Source file, relative to the workspace root, with `/`.
    pub file: String,
    /// Line of its attribute, from 1.
    pub line: u32,
}

/// Something happened to a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceStep {
    /// Name of the service.
    pub service: String,
    /// What happened.
    pub change: ServiceChange,
    /// When it began, in microseconds since the process's part of the run began.
    pub at_us: u64,
    /// How long it took in microseconds; 0 for what has no duration.
    pub wall_us: u64,
    /// For a step, its name (`initdb`, `probe`); otherwise what there is to say: the address of a
    /// service that is ready, the root and the last lines of the log of one that is not.
    pub detail: String,
    /// Why it failed, if it did.
    pub error: Option<String>,
}

/// What happened to a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ServiceChange {
    /// A part of its start or stop.
    Step,
    /// It is ready; `wall_us` is the whole of its start.
    Ready,
    /// It could not be started, or could not be brought back.
    Failed,
    /// It ended, or stopped answering, while it was needed.
    Died,
    /// Its stand-in runs in its place.
    FellBack,
    /// It was stopped; `wall_us` is the whole of its stop.
    Stopped,
}

/// A test held a lease of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeaseUse {
    /// Name of the service.
    pub service: String,
    /// Time from asking for it to having it, in microseconds.
    pub acquire_us: u64,
    /// Time that giving it back took, in microseconds.
    pub release_us: u64,
    /// Whether the lease was one of the service's stand-in.
    #[serde(default)]
    pub stand_in: bool,
}
