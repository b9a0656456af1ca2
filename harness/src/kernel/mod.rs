//! The kernel's calls, each wrapped once. Every `unsafe` block of the harness lives here.
//!
//! * [`fork`] – forking from a process that is known to have one thread.
//! * [`process`] – groups, signals to them, waiting with resource usage, process listings.
//! * [`detach`] – processes that stand apart from the one that starts them; file locks.
//! * [`exit_guard`] – `exit` in the harness's own process.
//! * [`channel`] – sending open descriptors to another process; anonymous files.
//! * [`streams`] – the standard descriptors.
//! * [`memory`] – file systems that lie in memory.
//! * [`readiness`] – waiting for one of several descriptors.
//! * [`signals`] – dispositions, and taking signals one by one on a thread of their own.
#![allow(unsafe_code)]

#[cfg(target_os = "linux")]
pub(crate) mod channel;
#[cfg(all(unix, feature = "services"))]
pub(crate) mod detach;
#[cfg(unix)]
pub(crate) mod exit_guard;
#[cfg(target_os = "linux")]
pub(crate) mod fork;
#[cfg(all(target_os = "linux", feature = "services"))]
pub(crate) mod memory;
pub(crate) mod process;
#[cfg(target_os = "linux")]
pub(crate) mod readiness;
#[cfg(unix)]
pub(crate) mod signals;
#[cfg(unix)]
pub(crate) mod streams;
