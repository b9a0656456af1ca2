//! What else needs a look: blocked, flaky, leaky, unrun, skipped, ignored and slow tests, and hooks
//! that did not pass.

use std::collections::BTreeMap;

use super::failures::attempts;
use super::listing::{Item, Listing, MAX_LISTED, MAX_REASON, list_up_to, listing, of_status};
use super::naming::Naming;
use super::output::shorten;
use super::words::{count, list};
use crate::figures::time::human;
use crate::figures::{PhaseFigures, RunFigures, Status, TestFigure};

/// Causes of blocked tests that are told one by one, and tests that each of them names.
const MAX_CAUSES: usize = 25;
/// Tests in the list of the slowest.
const MAX_SLOW: usize = 5;

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
                shorten(&spoken(root), MAX_REASON)
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

/// A root as it is said: `phase:A` is phase A.
#[must_use]
pub fn spoken(root: &str) -> String {
    root.replacen(':', " ", 1)
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
            "Fallback",
            fallback_counts(phase),
            &marked(&|test| test.is_fallback()),
            naming,
            |test| {
                let services: Vec<&str> = test.stand_ins().collect();
                shorten(&list(&services), MAX_REASON)
            },
        ),
        listing(
            "Infrastructure",
            "A service died while an attempt ran. That attempt says nothing of the test, which was attempted again.",
            &marked(&|test| test.infrastructure().is_some()),
            naming,
            |test| shorten(test.infrastructure().unwrap_or_default(), MAX_REASON),
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
                    MAX_REASON,
                )
            },
        ),
    ];
    lists.into_iter().flatten().collect()
}

fn fallback_counts(phase: &PhaseFigures<'_, '_>) -> &'static str {
    if phase.phase.is_some_and(|phase| phase.allow_fallback) {
        "Ran on the stand-in of a service. What passed counts as passed: the phase allows it."
    } else {
        "Ran on the stand-in of a service. What passed does not count as passed."
    }
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
        .take(MAX_SLOW)
        .map(|(us, test)| Item {
            name: naming.name(test),
            text: human(us),
        })
        .collect()
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
