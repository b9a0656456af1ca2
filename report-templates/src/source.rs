//! A record as read becomes the sources of figures.

use std::path::Path;

use phasegate_record::event::Event;
use phasegate_record::read::{RecordFile, RunRecord};

use crate::figures::time::instant_ms;
use crate::figures::{Flaw, Source};

/// The sources of a run's figures: its files in the order in which they were begun, with paths
/// relative to the run's directory. A binary that ran twice has two files; what it did last counts.
#[must_use]
pub fn sources(record: &RunRecord) -> Vec<Source<'_>> {
    let mut files: Vec<_> = record.files.iter().collect();
    files.sort_by_cached_key(|file| (begun(file), file.path.clone()));
    files
        .into_iter()
        .map(|file| source(&record.dir, file))
        .collect()
}

fn begun(file: &RecordFile) -> Option<u64> {
    let events = file.lines.iter().map(|line| &line.event);
    let run = events.into_iter().find_map(|event| match event {
        Event::Run(run) => Some(run),
        _ => None,
    });
    instant_ms(&run?.started_at)
}

fn source<'a>(dir: &Path, file: &'a RecordFile) -> Source<'a> {
    let path = relative(dir, &file.path);
    let flaws = file.problems.iter().map(|problem| Flaw {
        text: format!(
            "{}:{}: {}",
            relative(dir, &problem.path),
            problem.line,
            problem.flaw
        ),
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

fn relative(dir: &Path, path: &Path) -> String {
    let path = path.strip_prefix(dir).unwrap_or(path);
    path.to_string_lossy().replace('\\', "/")
}
