//! Figures for other tools.
//!
//! * [`junit`](junit()) – JUnit XML, in the shape that nextest writes.

mod junit;

pub use junit::{junit, junit_from_run};
