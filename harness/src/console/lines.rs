//! Everything else that is printed: lists, notes, the last lines of a run.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::io::{self, Write};
use std::time::Duration;

/// Prints the names as libtest's `--list` does. Nothing else may stand on standard output.
pub(crate) fn list(names: &[String]) -> io::Result<()> {
    let mut text = String::with_capacity(names.iter().map(|n| n.len() + 7).sum());
    for name in names {
        text.push_str(name);
        text.push_str(": test\n");
    }
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// An error that keeps the run from starting or from being believed.
pub(crate) fn error(text: &str) {
    eprintln!("phasegate: error: {text}");
}

/// Something to know that is no error.
pub(crate) fn note(text: &str) {
    eprintln!("phasegate: {text}");
}

/// A test is taking long: libtest's words.
pub(crate) fn slow(name: &str, after: Duration) {
    eprintln!(
        "test {name} has been running for over {} seconds",
        after.as_secs()
    );
}

/// A line about the run as a whole: on standard output for people, on standard error when a
/// machine reads standard output.
pub(crate) fn closing(text: &str, for_machines: bool) {
    if for_machines {
        eprintln!("{text}");
    } else {
        println!("{text}");
    }
}
