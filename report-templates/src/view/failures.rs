//! What went wrong, and what else needs a look.

use std::collections::BTreeMap;
use std::path::Path;

use phasegate_record::event::{Exit, Outcome};
use serde::Serialize;

use super::output::{Excerpt, excerpt, shorten};
use super::words::{count, list, sentence};
use crate::figures::time::human;
use crate::figures::{AttemptFigure, PhaseFigures, RunFigures, Status, TestFigure};
use crate::render::markdown::fence;

/// Failures that are told in full.
const MAX_TOLD: usize = 25;
/// Tests that a list names before it only counts them.
const MAX_LISTED: usize = 100;
/// Bytes of a failure's message that are shown.
const MAX_MESSAGE: usize = 2_000;
/// Bytes of a reason in a list that are shown.
const MAX_REASON: usize = 300;
/// Causes of blocked tests that are told one by one.
const MAX_CAUSES: usize = 25;
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
    /// How its process ended, when that says more than the outcome.
    pub exit: Option<String>,
    /// What its attempts did, when there were several.
    pub attempts: Option<String>,
    /// Fixtures that could not be released.
    pub release_errors: Vec<String>,
    /// What it wrote.
    pub outputs: Vec<Excerpt>,
}

/// A list of tests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listing {
    /// Heading or first words.
    pub title: String,
    /// What all of them share; may be empty.
    pub text: String,
    /// Tests and what is to be said of each.
    pub items: Vec<Item>,
    /// How many are not listed, in words.
    pub more: Option<String>,
}

/// A test in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Name of the test.
    pub name: String,
    /// What is to be said of it; may be empty.
    pub text: String,
}

/// How tests are called: by name alone where that is unambiguous.
#[derive(Debug, Clone, Copy)]
pub struct Naming {
    packages: bool,
    binaries: bool,
}

impl Naming {
    /// Looks at which packages and binaries take part in the run.
    #[must_use]
    pub fn of(run: &RunFigures<'_>) -> Self {
        let pairs = || run.tests.windows(2);
        Self {
            packages: pairs().any(|pair| pair[0].package != pair[1].package),
            binaries: pairs().any(|pair| pair[0].binary != pair[1].binary),
        }
    }

    /// What a report calls a test.
    #[must_use]
    pub fn name(self, test: &TestFigure<'_>) -> String {
        let name = shorten(&test.plan.name, 300);
        match (self.packages, self.binaries) {
            (true, _) => format!("{}::{} {name}", test.package, test.binary),
            (false, true) => format!("{} {name}", test.binary),
            (false, false) => name,
        }
    }
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
        exit: last.and_then(exit),
        attempts: attempts(test),
        release_errors: last.map_or_else(Vec::new, |attempt| {
            let errors = attempt.event.release_errors.iter();
            errors
                .take(MAX_CAUSES)
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

fn attempts(test: &TestFigure<'_>) -> Option<String> {
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

/// Blocked tests, by what was not there; the cause of most blocked tests first.
#[must_use]
pub fn blocked(phase: &PhaseFigures<'_, '_>, naming: Naming) -> Vec<Listing> {
    let mut roots: BTreeMap<&str, Vec<&TestFigure<'_>>> = BTreeMap::new();
    for test in of_status(phase, Status::Blocked) {
        let cause = test.last().and_then(|last| last.event.blocked.as_ref());
        let root = cause.map_or("", |cause| &cause.root);
        roots.entry(root).or_default().push(test);
    }
    let mut groups: Vec<_> = roots.into_iter().collect();
    groups.sort_by_key(|(root, tests)| (std::cmp::Reverse(tests.len()), *root));
    let rest: Vec<_> = groups
        .split_off(groups.len().min(MAX_CAUSES))
        .into_iter()
        .flat_map(|(_, tests)| tests)
        .collect();
    let mut listings: Vec<_> = groups
        .iter()
        .filter_map(|(root, tests)| {
            let reason = tests[0].last().and_then(|last| last.event.blocked.as_ref());
            let reason = reason.map_or("", |cause| &cause.reason);
            let title = if root.is_empty() {
                "an unnamed cause".to_owned()
            } else {
                shorten(root, MAX_REASON)
            };
            let reason = shorten(reason, MAX_REASON);
            list_up_to(MAX_CAUSES, &title, &reason, tests, naming, |_| {
                String::new()
            })
        })
        .collect();
    listings.extend(listing("other causes", "", &rest, naming, |test| {
        let cause = test.last().and_then(|last| last.event.blocked.as_ref());
        shorten(cause.map_or("", |cause| &cause.root), MAX_REASON)
    }));
    listings
}

/// Flaky, leaky, skipped, ignored and unrun tests; those that have none are left out.
#[must_use]
pub fn also(phase: &PhaseFigures<'_, '_>, naming: Naming) -> Vec<Listing> {
    let marked = |is: &dyn Fn(&TestFigure<'_>) -> bool| -> Vec<&TestFigure<'_>> {
        phase
            .tests
            .iter()
            .copied()
            .filter(|test| is(test))
            .collect()
    };
    let lists = [
        listing(
            "Flaky",
            "Passed only after a failed attempt. Counted as passed.",
            &marked(&|test| test.is_flaky()),
            naming,
            |test| attempts(test).unwrap_or_default(),
        ),
        listing(
            "Leaky",
            "Left something behind at the end of an attempt.",
            &marked(&|test| test.is_leaky()),
            naming,
            leftovers,
        ),
        listing(
            "Not run",
            "Planned, but never brought to an end. Counted as not passed.",
            &of_status(phase, Status::NotRun),
            naming,
            |_| String::new(),
        ),
        listing(
            "Skipped",
            "Found at run time not to apply. Counted as not passed.",
            &of_status(phase, Status::Skipped),
            naming,
            |test| {
                let reason = test
                    .last()
                    .and_then(|last| last.event.skip_reason.as_deref());
                shorten(reason.unwrap_or("no reason given"), MAX_REASON)
            },
        ),
        listing(
            "Ignored",
            "Switched off in the source. Not counted.",
            &of_status(phase, Status::Ignored),
            naming,
            |test| {
                shorten(
                    test.ignore_reason().unwrap_or("no reason given"),
                    MAX_MESSAGE,
                )
            },
        ),
    ];
    lists.into_iter().flatten().collect()
}

fn leftovers(test: &TestFigure<'_>) -> String {
    let (mut threads, mut processes) = (0, Vec::new());
    for receipt in test
        .attempts
        .iter()
        .filter_map(|a| a.event.receipt.as_ref())
    {
        threads = threads.max(receipt.threads.unwrap_or(0));
        processes.extend(receipt.processes.iter().map(|left| left.name.clone()));
    }
    let mut parts = Vec::new();
    if !processes.is_empty() {
        let names = processes.len().min(5);
        let number = processes.len() as u64;
        let word = if number == 1 { "process" } else { "processes" };
        parts.push(format!(
            "{number} {word} ({})",
            shorten(&list(&processes[..names]), MAX_REASON)
        ));
    }
    if threads > 0 {
        parts.push(count(u64::from(threads), "thread"));
    }
    list(&parts)
}

/// The slowest tests.
#[must_use]
pub fn slowest(phase: &PhaseFigures<'_, '_>, naming: Naming) -> Vec<Item> {
    let mut timed: Vec<_> = phase
        .tests
        .iter()
        .filter_map(|test| Some((test.wall_us().filter(|&us| us > 0)?, test)))
        .collect();
    timed.sort_by_key(|(us, _)| std::cmp::Reverse(*us));
    timed
        .into_iter()
        .take(5)
        .map(|(us, test)| Item {
            name: naming.name(test),
            text: human(us),
        })
        .collect()
}

fn of_status<'r, 'a>(phase: &PhaseFigures<'r, 'a>, status: Status) -> Vec<&'r TestFigure<'a>> {
    let tests = phase.tests.iter().copied();
    tests.filter(|test| test.status == status).collect()
}

fn listing(
    title: &str,
    text: &str,
    tests: &[&TestFigure<'_>],
    naming: Naming,
    say: impl Fn(&TestFigure<'_>) -> String,
) -> Option<Listing> {
    list_up_to(MAX_LISTED, title, text, tests, naming, say)
}

fn list_up_to(
    max: usize,
    title: &str,
    text: &str,
    tests: &[&TestFigure<'_>],
    naming: Naming,
    say: impl Fn(&TestFigure<'_>) -> String,
) -> Option<Listing> {
    if tests.is_empty() {
        return None;
    }
    let more = tests.len().saturating_sub(max);
    let item = |test: &&TestFigure<'_>| Item {
        name: naming.name(test),
        text: say(test),
    };
    Some(Listing {
        title: format!("{title} ({})", tests.len()),
        text: text.to_owned(),
        items: tests.iter().take(max).map(item).collect(),
        more: (more > 0).then(|| format!("{} not listed", count(more as u64, "more test"))),
    })
}

/// Hooks of the run or of this phase that did not pass.
#[must_use]
pub fn hooks(run: &RunFigures<'_>, phase: &PhaseFigures<'_, '_>) -> Vec<Item> {
    let concerns = |of: &Option<String>| of.is_none() || of.as_deref() == phase.id();
    run.failed_hooks
        .iter()
        .filter(|hook| concerns(&hook.event.phase))
        .take(MAX_LISTED)
        .map(|hook| {
            let failure = hook.event.failure.as_ref();
            let why = failure.map_or("", |failure| &failure.message);
            let outcome = hook.event.outcome.as_str().replace('-', " ");
            Item {
                name: shorten(&hook.event.name, MAX_REASON),
                text: shorten(&format!("{outcome}: {why}"), MAX_REASON),
            }
        })
        .collect()
}
