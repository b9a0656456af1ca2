//! What went wrong, and what else needs a look.

use std::collections::BTreeMap;
use std::path::Path;

use phasegate_record::event::{Exit, Outcome};
use serde::Serialize;

use super::output::{Excerpt, excerpt, shorten};
use super::words::{count, list, sentence};
use crate::figures::time::human;
use crate::figures::{AttemptFigure, PhaseFigures, RunFigures, Status, TestFigure};

/// Failures that are told in full.
const MAX_TOLD: usize = 25;
/// Tests that a list names before it only counts them.
const MAX_LISTED: usize = 100;
/// Bytes of a message or reason that are shown.
const MAX_MESSAGE: usize = 2_000;

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
    let mut room = MAX_TOLD;
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
                .map(|test| tell(run, test, naming, dir))
                .collect(),
            others: listing("Not told in full", "", others, naming, |test| {
                message(test).unwrap_or_default()
            }),
        });
    }
    kinds
}

fn tell(run: &RunFigures<'_>, test: &TestFigure<'_>, naming: Naming, dir: Option<&Path>) -> Failed {
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
        declared: format!("{}:{}", test.plan.file, test.plan.line),
        location: failure.and_then(|failure| failure.location.clone()),
        boundaries: (!boundaries.is_empty()).then(|| list(boundaries)),
        message,
        long_message,
        exit: last.and_then(exit),
        attempts: attempts(test),
        release_errors: last.map_or_else(Vec::new, |attempt| {
            let errors = attempt.event.release_errors.iter();
            errors.map(|error| shorten(error, MAX_MESSAGE)).collect()
        }),
        outputs: last.map_or_else(Vec::new, |attempt| outputs(run, attempt, dir)),
    }
}

fn outputs(run: &RunFigures<'_>, attempt: &AttemptFigure<'_>, dir: Option<&Path>) -> Vec<Excerpt> {
    let file = run.files.get(attempt.file).map_or("", |file| &file.path);
    let place = format!("{file}:{}", attempt.line);
    [
        ("Standard output", &attempt.event.stdout),
        ("Standard error", &attempt.event.stderr),
    ]
    .into_iter()
    .filter_map(|(stream, output)| excerpt(stream, output, &place, dir))
    .collect()
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

/// Blocked tests, by what was not there.
#[must_use]
pub fn blocked(phase: &PhaseFigures<'_, '_>, naming: Naming) -> Vec<Listing> {
    let mut roots: BTreeMap<&str, Vec<&TestFigure<'_>>> = BTreeMap::new();
    for test in of_status(phase, Status::Blocked) {
        let cause = test
            .last()
            .and_then(|attempt| attempt.event.blocked.as_ref());
        roots
            .entry(cause.map_or("", |cause| &cause.root))
            .or_default()
            .push(test);
    }
    let mut groups: Vec<_> = roots.into_iter().collect();
    groups.sort_by_key(|(root, tests)| (std::cmp::Reverse(tests.len()), *root));
    let listed = groups.into_iter().filter_map(|(root, tests)| {
        let reason = tests[0]
            .last()
            .and_then(|attempt| attempt.event.blocked.as_ref());
        let reason = reason.map_or("", |cause| &cause.reason);
        let title = if root.is_empty() {
            "an unnamed cause"
        } else {
            root
        };
        let reason = shorten(reason, MAX_MESSAGE);
        listing(title, &reason, &tests, naming, |_| String::new())
    });
    listed.take(MAX_LISTED).collect()
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
                shorten(reason.unwrap_or("no reason given"), MAX_MESSAGE)
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
        parts.push(format!("{number} {word} ({})", list(&processes[..names])));
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
    if tests.is_empty() {
        return None;
    }
    let more = tests.len().saturating_sub(MAX_LISTED);
    Some(Listing {
        title: format!("{title} ({})", tests.len()),
        text: text.to_owned(),
        items: tests
            .iter()
            .take(MAX_LISTED)
            .map(|test| Item {
                name: naming.name(test),
                text: say(test),
            })
            .collect(),
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
                name: hook.event.name.clone(),
                text: shorten(&format!("{outcome}: {why}"), MAX_MESSAGE),
            }
        })
        .collect()
}
