//! Any program: started, probed, stopped.
//!
//! * `description` – what a service function returns: [`Command`].
//! * `launch` – from a description to a running program; `started` – the running service.
//! * `endpoint` – what a test is handed: [`Endpoint`].

mod description;
mod endpoint;
mod launch;
mod started;

pub use description::Command;
pub use endpoint::{Endpoint, Share};
pub use started::Started;
