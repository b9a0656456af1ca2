//! The words of the house that every room uses.

mod error;
mod mix;
mod nearest;
mod outcome;
mod shown;

pub use error::{Error, Result};
pub(crate) use mix::mix;
pub(crate) use nearest::nearest;
pub(crate) use outcome::Skip;
pub use outcome::{Returned, TestResult, Verdict, ViaDebug, ViaError, ViaTermination, skip};
pub(crate) use shown::shown;
