//! Registrations out of parsed attributes. Each expansion names `::phasegate::__private` only.
//!
//! * [`test`](mod@test), [`suite`], [`hook`], [`preload`], [`service`], [`fixture`] – one attribute each.
//! * [`terms`] – the literal that tests and suites share; [`call`] – fixtures in, call, result out.

pub(crate) mod call;
pub(crate) mod fixture;
pub(crate) mod hook;
pub(crate) mod preload;
pub(crate) mod service;
pub(crate) mod suite;
pub(crate) mod terms;
pub(crate) mod test;
