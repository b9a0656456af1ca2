//! Tests that failed, timed out or crashed, told in full as far as there is room.

use std::path::Path;

use phasegate_record::event::{Exit, Outcome};
use serde::Serialize;

use super::listing::{Listing, MAX_REASON, listing, of_status};
use super::naming::Naming;
use super::output::{Excerpt, excerpt, shorten};
use super::words::{count, list, sentence};
use crate::figures::{AttemptFigure, PhaseFigures, RunFigures, Status, TestFigure};
use crate::render::markdown::fence;

/// Failures that are told in full.
const MAX_TOLD: usize = 25;
/// Bytes of a failure's message that are shown.
const MAX_MESSAGE: usize = 2_000;
/// Release errors of a test that are shown.
const MAX_RELEASES: usize = 25;
/// Bytes of captured output, escapes included, after which output is only named: the whole report
/// has to fit into GitHub's step summary of 1 MiB.
const MAX_OUTPUT: usize = 256 * 1024;

/// The failures of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kind {
    /// `Failed`, `Timed out`, `Crashed`.
    pub title: String,
    /// How many there are, in words.
    pub extent: String,
    /// Those that are told in full.
    pub told: Vec<Failed>,
    /// The others, by name.
    pub others: Option<Listing>,
}

/// One failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// Name of the test.
    pub name: String,
    /// Where it is declared.
    pub declared: String,
    /// Where it went wrong, when known.
    pub location: Option<String>,
    /// Boundaries that it crosses, in words.
    pub boundaries: Option<String>,
    /// One-line message.
    pub message: Option<String>,
    /// Message of several lines.
    pub long_message: Option<String>,
    /// How its process ended, when there is no message.
    pub exit: Option<String>,
    /// What its attempts did, when there were several.
    pub attempts: Option<String>,
    /// Fixtures that could not be released.
    pub release_errors: Vec<String>,
    /// What it wrote.
    pub outputs: Vec<Excerpt>,
}

/// Tests that failed, timed out or crashed.
#[must_use]
pub fn failures(
    run: &RunFigures<'_>,
    phase: &PhaseFigures<'_, '_>,
    naming: Naming,
    dir: Option<&Path>,
) -> Vec<Kind> {
    let (mut room, mut budget) = (MAX_TOLD, MAX_OUTPUT);
    let mut kinds = Vec::new();
    for status in Status::ALL.into_iter().filter(|status| status.is_failure()) {
        let tests = of_status(phase, status);
        if tests.is_empty() {
            continue;
        }
        let (told, others) = tests.split_at(room.min(tests.len()));
        room -= told.len();
        kinds.push(Kind {
            title: sentence(status.as_str()),
            extent: count(tests.len() as u64, "test"),
            told: told
                .iter()
                .map(|test| tell(run, test, naming, dir, &mut budget))
                .collect(),
            others: listing("Not told in full", "", others, naming, |test| {
                message(test).unwrap_or_default()
            }),
        });
    }
    kinds
}

fn tell(
    run: &RunFigures<'_>,
    test: &TestFigure<'_>,
    naming: Naming,
    dir: Option<&Path>,
    budget: &mut usize,
) -> Failed {
    let last = test.last();
    let failure = last.and_then(|attempt| attempt.event.failure.as_ref());
    let whole = failure.map(|failure| shorten(&failure.message, MAX_MESSAGE));
    let (message, long_message) = match whole {
        Some(text) if text.trim_end().contains('\n') || text.len() > 160 => (None, Some(text)),
        text => (text.map(|text| text.trim_end().to_owned()), None),
    };
    let boundaries = &test.plan.boundaries;
    Failed {
        name: naming.name(test),
        declared: format!(
            "{}:{}",
            shorten(&test.plan.file, MAX_REASON),
            test.plan.line
        ),
        location: failure
            .and_then(|failure| failure.location.as_deref())
            .map(|location| shorten(location, MAX_REASON)),
        boundaries: (!boundaries.is_empty()).then(|| shorten(&list(boundaries), MAX_REASON)),
        message,
        long_message,
        exit: last.filter(|_| failure.is_none()).and_then(exit),
        attempts: attempts(test),
        release_errors: last.map_or_else(Vec::new, |attempt| {
            let errors = attempt.event.release_errors.iter();
            errors
                .take(MAX_RELEASES)
                .map(|error| shorten(error, MAX_REASON))
                .collect()
        }),
        outputs: last.map_or_else(Vec::new, |attempt| outputs(run, attempt, dir, budget)),
    }
}

fn outputs(
    run: &RunFigures<'_>,
    attempt: &AttemptFigure<'_>,
    dir: Option<&Path>,
    budget: &mut usize,
) -> Vec<Excerpt> {
    let file = run.files.get(attempt.file).map_or("", |file| &file.path);
    let place = format!("{file}:{}", attempt.line);
    let streams = [
        ("Standard output", &attempt.event.stdout),
        ("Standard error", &attempt.event.stderr),
    ];
    let mut excerpts = Vec::new();
    for (stream, output) in streams {
        let made = excerpt(stream, output, &place, dir);
        let Some(mut made) = made else { continue };
        let size = made.text.as_deref().map_or(0, |text| fence(text).len());
        if size > *budget {
            made.text = None;
            made.extent = "not shown".to_owned();
            made.note = Some(format!("left out to keep this report short; see {place}"));
        } else {
            *budget -= size;
        }
        excerpts.push(made);
    }
    excerpts
}

fn exit(attempt: &AttemptFigure<'_>) -> Option<String> {
    match (attempt.event.outcome, attempt.event.exit?) {
        (Outcome::Crashed, Exit::Code(code)) => {
            Some(format!("its process exited with code {code}"))
        }
        (Outcome::Crashed, Exit::Signal(signal)) => {
            Some(format!("signal {signal} ended its process"))
        }
        _ => None,
    }
}

pub(super) fn attempts(test: &TestFigure<'_>) -> Option<String> {
    if test.attempts.len() < 2 {
        return None;
    }
    let outcomes: Vec<_> = test
        .attempts
        .iter()
        .map(|attempt| attempt.event.outcome.as_str().replace('-', " "))
        .take(10)
        .collect();
    let dots = if test.attempts.len() > 10 {
        ", …"
    } else {
        ""
    };
    let number = count(test.attempts.len() as u64, "attempt");
    Some(format!("{number}: {}{dots}", outcomes.join(", ")))
}

fn message(test: &TestFigure<'_>) -> Option<String> {
    let failure = test.last()?.event.failure.as_ref()?;
    let first = failure.message.lines().next().unwrap_or_default();
    Some(shorten(first, 200))
}
