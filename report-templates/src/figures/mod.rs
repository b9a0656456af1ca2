//! From events to numbers: what a run shows, and what it does not.
//!
//! * [`fold`](mod@fold) – the files of a run become one [`RunFigures`].
//! * [`test`](mod@test) – one test: its plan, its attempts, its [`Status`] and marks.
//! * [`ratio`] – shares, printed from integers.
//! * [`tally`] – counts whose parts add up to their total.
//! * [`group`] – tallies by boundary, file and pattern.
//! * [`evidence`] – where the numbers come from, and what weakens them.
//! * [`criterion`] – one condition of a gate: met, not met or not computed.
//! * [`phase`] – one phase: tally, pass rate, criteria, verdict.
//! * [`service`] – services, what happened to them, and leases of them.
//! * [`time`] – durations and instants, from integers.

pub mod criterion;
pub mod evidence;
pub mod fold;
pub mod group;
mod missing;
pub mod phase;
pub mod ratio;
pub mod service;
pub mod tally;
pub mod test;
pub mod time;

mod scope;

pub use criterion::{CriterionFigure, Finding, Measure};
pub use evidence::{FileFigure, Gap, RunHeader, Shortcoming};
pub use fold::{Flaw, RunFigures, Source, fold};
pub use group::{Breakdown, Grouping, Row};
pub use phase::{PhaseFigures, Verdict};
pub use ratio::Ratio;
pub use service::{Leases, ServiceFigure, Standing, StepFigure, TroubleKind};
pub use tally::{Tally, Uneven};
pub use test::{AttemptFigure, Status, TestFigure};
