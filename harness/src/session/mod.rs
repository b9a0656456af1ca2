//! The composer: ties the rooms together for one process's part of a run.
//!
//! * [`stages`] – `Collected → Planned → Running → Finished`, as types.
//! * [`surroundings`] – who called, from the environment; [`run_dir`] – where the run is kept.
//! * [`facts`] – sources and machine; [`recorder`] – the record; [`remember`] – the last run.
//! * [`witness`] – hears what happens, tells the record and the console.
//! * [`seen`] – which test binaries the project has.
//! * [`stop_requests`] – Ctrl-C and its relatives.
//! * [`supervise`] – the supervisor of the services: starting one, and being one.
//! * [`bazel`] – the files that Bazel's contract asks for.
//! * [`reports`] – the one door to the reports. [`exit`] – exit codes.

mod bazel;
mod exit;
mod facts;
mod recorder;
mod remember;
mod reports;
mod run_dir;
mod seen;
mod stages;
mod start;
mod stop_requests;
#[cfg(all(unix, feature = "services"))]
mod supervise;
mod surroundings;
mod witness;

pub use start::main;
