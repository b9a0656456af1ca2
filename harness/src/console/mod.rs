//! The only room that prints.
//!
//! * [`args`] – the command line: libtest's, and ours beside it.
//! * [`trials`] – human formats, on `libtest-mimic`.
//! * [`json`] – libtest's JSON, which `libtest-mimic` writes only in part.
//! * [`failure`] – the text of a failed test; [`safe`] – foreign text made harmless.
//! * [`log`] – the file of `--logfile`.
//! * [`lines`] – everything else: lists, notes, the last lines of a run.

pub(crate) mod args;
pub(crate) mod failure;
pub(crate) mod json;
pub(crate) mod lines;
pub(crate) mod log;
pub(crate) mod safe;
pub(crate) mod trials;
