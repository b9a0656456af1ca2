//! The completion report of one phase, put together.

use std::path::Path;

use serde::Serialize;

use super::attention;
use super::failures::{self, Kind};
use super::gate::{self, Step, Tick};
use super::listing::{Item, Listing};
use super::naming::Naming;
use super::provenance::{self, Fact};
use super::services::{self, Services};
use super::status::{self, Caution};
use super::table::{self, Table};
use crate::figures::{PhaseFigures, RunFigures, Uneven};

/// Everything that the completion report prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Completion {
    /// Heading.
    pub title: String,
    /// Name of the project; may be empty.
    pub project: String,
    /// The verdict, as a word.
    pub verdict: String,
    /// The opening paragraph.
    pub status: String,
    /// What weakens the figures.
    pub cautions: Vec<Caution>,
    /// The checklist.
    pub achievements: Vec<Tick>,
    /// Outcomes by boundary.
    pub boundaries: Option<Table>,
    /// Outcomes by file.
    pub files: Option<Table>,
    /// Outcomes by pattern.
    pub patterns: Option<Table>,
    /// What its tests lease.
    pub services: Services,
    /// The gate's criteria.
    pub criteria: Table,
    /// Hooks that did not pass.
    pub hooks: Vec<Item>,
    /// Tests that failed, timed out or crashed.
    pub failures: Vec<Kind>,
    /// Tests that were blocked, by root.
    pub blocked: Vec<Listing>,
    /// Flaky, leaky, unrun, skipped and ignored tests.
    pub also: Vec<Listing>,
    /// The slowest tests.
    pub slowest: Vec<Item>,
    /// What would have to change for the verdict to be `go`.
    pub remaining: Vec<Step>,
    /// Where the figures come from.
    pub facts: Vec<Fact>,
    /// Files of the record.
    pub record: Table,
}

/// Prepares the completion report of one phase. `dir` is the run's directory, where large outputs
/// lie; without it they are only named.
///
/// # Errors
///
/// When counts do not add up, which is a defect of this crate.
pub fn completion(
    run: &RunFigures<'_>,
    phase: &PhaseFigures<'_, '_>,
    dir: Option<&Path>,
) -> Result<Completion, Uneven> {
    let naming = Naming::of(run);
    let boundaries = &run.header.project.boundaries;
    let title = |name: &str| boundaries.get(name).and_then(|b| b.title.clone());
    let untitled = |_: &str| None;
    Ok(Completion {
        title: status::title(phase),
        project: run.header.project.name.clone(),
        verdict: phase.verdict.as_str().to_owned(),
        status: status::status(run, phase),
        cautions: status::cautions(run, phase),
        achievements: gate::achievements(run, phase)?,
        boundaries: table::metrics(&phase.boundaries, title)?,
        files: table::metrics(&phase.files, untitled)?,
        patterns: table::metrics(&phase.patterns, untitled)?,
        services: services::services(run, phase),
        criteria: gate::criteria(phase)?,
        hooks: attention::hooks(run, phase),
        failures: failures::failures(run, phase, naming, dir),
        blocked: attention::blocked(phase, naming),
        also: attention::also(phase, naming),
        slowest: attention::slowest(phase, naming),
        remaining: gate::remaining(run, phase),
        facts: provenance::facts(run),
        record: provenance::files(run),
    })
}
