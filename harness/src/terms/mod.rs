//! The words of the house that every room uses.

mod error;
mod outcome;

pub use error::{Error, Result};
pub(crate) use outcome::Skip;
pub use outcome::{Returned, TestResult, Verdict, ViaDebug, ViaError, ViaTermination, skip};
