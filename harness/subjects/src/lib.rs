//! What the subjects share: a way to tell the test that runs them what happened, and in which
//! order.
#![allow(missing_docs)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Appends a line to the file that `SUBJECT_JOURNAL` names, in one write.
pub fn tell(line: &str) {
    let Some(path) = std::env::var_os("SUBJECT_JOURNAL") else {
        return;
    };
    let mut file = std::fs::File::options()
        .append(true)
        .create(true)
        .open(path)
        .expect("the journal can be opened");
    file.write_all(format!("{line}\n").as_bytes())
        .expect("the journal can be written");
}

/// Tells that `name` began, and fails when `SUBJECT_FAILS` names it.
pub fn act(name: &str) {
    tell(name);
    let fails = std::env::var("SUBJECT_FAILS").unwrap_or_default();
    assert!(
        !fails.split(',').any(|f| f == name),
        "{name} was told to fail"
    );
}

/// What `SUBJECT_HOW` says.
pub fn how() -> String {
    std::env::var("SUBJECT_HOW").unwrap_or_default()
}

/// A file beside the journal.
pub fn beside_journal(name: &str) -> PathBuf {
    let journal = std::env::var_os("SUBJECT_JOURNAL").expect("SUBJECT_JOURNAL is set");
    Path::new(&journal).with_file_name(name)
}

/// Waits until `done`, for a time that only a broken harness needs.
pub fn wait_until(mut done: impl FnMut() -> bool) {
    let patience = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < patience, "waited in vain");
        std::thread::yield_now();
    }
}
