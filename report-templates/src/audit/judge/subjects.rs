//! `Priority 1 gaps (3 remaining)` where the document has `Priority 1 gaps: 5 of 5`.

use crate::audit::claims::{Claims, Ratio, Standing, standing};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{is_any, stem};
use crate::audit::reading::{Judged, Ledger, Reading};
use std::collections::HashMap;

const LEFT: &[&str] = &["remaining", "left", "outstanding", "missing"];
const FILLER: &[&str] = &[
    "complete",
    "completed",
    "finish",
    "fix",
    "the",
    "all",
    "of",
    "and",
    "phase",
    "remaining",
    "left",
    "done",
    "critical",
    "filled",
    "implement",
    "close",
    "to",
    "go",
    "in",
    "a",
    "address",
];

pub(super) fn judge(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    let mut known: HashMap<String, Vec<&Ratio>> = HashMap::new();
    for ratio in claims
        .ratios
        .iter()
        .filter(|ratio| standing(reading, ratio) == Standing::Current)
    {
        if let Some(subject) = subject(reading, ratio.passage, ratio.first) {
            known.entry(subject).or_default().push(ratio);
        }
    }
    for passage in 0..reading.document.passages.len() {
        if let Some((at, left)) = left(reading, passage)
            && let Some(ratios) =
                subject(reading, passage, at).and_then(|subject| known.get(&subject))
        {
            compare(reading, passage, (at, left), ratios, ledger);
        }
    }
}

/// `(3 remaining)`.
fn left(reading: &Reading<'_>, passage: usize) -> Option<(usize, usize)> {
    if matches!(
        reading.passage(passage).role,
        Role::Cell { .. } | Role::Opaque
    ) {
        return None;
    }
    let mut numbers = reading.numbers_in(passage);
    let (at, id) = numbers.next()?;
    let bracket = at > 0 && reading.symbol_at(passage, at - 1) == Some('(');
    let says = is_any(reading.word(passage, at + 1), LEFT);
    (bracket && says && numbers.next().is_none() && reading.number(id).is_plain_count())
        .then_some((at, id))
}

/// The words and labels before a token that name what is counted, sorted; at least two.
fn subject(reading: &Reading<'_>, passage: usize, before: usize) -> Option<String> {
    let tokens = &reading.tokens(passage)[..before.min(24)];
    let mut words: Vec<_> = tokens
        .iter()
        .map(|token| reading.text(passage, token))
        .filter(|word| word.starts_with(|c: char| c.is_alphanumeric()) && !word.ends_with('%'))
        .filter(|word| !is_any(word, FILLER))
        .map(stem)
        .collect();
    words.sort();
    words.dedup();
    // The label of an enclosing phase comes before a bracket: `Phase 2 (Priority 1 Gaps)`.
    (words.len() >= 3).then(|| words.join(" "))
}

fn compare(
    reading: &Reading<'_>,
    passage: usize,
    (at, left): (usize, usize),
    ratios: &[&Ratio],
    ledger: &mut Ledger,
) {
    let value = |id: usize| reading.number(id).value;
    let rest = |ratio: &Ratio| value(ratio.whole).sub(value(ratio.part));
    let expected = rest(ratios[0]);
    if ratios.iter().any(|ratio| rest(ratio) != expected) {
        return;
    }
    let right = expected == value(left);
    let verdict = if right {
        Verdict::Consistent
    } else {
        Verdict::Inconsistent
    };
    ledger.push(
        Judged::new(
            Kind::Contradiction,
            verdict,
            reading.span(passage, at, at + 1),
        )
        .expected(expected.to_string())
        .why(format!(
            "{} of {} are done elsewhere, so {expected} remain",
            value(ratios[0].part),
            value(ratios[0].whole)
        ))
        .related([reading.number_span(ratios[0].part).start])
        .numbers([left, ratios[0].part, ratios[0].whole]),
    );
}
