//! The harness seen from outside: real test binaries, run as their users run them.
//!
//! * [`endings`], [`leftovers`], [`output`], [`limits`], [`isolation`], [`preloads`] – behaviours.
//! * [`interruption`] – signals.
//! * [`support`] – building and running the subjects.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod endings;
mod hostile;
mod interruption;
mod isolation;
mod leftovers;
mod limits;
mod output;
mod preloads;
mod support;
