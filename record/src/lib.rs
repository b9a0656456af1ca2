//! The contract between the halves of phasegate: what happened in a run, written so that
//! later changes to it are seen.
//!
//! * [`event`] – what one line of a record says.
//! * [`project`] – the phases, criteria and boundaries that the run was measured against.
//! * [`digest`] – SHA-256, the hash of the chain and of everything kept beside it.
//! * [`redact`] – takes secrets out before they reach a record.
//! * [`write`](mod@write) – appends events to a record file.
//! * [`read`] – reads records back and names whatever does not fit.
//! * `schema` – the JSON Schema of a line (feature `schema`).
//! * [`scope`] – the expression language that selects tests.
//!
//! This crate knows nothing of how tests run or how reports look.

pub mod digest;
pub mod event;
mod heads;
mod line;
pub mod project;
pub mod read;
pub mod redact;
#[cfg(feature = "schema")]
pub mod schema;
pub mod scope;
pub mod write;
