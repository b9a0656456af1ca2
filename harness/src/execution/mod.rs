//! Running what is planned: each attempt apart from the others, bounded, captured, measured.
//!
//! * [`body`], [`said`] – inside the attempt: running it, and what it says of itself.
//! * [`server`] – processes forked for attempts; [`spawn`] – the binary executed again;
//!   [`thread`] – the harness's own process.
//! * [`executor`] – chooses between them and keeps the lanes.
//! * [`limits`], [`stop`], [`capture`] – time, output, and being asked to stop.
//! * [`attempt`] – one attempt, from its leases to its record.
//! * [`leasing`] – leases around an attempt.
//! * [`judge`] – from what was said and observed to an outcome.
//! * [`board`] – phases: which may run, which is done; [`schedule`] – a test with its retries;
//!   [`hooks`] – what runs around the run and around phases.
//! * [`observe`] – what a schedule is given, and what it tells.
//! * [`preload`] – state built before any test.

mod attempt;
pub(crate) mod board;
mod body;
pub(crate) mod capture;
pub(crate) mod executor;
mod hooks;
mod judge;
pub(crate) mod leasing;

pub(crate) mod limits;
pub(crate) mod observe;
mod preload;
mod said;
pub(crate) mod schedule;
#[cfg(target_os = "linux")]
pub(crate) mod server;
pub(crate) mod spawn;
pub(crate) mod stop;
mod thread;

#[cfg(unix)]
pub(crate) use crate::kernel::exit_guard;
#[cfg(target_os = "linux")]
pub(crate) use crate::kernel::fork::SingleThreaded;
#[cfg(unix)]
pub(crate) use crate::kernel::signals::{
    hold_stop_requests, keep_ended_children, take_stop_request,
};
#[cfg(unix)]
pub(crate) use crate::kernel::streams::take_stdout;
pub(crate) use executed::{Executed, Notice};
pub(crate) use preload::Unfit;

mod executed;
