//! What a record says, by the names that a document may use.

use crate::figures::{RunFigures, Status, TestFigure};
use std::collections::{BTreeSet, HashMap};

/// Counts of one scope.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::audit) struct Counts {
    /// Tests in the pass rate's denominator.
    pub(super) total: u64,
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
}

impl Counts {
    fn add(&mut self, test: &TestFigure<'_>) {
        self.total += u64::from(test.status.is_required());
        self.passed += u64::from(test.status == Status::Passed);
        self.failed += u64::from(test.status.is_failure());
        self.skipped += u64::from(matches!(test.status, Status::Skipped | Status::Ignored));
    }
}

/// The facts of a run.
#[derive(Debug, Default)]
pub(in crate::audit) struct Facts {
    pub(super) run: Counts,
    pub(super) phases: HashMap<String, Counts>,
    /// By name and by title, in lower case.
    pub(super) boundaries: HashMap<String, Counts>,
    /// By path and by file name.
    pub(super) files: HashMap<String, Counts>,
    pub(super) file_count: u64,
    /// By full name and, where it is unique, by the last segment.
    pub(super) tests: HashMap<String, Option<Status>>,
}

impl Facts {
    pub(super) fn of(run: &RunFigures<'_>) -> Self {
        let mut facts = Self::default();
        let mut files = BTreeSet::new();
        for test in &run.tests {
            facts.run.add(test);
            files.insert(test.plan.file.as_str());
            if let Some(phase) = &test.plan.phase {
                facts
                    .phases
                    .entry(phase.to_lowercase())
                    .or_default()
                    .add(test);
            }
            for boundary in &test.plan.boundaries {
                let title = run
                    .header
                    .project
                    .boundaries
                    .get(boundary)
                    .and_then(|known| known.title.as_ref());
                let mut names = vec![boundary.to_lowercase()];
                names.extend(title.map(|title| title.to_lowercase()));
                names.dedup();
                for name in names {
                    facts.boundaries.entry(name).or_default().add(test);
                }
            }
            facts.name(test);
            facts
                .files
                .entry(test.plan.file.clone())
                .or_default()
                .add(test);
        }
        facts.file_count = files.len() as u64;
        facts.short_file_names(&files);
        facts
    }

    fn name(&mut self, test: &TestFigure<'_>) {
        let full = test.plan.name.as_str();
        let short = full.rsplit("::").next().unwrap_or(full);
        let names = if short == full {
            vec![full]
        } else {
            vec![full, short]
        };
        for name in names {
            let twice = self.tests.contains_key(name);
            self.tests
                .insert(name.to_owned(), (!twice).then_some(test.status));
        }
    }

    fn short_file_names(&mut self, files: &BTreeSet<&str>) {
        let mut seen: HashMap<&str, Vec<&str>> = HashMap::new();
        for file in files {
            seen.entry(file.rsplit('/').next().unwrap_or(file))
                .or_default()
                .push(file);
        }
        for (name, paths) in seen {
            if let ([path], false) = (paths.as_slice(), self.files.contains_key(name))
                && let Some(counts) = self.files.get(*path).copied()
            {
                self.files.insert(name.to_owned(), counts);
            }
        }
    }
}
