//! What stands behind a boundary during a run, and one test's private share of it.
//!
//! * `service` – what a driver implements: [`Service`], [`Running`].
//! * `declaration` – what `#[phasegate::service]` leaves behind.
//! * `lease` – the test's side: [`Lease`], a fixture.
//! * `erased` – both traits without their types, for tables of services; `caught` – their panics.
//! * `host` – what a driver may use: directories, programs, probes, timed steps; `program`,
//!   `process`, `probe`, `user`, `port`, `cache` are its parts.
//! * `journal` – what must be undone, written down before it is done; `undo` – undoing it.
//! * `coordinator` – order, levels, restarts, leases; in the supervisor.
//! * `supervisor` – the process that outlives the harness; `protocol`, `client` – talking to it.
//! * `trial` – one service without a supervisor, for the tests of a driver.

// What only some drivers use is left over without them.
#![cfg_attr(not(feature = "drivers"), allow(dead_code))]

pub(crate) mod cache;
pub(crate) mod caught;
pub(crate) mod client;
pub(crate) mod coordinator;
pub(crate) mod declaration;
pub(crate) mod erased;
pub(crate) mod host;
pub(crate) mod journal;
pub(crate) mod lease;
pub(crate) mod port;
pub(crate) mod probe;
pub(crate) mod process;
pub(crate) mod program;
pub(crate) mod protocol;
pub(crate) mod service;
pub(crate) mod supervisor;
pub(crate) mod trial;
pub(crate) mod undo;
pub(crate) mod user;

pub use declaration::{ServiceDecl, Sole, Which};
pub use erased::{AnyService, erase};
pub use host::Host;
pub use lease::Lease;
pub use probe::Probe;
pub use process::Process;
pub(crate) use process::process_end;
pub use program::Program;
pub use service::{Ask, Embedded, Running, Service};
pub use trial::Trial;
pub use user::User;
