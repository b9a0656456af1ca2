//! Tests that cannot touch each other, and reports that cannot lie.
//!
//! The way through the house: declaration → registry → plan → execution → record → report.

mod config;
mod console;
mod execution;
mod fixture;
mod macros;
mod plan;
mod registry;
mod session;
mod terms;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use fixture::{Context, Fixture, Needs, PhaseContext, RunContext, Shared, TempDir};
pub use phasegate_macros::{Fixture, hook, preload, suite, test};
pub use terms::{Error, Result};

/// What most test files want in scope.
pub mod prelude {
    pub use crate::{Context, Fixture, Needs, PhaseContext, RunContext, Shared, TempDir};
}
