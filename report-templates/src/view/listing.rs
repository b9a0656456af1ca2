//! Lists of tests that name a bounded number of them and count the rest.

use serde::Serialize;

use super::naming::Naming;
use super::words::count;
use crate::figures::{PhaseFigures, Status, TestFigure};

/// Tests that a list names before it only counts them.
pub(super) const MAX_LISTED: usize = 100;
/// Bytes of a reason in a list that are shown.
pub(super) const MAX_REASON: usize = 300;

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

pub(super) fn of_status<'r, 'a>(
    phase: &PhaseFigures<'r, 'a>,
    status: Status,
) -> Vec<&'r TestFigure<'a>> {
    let tests = phase.tests.iter().copied();
    tests.filter(|test| test.status == status).collect()
}

/// The list of these tests; `None` when there are none.
pub(super) fn listing(
    title: &str,
    text: &str,
    tests: &[&TestFigure<'_>],
    naming: Naming,
    say: impl Fn(&TestFigure<'_>) -> String,
) -> Option<Listing> {
    list_up_to(MAX_LISTED, title, text, tests, naming, say)
}

/// As [`listing`], but naming at most `max` tests.
pub(super) fn list_up_to(
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
