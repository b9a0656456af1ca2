//! The harness seen from outside: real test binaries, run as their users run them.
//!
//! * [`endings`], [`leftovers`], [`output`], [`limits`], [`isolation`], [`preloads`] – behaviours.
//! * [`quitter`] – tests that reach for what is not theirs.
//! * [`interruption`] – signals.
//! * [`flags`], [`machines`], [`bazel`], [`nextest`], [`cargo_test`] – the contract of a custom
//!   harness.
//! * [`phases`], [`selection`], [`declarations`], [`configuration`] – the plan and what it refuses.
//! * [`services`], [`supervision`] – leases, and what becomes of services whatever dies.
//! * `kill_walk` – the same with real servers (features `postgres` and `redis`).
//! * [`recording`] – the record.
//! * [`support`] – building and running the subjects.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod bazel;
mod cargo_test;
mod configuration;
mod declarations;
mod endings;
mod flags;
mod hostile;
mod interruption;
mod isolation;
#[cfg(all(feature = "postgres", feature = "redis"))]
mod kill_walk;
mod leftovers;
mod limits;
mod machines;
mod nextest;
mod output;
mod phases;
mod preloads;
mod quitter;
mod recording;
mod selection;
mod services;
mod supervision;
mod support;
