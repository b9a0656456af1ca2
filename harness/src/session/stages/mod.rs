//! The stages of a run, as types: running before planning does not compile.
//!
//! [`Collected`] → [`Planned`](planned::Planned) → [`Running`](running::Running) →
//! [`Finished`](finished::Finished).

mod collected;
mod finished;
mod planned;
mod running;

pub(crate) use collected::{Collected, Refused};
pub(crate) use running::Shared;
