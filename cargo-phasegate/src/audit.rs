//! `cargo phasegate audit`: which numbers of a hand-written report cannot be true.

mod documents;
mod show;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use phasegate_record::read::{RunRecord, read_run};
use phasegate_report::audit::output::{Audited, Selection, github, json, sarif};
use phasegate_report::audit::{Audit as Findings, Power, audit, audit_against, power};
use phasegate_report::figures::fold;
use phasegate_report::sources;

use crate::args::{MessageFormat, Place};
use crate::console::Console;
use crate::error::CliError;
use crate::{exit, find};
use documents::Document;

/// Check the numbers of a report that somebody wrote by hand
#[derive(Debug, Args)]
#[command(after_help = "\
Reads any Markdown and holds its numbers against each other: ratios against percentages, totals
against parts, deltas against their ends, headlines against the lists under them. What is open in
scope or meaning is listed as unresolved and never counted as an error. Every number is recognised,
skipped or unrecognised, and the three counts are always printed.

Ends with 0 when nothing is inconsistent, with 1 when something is, with 3 when a document cannot be
read.

Examples:
  cargo phasegate audit docs/completion.md
  cargo phasegate audit docs reports/phase-b.md            directories and files
  cargo phasegate audit --against 20261121T220918Z-4f2a01 docs/completion.md
  cargo phasegate audit --format sarif docs > audit.sarif
  gh pr view --json body --jq .body | cargo phasegate audit -")]
pub(crate) struct Audit {
    /// Markdown files, directories of them, or `-` for standard input
    #[arg(required = true, value_name = "FILE|DIR|-")]
    documents: Vec<PathBuf>,
    /// Also compare with the record of a run, by id or path
    #[arg(long, value_name = "RUN")]
    against: Option<String>,
    /// List the consistent claims, too
    #[arg(long)]
    all: bool,
    /// Change each recognised number, one at a time, and tell how many changes would be noticed
    #[arg(long)]
    power: bool,
    /// A format for other tools, instead of the one of --message-format
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// SARIF 2.1.0
    Sarif,
    /// Annotations of GitHub workflows
    Github,
}

pub(crate) fn run(
    args: &Audit,
    place: &Place,
    messages: MessageFormat,
    console: &mut Console,
) -> Result<u8, CliError> {
    let record = match &args.against {
        Some(run) => Some(read_run(&find::run_dir(Some(run), place)?)?),
        None => None,
    };
    let (documents, unread) = documents::read(&args.documents);
    let audits = audits(&documents, record.as_ref());
    let power = args.power.then(|| total_power(&documents));
    let audited: Vec<_> = documents
        .iter()
        .zip(&audits)
        .map(|(document, audit)| Audited {
            path: &document.name,
            audit,
        })
        .collect();
    print(args, messages, &documents, &audited, power, console)?;
    let failed = unread.iter().map(|error| console.error(error)).max();
    let found = audits
        .iter()
        .any(|audit| audit.inconsistent().next().is_some());
    Ok(match (failed, found) {
        (Some(code), _) => code,
        (None, true) => exit::FINDINGS,
        (None, false) => exit::FINE,
    })
}

fn audits(documents: &[Document], record: Option<&RunRecord>) -> Vec<Findings> {
    let sources = record.map(sources);
    let run = sources.as_deref().map(fold);
    documents
        .iter()
        .map(|document| match &run {
            Some(run) => audit_against(&document.text, run),
            None => audit(&document.text),
        })
        .collect()
}

fn total_power(documents: &[Document]) -> Power {
    let mut total = Power::default();
    for one in documents.iter().map(|document| power(&document.text)) {
        total.recognised += one.recognised;
        total.tried += one.tried;
        total.caught += one.caught;
    }
    total
}

fn print(
    args: &Audit,
    messages: MessageFormat,
    documents: &[Document],
    audited: &[Audited<'_>],
    power: Option<Power>,
    console: &mut Console,
) -> Result<(), CliError> {
    let selection = if args.all {
        Selection::All
    } else {
        Selection::Notable
    };
    let text = match (args.format, messages) {
        (Some(Format::Sarif), _) => sarif(audited, selection).map_err(CliError::Json)? + "\n",
        (Some(Format::Github), _) => github(audited),
        (None, MessageFormat::Json) => {
            json(audited, selection, power).map_err(CliError::Json)? + "\n"
        }
        (None, MessageFormat::Human) => show::human(documents, audited, selection, power, console),
    };
    console.raw(&text);
    Ok(())
}
