//! Events: one per line of a record.
//!
//! * [`run`] – the start and the end of one process's part of a run.
//! * [`inventory`] – every test that is known, written before anything runs.
//! * [`attempt`] – what one attempt at one test did.
//! * [`progress`] – phases, hooks and notes.
//! * [`service`] – what tests lease: declared, started, lost, stopped.
//! * `decode` – reading an event.

pub mod attempt;
mod decode;
pub mod inventory;
pub mod progress;
pub mod run;
pub mod service;

use serde::Serialize;

pub use attempt::{
    Attempt, Blocked, Exit, Failure, Isolation, Leftover, Mechanism, Outcome, Output, Receipt,
};
pub use inventory::{Disposition, FileSet, PlannedTest};
pub use progress::{Hook, HookPoint, Note, NoteLevel, PhaseState, PhaseStep};
pub use run::{Counts, End, Git, Host, Invocation, Run, Shard};
pub use service::{DeclaredService, LeaseUse, ServiceChange, ServiceStep};

/// The version of the schema that this crate writes. Records of an older version still read.
pub const SCHEMA_VERSION: u32 = 1;

/// What one line of a record says.
///
/// A file starts with [`Event::Run`], then comes one [`Event::Planned`] per known test, and only
/// then anything that happened. [`Event::Seal`] closes what one process wrote.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Event {
    /// A process began its part of a run.
    Run(Box<Run>),
    /// A test is known to this binary. All of them are written before the first attempt.
    Planned(Box<PlannedTest>),
    /// The files that a glob of a criterion matched when the run began.
    Files(FileSet),
    /// A phase started, finished or was blocked.
    Phase(PhaseStep),
    /// A hook ran.
    Hook(Box<Hook>),
    /// Something happened to a service.
    Service(ServiceStep),
    /// One attempt at a test ended.
    Attempt(Box<Attempt>),
    /// Something that a reader of the report should know.
    Note(Note),
    /// A process ended its part of the run.
    End(End),
    /// Closes what one process wrote: the number of lines before this one in the file.
    Seal {
        /// Lines before this one.
        lines: u64,
    },
}
