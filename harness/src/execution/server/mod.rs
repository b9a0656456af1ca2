//! The fork server: small processes that fork one process for each attempt.
//!
//! ```text
//! harness ──► root ──► lane ──► attempt        one lane for each test thread
//!                 └──► lane ──► attempt
//! ```
//!
//! The *root* is forked before the harness has a second thread or any state to speak of, so that
//! a fork stays cheap. It runs the preloads once and forks *lanes* on request. A lane runs one
//! attempt at a time: it forks, waits, ends whatever the attempt left behind, and reports. Each
//! process ends when the harness's end of its socket closes, so none outlives it.

mod attempt;
mod lane;
mod protocol;
mod root;

pub(crate) use attempt::ForkedLane;
pub(crate) use protocol::Order;
pub(crate) use root::Root;
