//! Phases, hooks and notes.

use serde::{Deserialize, Serialize};

use super::attempt::{Failure, Outcome, Output};

/// A phase started, finished or was blocked in one process's part of the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PhaseStep {
    /// Id of the phase.
    pub phase: String,
    /// What happened to it.
    pub state: PhaseState,
    /// When, in microseconds since the process's part of the run began.
    pub at_us: u64,
    /// Tests of the phase in this process that passed so far.
    pub passed: u64,
    /// Tests of the phase in this process that were to run.
    pub total: u64,
    /// Why, when blocked: the phase or hook that stands in the way.
    pub reason: Option<String>,
}

/// What happened to a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PhaseState {
    /// Its first test is about to run.
    Started,
    /// Its last test has ended, and its pass rate reached the target.
    Reached,
    /// Its last test has ended, and its pass rate is below the target.
    Below,
    /// A phase before it is below its target, or its hook failed; its tests do not run.
    Blocked,
}

/// A hook ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hook {
    /// Path of the function within the binary.
    pub name: String,
    /// What it was hung on.
    pub point: HookPoint,
    /// The phase, for hooks around a phase.
    pub phase: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// Wall time in microseconds.
    pub wall_us: u64,
    /// Why it did not pass.
    pub failure: Option<Failure>,
    /// What it wrote to standard output.
    pub stdout: Output,
    /// What it wrote to standard error.
    pub stderr: Output,
}

/// What a hook is hung on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum HookPoint {
    /// Before anything runs.
    BeforeRun,
    /// After everything ran.
    AfterRun,
    /// Before the first test of a phase.
    BeforePhase,
    /// After the last test of a phase.
    AfterPhase,
    /// Before each test, in the test's own process.
    BeforeTest,
    /// After each test, in the test's own process.
    AfterTest,
}

/// Something that a reader of the report should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Note {
    /// How much it matters.
    pub level: NoteLevel,
    /// One sentence.
    pub text: String,
}

/// How much a note matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NoteLevel {
    /// Good to know.
    Info,
    /// Weakens what the run can claim.
    Warning,
}
