//! The contract between the halves of phasegate: what happened in a run, written so that
//! later changes to it are seen.
//!
//! * [`event`] – what one line of a record says.
//! * [`project`] – the phases, criteria and boundaries that the run was measured against.
//!
//! This crate knows nothing of how tests run or how reports look.

pub mod event;
pub mod project;
