//! `cargo phasegate report`: the completion reports of a run.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use phasegate_record::read::read_run;
use phasegate_report::figures::{RunFigures, Verdict, fold};
use phasegate_report::render::markdown::visible;
use phasegate_report::{
    Rendered, junit, render_reports, reports_dir, sources, write_file, write_report,
};
use serde::Serialize;

use crate::args::Place;
use crate::console::{Console, Tone};
use crate::error::CliError;
use crate::{exit, find};

/// Write the completion report of each phase of a run
#[derive(Debug, Args)]
#[command(after_help = "\
Ends with 0 when the verdict of every reported phase is `go`, and with 1 when one is `hold` or not
computed.

Examples:
  cargo phasegate report                                   the newest run, all phases
  cargo phasegate report --phase C --out docs/completion   one phase
  cargo phasegate report --phase C --out - >> \"$GITHUB_STEP_SUMMARY\"
  cargo phasegate report --format junit --out reports      reports/junit.xml")]
pub(crate) struct Report {
    /// Id or directory of a run [default: the newest run]
    #[arg(long, value_name = "ID|PATH")]
    run: Option<String>,
    /// Directory to write to, or `-` for standard output [default: phasegate/reports below the
    /// target directory]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Only the report of this phase
    #[arg(long, value_name = "ID")]
    phase: Option<String>,
    /// What to write
    #[arg(long, value_name = "FORMAT", default_value = "md")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Completion reports in Markdown, one file a phase
    Md,
    /// JUnit XML, one file
    Junit,
}

#[derive(Serialize)]
struct ReportMessage<'m> {
    reason: &'static str,
    path: &'m Path,
    phase: Option<&'m str>,
    verdict: &'static str,
    passed: u64,
    total: u64,
    headline: &'m str,
}

#[derive(Serialize)]
struct ExportMessage<'m> {
    reason: &'static str,
    path: &'m Path,
    format: &'static str,
}

pub(crate) fn run(args: &Report, place: &Place, console: &mut Console) -> Result<u8, CliError> {
    if args.format == Format::Junit && args.phase.is_some() {
        return Err(CliError::PhaseOfJunit);
    }
    let dir = find::run_dir(args.run.as_deref(), place)?;
    let record = read_run(&dir)?;
    let run = fold(&sources(&record));
    let to_stdout = args.out.as_deref() == Some(Path::new("-"));
    let out = match &args.out {
        Some(out) => out.clone(),
        None => reports_dir(&find::target_dir(place)?),
    };
    let verdicts = if args.format == Format::Junit {
        write_junit(&run, &dir, (!to_stdout).then_some(&*out), console)?;
        run.phases()
            .map_err(phasegate_report::ReportError::from)?
            .iter()
            .map(|phase| phase.verdict)
            .collect()
    } else {
        let mut verdicts = Vec::new();
        for report in select(render_reports(&run, Some(&dir))?, args.phase.as_deref())? {
            verdicts.push(report.verdict);
            deliver(report, (!to_stdout).then_some(&*out), console)?;
        }
        verdicts
    };
    let all_go = verdicts
        .iter()
        .all(|verdict: &Verdict| *verdict == Verdict::Go);
    Ok(if all_go { exit::FINE } else { exit::FINDINGS })
}

fn select(reports: Vec<Rendered>, phase: Option<&str>) -> Result<Vec<Rendered>, CliError> {
    let Some(wanted) = phase else {
        return Ok(reports);
    };
    let ids: Vec<String> = reports.iter().filter_map(|r| r.phase.clone()).collect();
    let found: Vec<_> = reports
        .into_iter()
        .filter(|report| report.phase.as_deref() == Some(wanted))
        .collect();
    if found.is_empty() {
        let known = if ids.is_empty() {
            "none".to_owned()
        } else {
            ids.join(", ")
        };
        let phase = wanted.to_owned();
        return Err(CliError::UnknownPhase { phase, known });
    }
    Ok(found)
}

fn deliver(report: Rendered, out: Option<&Path>, console: &mut Console) -> Result<(), CliError> {
    let tone = match report.verdict {
        Verdict::Go => Tone::Good,
        Verdict::Hold => Tone::Bad,
        Verdict::NotComputed => Tone::Doubtful,
    };
    let verdict = console.paint(tone, report.verdict.as_str(), 0);
    let phase = report.phase.as_deref().map_or_else(
        || "no phase".to_owned(),
        |id| format!("phase {}", visible(id)),
    );
    let Some(out) = out else {
        console.raw(&report.markdown);
        return Ok(());
    };
    let written = write_report(report, out)?;
    let (headline, path) = (&written.headline, &written.path);
    let line = format!("{phase}: {verdict}: {headline}\n  {}", path.display());
    let message = ReportMessage {
        reason: "report",
        path,
        phase: written.phase.as_deref(),
        verdict: written.verdict.as_str(),
        passed: written.passed,
        total: written.total,
        headline,
    };
    console.result(&line, &message);
    Ok(())
}

fn write_junit(
    run: &RunFigures<'_>,
    dir: &Path,
    out: Option<&Path>,
    console: &mut Console,
) -> Result<(), CliError> {
    let xml = junit(run, Some(dir))?;
    let Some(out) = out else {
        console.raw(&xml);
        return Ok(());
    };
    let path = out.join("junit.xml");
    write_file(&path, &xml)?;
    let message = ExportMessage {
        reason: "export",
        path: &path,
        format: "junit",
    };
    console.result(&path.display().to_string(), &message);
    Ok(())
}
