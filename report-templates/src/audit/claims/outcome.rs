//! Counts of tests by outcome: `206 passed`, `Failed: 2`, `Total Tests: 208`.

use super::ratio::Ratio;
use crate::audit::numbers::{Outcome, TokenKind, is_any, noun, outcome};
use crate::audit::reading::Reading;

/// One outcome count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stated {
    pub(crate) passage: usize,
    /// Token index of the number.
    pub(crate) at: usize,
    pub(crate) number: usize,
    pub(crate) outcome: Outcome,
    /// What is counted, as a singular; tests where nothing is said.
    pub(crate) noun: &'static str,
    /// The name stands before the number (`Failed: 2`).
    pub(crate) labelled: bool,
}

/// Outcome counts of a passage, those inside ratios left out.
pub(super) fn stated(reading: &Reading<'_>, passage: usize, ratios: &[Ratio]) -> Vec<Stated> {
    let in_ratio = |at: usize| {
        let next = ratios.partition_point(|ratio| ratio.last < at);
        ratios.get(next).is_some_and(|ratio| ratio.first <= at)
    };
    let mut found = Vec::new();
    for (at, number) in reading.numbers_in(passage) {
        if in_ratio(at) || !reading.number(number).is_plain_count() {
            continue;
        }
        if at > 0 && is_any(reading.word(passage, at - 1), HISTORY) {
            continue;
        }
        let behind = behind(reading, passage, at).map(|(outcome, noun)| (outcome, noun, false));
        let ahead = || ahead(reading, passage, at).map(|(outcome, noun)| (outcome, noun, true));
        if let Some((outcome, noun, labelled)) = behind.or_else(ahead) {
            found.push(Stated {
                passage,
                at,
                number,
                outcome,
                noun,
                labelled,
            });
        }
    }
    found
}

/// Before a count these words say what was done about it, not what is.
const HISTORY: &[&str] = &[
    "fixed",
    "fix",
    "fixes",
    "fixing",
    "resolved",
    "resolve",
    "repaired",
    "corrected",
    "addressed",
    "was",
    "were",
    "from",
    "had",
    "vs",
    "versus",
    "than",
];

/// `206 tests passed`.
fn behind(reading: &Reading<'_>, passage: usize, at: usize) -> Option<(Outcome, &'static str)> {
    let mut counted = labelled_noun(reading, passage, at).unwrap_or("test");
    for next in at + 1..at + 4 {
        let word = reading.word(passage, next);
        if let Some(outcome) = outcome(word) {
            // `Commits: 12 total` counts no tests.
            if outcome == Outcome::Total && next == at + 1 && other_label(reading, passage, at) {
                return None;
            }
            // `Passed: 206 Failed: 2`: the word is the label of the next number.
            if matches!(reading.symbol_at(passage, next + 1), Some(':' | '=')) {
                return None;
            }
            let more = noun(reading.word(passage, next + 1));
            return Some((outcome, more.unwrap_or(counted)));
        }
        match noun(word) {
            Some(noun) => counted = noun,
            None if is_any(word, &["are", "were", "have", "unit", "integration"]) => {}
            None => return None,
        }
    }
    None
}

/// Whether the label right before a number names something that is no test and no summary.
fn other_label(reading: &Reading<'_>, passage: usize, at: usize) -> bool {
    const SUMMARY: &[&str] = &[
        "result",
        "results",
        "summary",
        "status",
        "coverage",
        "testing",
        "unit",
        "integration",
        "total",
        "count",
        "overall",
        "execution",
        "e2e",
        "suite",
    ];
    let Some(colon) = at
        .checked_sub(1)
        .filter(|i| reading.symbol_at(passage, *i) == Some(':'))
    else {
        return false;
    };
    let words: Vec<_> = (0..colon)
        .map(|i| reading.word(passage, i))
        .filter(|w| !w.is_empty())
        .collect();
    !words.is_empty()
        && words
            .iter()
            .all(|word| noun(word).is_none() && outcome(word).is_none() && !is_any(word, SUMMARY))
}

/// `Test Files: 12 passed`: the label before the number may say what is counted.
fn labelled_noun(reading: &Reading<'_>, passage: usize, at: usize) -> Option<&'static str> {
    let colon = (at.saturating_sub(8)..at)
        .rev()
        .find(|i| reading.symbol_at(passage, *i) == Some(':'))?;
    noun(reading.word(passage, colon.checked_sub(1)?))
}

/// `Failed Tests: 2`: the label reaches back to the start or to the separator before it.
fn ahead(reading: &Reading<'_>, passage: usize, at: usize) -> Option<(Outcome, &'static str)> {
    let mut end = at;
    while end > 0
        && matches!(
            reading.tokens(passage)[end - 1].kind,
            TokenKind::Mark(_) | TokenKind::Symbol('*')
        )
    {
        end -= 1;
    }
    if end == 0 || !matches!(reading.symbol_at(passage, end - 1), Some(':' | '=')) {
        return None;
    }
    let mut start = end - 1;
    while start > 0 && end - start < 7 && !reading.word(passage, start - 1).is_empty() {
        start -= 1;
    }
    // `E2E tests: 35`: the label goes on to the left, and names a part.
    let cut = start > 0
        && matches!(
            reading.tokens(passage)[start - 1].kind,
            TokenKind::Name | TokenKind::Number(_)
        );
    if cut {
        return None;
    }
    label_outcome((start..end - 1).map(|index| reading.word(passage, index)))
}

/// The outcome that a label made only of outcome words and nouns names.
pub(crate) fn label_outcome<'w>(
    words: impl Iterator<Item = &'w str>,
) -> Option<(Outcome, &'static str)> {
    let (mut named, mut counted, mut any, mut ran) = (None, None, false, false);
    for word in words {
        any = true;
        if let Some(outcome) = outcome(word) {
            let stronger = named.is_none_or(|known| known == Outcome::Total);
            if stronger {
                named = Some(outcome);
            }
        } else if let Some(noun) = noun(word) {
            counted = Some(noun);
        } else if is_any(word, &["executed", "run"]) {
            ran = true;
        } else if !is_any(
            word,
            &["number", "of", "the", "test", "all", "unit", "count"],
        ) {
            return None;
        }
    }
    // `Tests executed: 2` leaves out the skipped ones.
    if ran && named.is_none() {
        return None;
    }
    let outcome = named.or_else(|| counted.map(|_| Outcome::Total))?;
    any.then_some((outcome, counted.unwrap_or("test")))
}
