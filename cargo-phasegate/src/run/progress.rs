//! Live counts. They are shown while tests run and then forgotten: what counts in the end is read
//! from the record.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use phasegate_record::event::{Disposition, Event};
use phasegate_record::read::{RecordFile, read_file};
use serde::Deserialize;

/// A line of a binary's JSON output; libtest's, with the outcome beside it.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Line {
    Suite {
        event: String,
    },
    Test {
        event: String,
        name: String,
        outcome: Option<String>,
        stdout: Option<String>,
    },
    #[serde(other)]
    Other,
}

/// What has become of the planned tests of a phase so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) planned: u64,
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) blocked: u64,
    pub(super) skipped: u64,
}

impl Counts {
    pub(super) fn done(&self) -> u64 {
        self.passed + self.failed + self.blocked + self.skipped
    }

    pub(super) fn remaining(&self) -> u64 {
        self.planned.saturating_sub(self.done())
    }
}

/// Counts by phase, over all binaries so far.
#[derive(Debug)]
pub(super) struct Progress {
    runs: PathBuf,
    id: String,
    known: BTreeSet<PathBuf>,
    phases: Vec<(String, Counts)>,
    loose: Counts,
    /// The phase of each test that the present binary is to run.
    planned: HashMap<String, Option<usize>>,
}

impl Progress {
    pub(super) fn new(runs: &Path, id: &str) -> Self {
        Self {
            runs: runs.to_owned(),
            id: id.to_owned(),
            known: BTreeSet::new(),
            phases: Vec::new(),
            loose: Counts::default(),
            planned: HashMap::new(),
        }
    }

    /// Counts by phase, in the order of delivery, and of the tests that belong to none.
    pub(super) fn phases(&self) -> Vec<(Option<String>, Counts)> {
        let phases = self.phases.iter();
        let mut all: Vec<_> = phases
            .map(|(id, counts)| (Some(id.clone()), *counts))
            .collect();
        if self.loose.planned > 0 {
            all.push((None, self.loose));
        }
        all
    }

    /// A binary has begun: its inventory is on record before anything runs.
    pub(super) fn begin(&mut self) {
        self.planned.clear();
        for file in run_dirs(&self.runs, &self.id).iter().flat_map(|d| files(d)) {
            // What cannot be read is told of at the end; there is only less to show until then.
            if self.known.insert(file.clone())
                && let Ok(record) = read_file(&file)
            {
                self.take_inventory(&record);
            }
        }
    }

    fn take_inventory(&mut self, record: &RecordFile) {
        for line in &record.lines {
            match &line.event {
                Event::Run(run) => {
                    for phase in &run.project.phases {
                        self.place(&phase.id);
                    }
                }
                Event::Planned(test) if test.disposition == Disposition::Run => {
                    let place = test.phase.as_deref().map(|id| self.place(id));
                    self.counts(place).planned += 1;
                    self.planned.insert(test.name.clone(), place);
                }
                _ => {}
            }
        }
    }

    fn place(&mut self, phase: &str) -> usize {
        let found = self.phases.iter().position(|(id, _)| id == phase);
        found.unwrap_or_else(|| {
            self.phases.push((phase.to_owned(), Counts::default()));
            self.phases.len() - 1
        })
    }

    fn counts(&mut self, place: Option<usize>) -> &mut Counts {
        match place {
            Some(place) => &mut self.phases[place].1,
            None => &mut self.loose,
        }
    }

    /// A test has ended.
    pub(super) fn count(&mut self, name: &str, event: &str, outcome: Option<&str>) {
        // Tests that were never to run are announced as ignored.
        let Some(place) = self.planned.remove(name) else {
            return;
        };
        let counts = self.counts(place);
        match (event, outcome) {
            ("ok", _) => counts.passed += 1,
            ("failed", Some("blocked")) => counts.blocked += 1,
            ("failed", _) => counts.failed += 1,
            _ => counts.skipped += 1,
        }
    }
}

/// The directories of a run: one for each project of the workspace.
pub(super) fn run_dirs(runs: &Path, id: &str) -> Vec<PathBuf> {
    let of_a_project = format!("{id}--");
    let belongs = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name == id || name.starts_with(&of_a_project))
    };
    let mut dirs: Vec<_> = entries(runs).filter(belongs).collect();
    dirs.sort();
    dirs
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let is_record = |path: &PathBuf| path.extension().is_some_and(|e| e == "ndjson");
    let mut files: Vec<_> = entries(dir).filter(is_record).collect();
    files.sort();
    files
}

fn entries(dir: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries.map(|entry| entry.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_counts_once_and_only_when_it_was_to_run() {
        let mut progress = Progress::new(Path::new("nowhere"), "id");
        let place = Some(progress.place("A"));
        progress.counts(place).planned = 3;
        for name in ["a", "b", "c"] {
            progress.planned.insert(name.to_owned(), place);
        }
        progress.count("a", "ok", None);
        progress.count("a", "failed", None);
        progress.count("b", "failed", Some("blocked"));
        progress.count("never planned", "ignored", None);
        let counts = progress.phases()[0].1;
        assert_eq!((counts.passed, counts.failed, counts.blocked), (1, 0, 1));
        assert_eq!(counts.remaining(), 1);
    }
}
