//! A Cargo test harness that runs each test in a process of its own, leaves a tamper-evident record
//! of the run, and computes from it the completion report of each delivery phase.
//!
//! ```toml
//! # Cargo.toml
//! [dev-dependencies]
//! phasegate = "0.1"
//!
//! [[test]]
//! name = "integration"
//! harness = false
//! ```
//!
//! ```no_run
//! // tests/integration.rs
//! use phasegate::prelude::*;
//!
//! phasegate::main!();
//!
//! #[phasegate::test(phase = "B", boundary = ["files"], timeout = "5s")]
//! async fn a_note_is_kept(dir: TempDir) -> phasegate::Result {
//!     let note = dir.join("note");
//!     std::fs::write(&note, "milk")?;
//!     assert_eq!(std::fs::read_to_string(&note)?, "milk");
//!     Ok(())
//! }
//! ```
//!
//! * [`test`](macro@test) declares a test, [`suite`] what holds for all tests of a module,
//!   [`hook`] what runs around the run, a phase or a test, [`preload`] state that is built once.
//! * `service` (with the feature of that name) declares what stands behind a boundary, and tests
//!   take a `Lease` of it.
//! * [`Fixture`](trait@Fixture) is what a test can take as a parameter; [`TempDir`], [`Shared`]
//!   and [`Context`] come with the house, and `#[derive(Fixture)]` composes them into patterns.
//! * [`skip!`] leaves a test that does not apply. [`Result`] and [`Error`] are what tests return.
//!
//! Phases, gates and policies stand in `phasegate.toml`.
//!
//! # Features
//!
//! * `report` (default): writes the reports at the end of `cargo test`, and `--format junit`.
//!   Without it the record is written all the same, and `cargo phasegate report` makes the reports.
//!
//! # The rooms
//!
//! Data moves one way: declaration → registry → plan → execution → record → report. No room names
//! one that comes after it; `tests/architecture.rs` refuses it.

// What only the fork server uses is left over where there is none.
#![cfg_attr(not(target_os = "linux"), allow(dead_code, unused_imports))]

mod config;
mod console;
#[cfg(feature = "services")]
pub mod drivers;
mod execution;
mod fixture;
mod kernel;
mod macros;
mod plan;
mod registry;
#[cfg(feature = "services")]
pub mod services;
mod session;
mod terms;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

#[cfg(feature = "http")]
pub use drivers::http::HttpApi;
#[cfg(feature = "postgres")]
pub use drivers::postgres::Postgres;
#[cfg(feature = "websocket")]
pub use drivers::websocket::WebSocket;
#[cfg(feature = "redis")]
pub use drivers::redis::{Keyspace, Redis};
pub use fixture::{Context, Fixture, Needs, PhaseContext, RunContext, Shared, TempDir};
#[cfg(feature = "services")]
pub use phasegate_macros::service;
pub use phasegate_macros::{Fixture, hook, preload, suite, test};
#[cfg(feature = "services")]
pub use services::Lease;
pub use terms::{Error, Result};

/// What most test files want in scope.
pub mod prelude {
    #[cfg(feature = "http")]
    pub use crate::HttpApi;
    #[cfg(feature = "services")]
    pub use crate::Lease;
    #[cfg(feature = "postgres")]
    pub use crate::Postgres;
    #[cfg(feature = "websocket")]
    pub use crate::WebSocket;
    pub use crate::{Context, Fixture, Needs, PhaseContext, RunContext, Shared, TempDir};
    #[cfg(feature = "redis")]
    pub use crate::{Keyspace, Redis};
}
