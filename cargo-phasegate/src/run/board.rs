//! The gate board: each phase, its verdict, and where its report lies. Every figure on it comes
//! from the record.

use std::path::{Path, PathBuf};

use phasegate_record::read::read_run;
use phasegate_report::figures::{PhaseFigures, RunFigures, Status, Tally, Verdict, fold};
use phasegate_report::render::markdown::visible;
use phasegate_report::{
    Rendered, ReportError, render_reports, reports_dir, runs_dir, sources, write_report,
};
use serde::Serialize;

use super::execute::{Ended, Finished};
use super::progress::run_dirs;
use crate::console::{Console, Tone};
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

/// The one object of `--message-format json`.
#[derive(Serialize)]
struct RunMessage<'m> {
    reason: &'static str,
    exit_code: u8,
    runs: &'m [RunRow],
    phases: &'m [PhaseRow],
    tests: serde_json::Map<String, serde_json::Value>,
    binaries: Vec<BinaryMessage<'m>>,
}

#[derive(Serialize)]
struct BinaryMessage<'m> {
    package: &'m str,
    target: &'m str,
    executable: &'m Path,
    ended: &'static str,
    problem: Option<&'m str>,
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

    /// Prints the board: a table for people, one object for programs.
    pub(super) fn show(&self, finished: &[Finished], code: u8, console: &mut Console) {
        let message = RunMessage {
            reason: "run",
            exit_code: code,
            runs: &self.runs,
            phases: &self.phases,
            tests: self.test_counts(),
            binaries: finished.iter().map(BinaryMessage::new).collect(),
        };
        let text = self.table(console) + &self.closing(finished);
        console.result(&text, &message);
    }

    fn test_counts(&self) -> serde_json::Map<String, serde_json::Value> {
        let tests = self.tests.as_ref();
        let total = tests.map_or(0, Tally::total);
        let of_status = Status::ALL.into_iter().map(|status| {
            let count = tests.map_or(0, |tests| tests.get(status));
            (status.as_str().replace(' ', "_"), count.into())
        });
        let total = ("total".to_owned(), total.into());
        std::iter::once(total).chain(of_status).collect()
    }

    fn table(&self, console: &Console) -> String {
        let head = ["phase", "verdict", "passed", "criteria met", "report"].map(str::to_owned);
        let cells: Vec<[String; 5]> = self.phases.iter().map(|row| self.cells(row)).collect();
        let width = |column: usize| {
            let all = std::iter::once(&head).chain(&cells);
            all.map(|row| row[column].chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<usize> = (0..4).map(width).collect();
        let line = |cells: &[String; 5], verdict: String| {
            format!(
                "{:a$}  {verdict}  {:c$}  {:d$}  {}\n",
                cells[0],
                cells[2],
                cells[3],
                cells[4],
                a = widths[0],
                c = widths[2],
                d = widths[3],
            )
        };
        let mut text = line(&head, format!("{:w$}", head[1], w = widths[1]));
        for (row, cells) in self.phases.iter().zip(&cells) {
            let verdict = console.paint(tone(row.verdict), &cells[1], widths[1]);
            text += &line(cells, verdict);
        }
        text.push('\n');
        for (row, cells) in self.phases.iter().zip(&cells) {
            if row.verdict != Verdict::Go {
                let noun = if row.phase.is_some() { "phase " } else { "" };
                text += &format!("{noun}{}: {}\n", cells[0], visible(&row.headline));
            }
        }
        text
    }

    fn cells(&self, row: &PhaseRow) -> [String; 5] {
        let mut phase = row
            .phase
            .as_deref()
            .map_or_else(|| "no phase".to_owned(), visible);
        if self.runs.len() > 1 {
            phase = format!("{}: {phase}", visible(&row.project));
        }
        let report = row.report.as_ref();
        [
            phase,
            row.verdict.as_str().to_owned(),
            row.rate.clone(),
            format!("{} of {}", row.criteria_met, row.criteria),
            report.map_or_else(
                || "not written".to_owned(),
                |path| path.display().to_string(),
            ),
        ]
    }

    fn closing(&self, finished: &[Finished]) -> String {
        let mut text = String::new();
        if self.runs.iter().any(|run| run.partial) {
            text += "only a part of the tests ran: reports are left as they were\n";
        }
        for finished in finished.iter().filter(|f| f.ended.code() >= exit::USAGE) {
            let binary = &finished.binary;
            let (package, target) = (visible(&binary.package), visible(&binary.target));
            text += &format!("{package}::{target} {}\n", finished.ended.as_str());
        }
        let tests = self.tests.as_ref();
        let counts = Status::ALL.into_iter().filter_map(|status| {
            let count = tests.map_or(0, |tests| tests.get(status));
            (count > 0).then(|| format!("{count} {}", status.as_str()))
        });
        let counts: Vec<String> = counts.collect();
        let total = tests.map_or(0, Tally::total);
        let (noun, n) = (if total == 1 { "test" } else { "tests" }, finished.len());
        let binaries = if n == 1 { "binary" } else { "binaries" };
        text += &format!("{total} {noun} of {n} {binaries}");
        if !counts.is_empty() {
            text += &format!(": {}", counts.join(", "));
        }
        for run in &self.runs {
            text += &format!("; run {}", visible(&run.id));
        }
        text
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

impl<'m> BinaryMessage<'m> {
    fn new(finished: &'m Finished) -> Self {
        Self {
            package: &finished.binary.package,
            target: &finished.binary.target,
            executable: &finished.binary.executable,
            ended: finished.ended.as_str(),
            problem: match &finished.ended {
                Ended::Died(how) => Some(how),
                _ => None,
            },
        }
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

fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Go => Tone::Good,
        Verdict::Hold => Tone::Bad,
        Verdict::NotComputed => Tone::Doubtful,
    }
}
