//! The gate board: each phase, its verdict, and where its report lies. Every figure on it comes
//! from the record.
//!
//! * [`show`] – how it is printed.

mod show;

use std::path::{Path, PathBuf};

use phasegate_record::read::read_run;
use phasegate_report::figures::{PhaseFigures, RunFigures, Status, Tally, Verdict, fold};
use phasegate_report::{
    Rendered, ReportError, render_reports, reports_dir, runs_dir, sources, write_report,
};
use serde::Serialize;

use super::progress::run_dirs;
use crate::error::CliError;
use crate::exit;

/// What stands at the end of a run.
#[derive(Debug, Default)]
pub(super) struct Board {
    runs: Vec<RunRow>,
    phases: Vec<PhaseRow>,
    tests: Option<Tally>,
}

/// The record of one project's part.
#[derive(Debug, Serialize)]
struct RunRow {
    id: String,
    project: String,
    path: PathBuf,
    /// Whether tests were left out, or are missing; then the reports are left as they were.
    partial: bool,
}

/// One phase.
#[derive(Debug, Serialize)]
struct PhaseRow {
    run: String,
    project: String,
    phase: Option<String>,
    #[serde(serialize_with = "word")]
    verdict: Verdict,
    passed: u64,
    total: u64,
    #[serde(skip)]
    rate: String,
    criteria_met: usize,
    criteria: usize,
    headline: String,
    report: Option<PathBuf>,
}

fn word<S: serde::Serializer>(verdict: &Verdict, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(verdict.as_str())
}

impl Board {
    /// Reads the record of a run back, writes its reports and sums it up. `all` says whether all
    /// binaries came to their end: those that did not may be missing from the record without a
    /// trace in it.
    pub(super) fn of_run(target: &Path, id: &str, all: bool) -> Result<Self, CliError> {
        let runs = runs_dir(target);
        let mut board = Self::default();
        for dir in run_dirs(&runs, id) {
            board.add(&dir, &reports_dir(target), all)?;
        }
        if board.runs.is_empty() {
            return Err(CliError::NoRun { runs });
        }
        Ok(board)
    }

    fn add(&mut self, dir: &Path, reports: &Path, all: bool) -> Result<(), CliError> {
        let record = read_run(dir)?;
        let run = fold(&sources(&record));
        let tally = run.tally().map_err(ReportError::from)?;
        let partial = !all || is_partial(&run, &tally);
        let project = &run.header.project;
        // Projects of one workspace keep their reports apart, as their records.
        let out = reports.join(project.dir.as_deref().unwrap_or_default());
        let figures = run.phases().map_err(ReportError::from)?;
        for (phase, report) in figures.iter().zip(render_reports(&run, Some(dir))?) {
            let row = PhaseRow::new(&run, phase, report, (!partial).then_some(&*out))?;
            self.phases.push(row);
        }
        self.runs.push(RunRow {
            id: run.header.id.clone(),
            project: project.name.clone(),
            path: dir.to_owned(),
            partial,
        });
        self.tests = Some(match self.tests.take() {
            Some(others) => others.plus(&tally),
            None => tally,
        });
        Ok(())
    }

    /// The exit code of the verdicts.
    pub(super) fn code(&self) -> u8 {
        if self.phases.iter().all(|row| row.verdict == Verdict::Go) {
            exit::FINE
        } else {
            exit::FINDINGS
        }
    }
}

impl PhaseRow {
    fn new(
        run: &RunFigures<'_>,
        phase: &PhaseFigures<'_, '_>,
        report: Rendered,
        out: Option<&Path>,
    ) -> Result<Self, CliError> {
        let (verdict, headline) = (report.verdict, report.headline.clone());
        let written = out.map(|out| write_report(report, out)).transpose()?;
        Ok(Self {
            run: run.header.id.clone(),
            project: run.header.project.name.clone(),
            phase: phase.id().map(str::to_owned),
            verdict,
            passed: phase.rate.part(),
            total: phase.rate.whole(),
            rate: phase.rate.to_string(),
            criteria_met: phase.criteria_met(),
            criteria: phase.criteria.len(),
            headline,
            report: written.map(|written| written.path),
        })
    }
}

/// Whether tests were left out: reports of a part must not take the place of those of a whole.
fn is_partial(run: &RunFigures<'_>, tally: &Tally) -> bool {
    let unlisted = run
        .shortcomings
        .iter()
        .any(|s| matches!(s, phasegate_report::figures::Shortcoming::Unlisted { .. }));
    unlisted || tally.get(Status::Filtered) + tally.get(Status::OtherShard) > 0
}
