//! A record as read becomes the sources of figures.

use std::path::Path;

use phasegate_record::read::{RecordFile, RunRecord};

use crate::figures::{Flaw, Source};

/// The sources of a run's figures: its files in the order of their names, with paths relative to
/// the run's directory.
#[must_use]
pub fn sources(record: &RunRecord) -> Vec<Source<'_>> {
    let files = record.files.iter();
    files.map(|file| source(&record.dir, file)).collect()
}

fn source<'a>(dir: &Path, file: &'a RecordFile) -> Source<'a> {
    let path = file.path.strip_prefix(dir).unwrap_or(&file.path);
    let path = path.to_string_lossy().replace('\\', "/");
    let flaws = file.problems.iter().map(|problem| Flaw {
        text: format!("{path}:{}: {}", problem.line, problem.flaw),
        tampering: problem.is_tampering(),
    });
    Source {
        head: file.head.clone(),
        events: file
            .lines
            .iter()
            .map(|line| (line.number, &line.event))
            .collect(),
        flaws: flaws.collect(),
        path,
    }
}
