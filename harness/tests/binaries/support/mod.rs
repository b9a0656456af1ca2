//! Running a subject as its user would, and looking at what it did.
//!
//! * [`build`] – the executables of the subjects, built once.
//! * [`project`] – a private project and target directory for one test.
//! * [`running`] – a process that runs; [`ran`] – what it did.
//! * [`processes`] – who is still alive.

mod build;
mod processes;
mod project;
mod ran;
mod running;
#[cfg(all(feature = "postgres", feature = "redis"))]
mod servers;

pub(crate) use build::{cargo, host};
pub(crate) use processes::{assert_nobody_left, signal, signal_group};
pub(crate) use project::Project;
pub(crate) use ran::{Ran, attempts, text};
pub(crate) use running::Running;
#[cfg(all(feature = "postgres", feature = "redis"))]
pub(crate) use servers::Servers;
