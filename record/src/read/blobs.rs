//! Whether the outputs kept beside a record are what they were.

use std::collections::HashSet;
use std::io;
use std::path::Path;

use super::file::RecordFile;
use super::output::{self, OutputError};
use super::problem::{Flaw, Problem};
use crate::event::{Event, Output};

/// Checks every output that is kept beside the record, each once.
pub(super) fn check(record: &mut RecordFile) -> io::Result<()> {
    let directory = record.path.parent().unwrap_or(Path::new("")).to_path_buf();
    let mut seen = HashSet::new();
    let mut flaws = Vec::new();
    for line in &record.lines {
        for output in outputs(&line.event) {
            let Output::Blob { sha256, bytes } = output else {
                continue;
            };
            if !seen.insert((sha256, bytes)) {
                continue;
            }
            let sha256 = sha256.clone();
            match output::check_blob(&directory, &sha256, *bytes) {
                Ok(()) => {}
                Err(OutputError::Missing { .. }) => {
                    flaws.push((line.number, Flaw::BlobMissing { sha256 }));
                }
                Err(OutputError::Io { cause, .. }) => return Err(cause),
                Err(_) => flaws.push((line.number, Flaw::BlobEdited { sha256 })),
            }
        }
    }
    for (line, flaw) in flaws {
        let path = record.path.clone();
        record.problems.push(Problem { path, line, flaw });
    }
    Ok(())
}

fn outputs(event: &Event) -> Vec<&Output> {
    match event {
        Event::Attempt(attempt) => vec![&attempt.stdout, &attempt.stderr],
        Event::Hook(hook) => vec![&hook.stdout, &hook.stderr],
        _ => Vec::new(),
    }
}
