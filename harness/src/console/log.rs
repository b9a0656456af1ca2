//! The file of `--logfile`: one line a test, beside whatever the console shows.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use phasegate_record::event::Outcome;

use crate::execution::observe::Stopped;

/// Takes results as they come: `ok NAME`, `failed NAME`, `ignored NAME`.
#[derive(Debug)]
pub(crate) struct Log {
    file: Mutex<File>,
}

impl Log {
    /// Begins the file anew, as libtest does.
    pub(crate) fn create(path: &Path) -> Result<Self, String> {
        let file = File::create(path).map_err(|error| {
            format!(
                "cannot create {}, the file of `--logfile`: {error}",
                path.display()
            )
        })?;
        Ok(Self {
            file: Mutex::new(file),
        })
    }

    /// A test has ended.
    pub(crate) fn ended(&self, name: &str, outcome: Outcome) {
        self.line(
            match outcome {
                Outcome::Passed => "ok",
                Outcome::Skipped => "ignored",
                _ => "failed",
            },
            name,
        );
    }

    /// The run was stopped before or during a test.
    pub(crate) fn stopped(&self, name: &str, stopped: Stopped) {
        self.line(
            match stopped {
                Stopped::Before => "ignored",
                Stopped::Midway => "failed",
            },
            name,
        );
    }

    /// A test is not run.
    pub(crate) fn ignored(&self, name: &str) {
        self.line("ignored", name);
    }

    fn line(&self, word: &str, name: &str) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // The record holds the results; this file is a convenience.
        let _: io::Result<()> = file.write_all(format!("{word} {name}\n").as_bytes());
    }
}
