//! From order to levels, from death to restart: the services of one supervisor.
//!
//! * [`table`] – every service with its state; who may start when.
//! * [`start`] – one start, with its stand-in; one death, with its restart.
//! * [`leases`] – shares handed out and taken back.
//! * [`stop`] – everything, in reverse order.

mod leases;
mod start;
mod stop;
mod table;

pub(crate) use table::{Coordinator, Settings};
