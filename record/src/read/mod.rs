//! Reading a record back, and naming whatever does not fit.
//!
//! * [`read_run`] – all record files of one run's directory.
//! * [`read_file`], [`read_from`] – one record file, or the bytes of one.
//! * [`Problem`] – one thing that is not as the writers left it, and where.
//! * [`read_output`] – the bytes of a captured stream, checked against their digest.
//! * [`ReadError`] – why nothing could be read at all.
//!
//! A record that was changed, cut or damaged still reads: what is left comes with a list of
//! problems. What a file alone cannot show is that whole parts were cut off its end just after a
//! seal; keep the head digest elsewhere (a sign-off does) to see that.

mod blobs;
mod chain;
mod error;
mod file;
mod output;
mod problem;
mod reading;
mod run;

pub use error::ReadError;
pub use file::{Line, RecordFile, read_file, read_from};
pub use output::{OutputError, read_output};
pub use problem::{Flaw, Problem};
pub use run::{RunRecord, read_run};
