//! `cargo phasegate list`: the tests of a run.

use clap::Args;
use phasegate_record::read::read_run;
use phasegate_record::scope::Scope;
use phasegate_report::figures::{Status, TestFigure, fold};
use phasegate_report::render::markdown::visible;
use phasegate_report::sources;
use serde::Serialize;

use crate::args::Place;
use crate::console::{Console, Tone};
use crate::error::CliError;
use crate::{exit, find};

/// List the tests of a run with phase, boundaries and outcome
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo phasegate list
  cargo phasegate list --scope 'phase(C) & boundary(cache) - test(/slow/)'
  cargo phasegate list --scope 'status(failed)' --message-format json")]
pub(crate) struct List {
    /// Id or directory of a run [default: the newest run]
    #[arg(long, value_name = "ID|PATH")]
    run: Option<String>,
    /// Only the tests that this expression selects
    #[arg(long, value_name = "EXPR")]
    scope: Option<String>,
}

#[derive(Serialize)]
struct TestMessage<'m> {
    reason: &'static str,
    package: &'m str,
    binary: &'m str,
    name: &'m str,
    status: &'static str,
    flaky: bool,
    fallback: bool,
    infrastructure: bool,
    leaky: bool,
    attempts: usize,
    phase: Option<&'m str>,
    boundaries: &'m [String],
    patterns: &'m [String],
    services: &'m [String],
    tags: &'m [String],
    file: &'m str,
    line: u32,
}

pub(crate) fn run(args: &List, place: &Place, console: &mut Console) -> Result<u8, CliError> {
    let scope = args.scope.as_deref().map(Scope::parse).transpose()?;
    let record = read_run(&find::run_dir(args.run.as_deref(), place)?)?;
    let run = fold(&sources(&record));
    let selected = run.tests.iter().filter(|test| {
        let scope = scope.as_ref();
        scope.is_none_or(|scope| scope.matches(&test.subject()))
    });
    for test in selected {
        console.result(&line(test, console), &message(test));
    }
    Ok(exit::FINE)
}

fn line(test: &TestFigure<'_>, console: &Console) -> String {
    let tone = match test.status {
        Status::Passed => Tone::Good,
        status if status.is_failure() => Tone::Bad,
        _ => Tone::Doubtful,
    };
    let outcome = console.paint(tone, test.status.as_str(), 12);
    let phase = test.plan.phase.as_deref().unwrap_or("-");
    let name = visible(&test.plan.name);
    let mut line = format!(
        "{outcome} {} {}::{} {name}",
        visible(phase),
        visible(test.package),
        visible(test.binary)
    );
    if !test.plan.boundaries.is_empty() {
        line.push_str(&format!(" [{}]", visible(&test.plan.boundaries.join(", "))));
    }
    if test.is_flaky() {
        line.push_str(" (flaky)");
    }
    line
}

fn message<'m>(test: &'m TestFigure<'_>) -> TestMessage<'m> {
    let plan = test.plan;
    TestMessage {
        reason: "test",
        package: test.package,
        binary: test.binary,
        name: &plan.name,
        status: test.status.as_str(),
        flaky: test.is_flaky(),
        fallback: test.is_fallback(),
        infrastructure: test.infrastructure().is_some(),
        leaky: test.is_leaky(),
        attempts: test.attempts.len(),
        phase: plan.phase.as_deref(),
        boundaries: &plan.boundaries,
        patterns: &plan.patterns,
        services: &plan.services,
        tags: &plan.tags,
        file: &plan.file,
        line: plan.line,
    }
}
