//! The gate board as it is printed: a table for people, one object for programs.

use std::path::Path;

use phasegate_report::figures::{Status, Tally, Verdict};
use phasegate_report::render::markdown::visible;
use serde::Serialize;

use super::{Board, PhaseRow, RunRow};
use crate::console::{Console, Tone};
use crate::exit;
use crate::run::execute::{Ended, Finished};

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
    /// Prints the board: a table for people, one object for programs.
    pub(in crate::run) fn show(&self, finished: &[Finished], code: u8, console: &mut Console) {
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
                |path| from_here(path).display().to_string(),
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

fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Go => Tone::Good,
        Verdict::Hold => Tone::Bad,
        Verdict::NotComputed => Tone::Doubtful,
    }
}

/// The path as its reader would write it: relative to where the command was given.
fn from_here(path: &Path) -> &Path {
    let here = std::env::current_dir().ok();
    here.and_then(|here| path.strip_prefix(here).ok())
        .unwrap_or(path)
}
