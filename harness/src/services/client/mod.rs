//! The harness's side of the supervisor, and an attempt's.
//!
//! * [`wire`] – one connection, one JSON line a message.
//! * [`launch`] – finding a supervisor, or starting one.
//! * [`control`] – the connection that stands for this harness.
//! * [`leases`] – asking for leases and giving them back.

mod control;
mod launch;
mod leases;
mod wire;

pub(crate) use control::{Client, Heard};
pub(crate) use launch::Launch;
pub(crate) use leases::{Acquired, reset};
