//! `Applied the pattern to 26 files` in a document that says `7/26 files complete`.

use crate::audit::claims::{Claims, Ratio};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{is_any, stem};
use crate::audit::reading::{Judged, Ledger, Reading};

const DONE: &[&str] = &[
    "applied",
    "completed",
    "migrated",
    "optimized",
    "optimised",
    "converted",
    "implemented",
    "finished",
    "refactored",
    "ported",
    "updated",
    "fixed",
    "upgraded",
];
const OPEN: &[&str] = &[
    "remaining",
    "pending",
    "target",
    "goal",
    "will",
    "of",
    "plan",
    "next",
    "todo",
    "total",
    "partially",
    "to-do",
    "left",
];

pub(super) fn judge(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    let partial: Vec<_> = claims
        .ratios
        .iter()
        .filter(|ratio| is_partial(reading, ratio))
        .take(20)
        .collect();
    if partial.is_empty() {
        return;
    }
    for passage in 0..reading.document.passages.len() {
        if matches!(reading.passage(passage).role, Role::Line | Role::ItemHead) {
            against(reading, claims, passage, &partial, ledger);
        }
    }
}

/// `7/26 complete`: well short of the whole, and said to be about completion.
fn is_partial(reading: &Reading<'_>, ratio: &Ratio) -> bool {
    let (k, n) = (
        reading.number(ratio.part).value,
        reading.number(ratio.whole).value,
    );
    let complete = &[
        "complete",
        "completed",
        "done",
        "migrated",
        "optimized",
        "converted",
        "finished",
    ];
    let says = (ratio.last + 1..ratio.last + 4)
        .any(|at| is_any(reading.word(ratio.passage, at), complete));
    says && k < n && n >= crate::audit::numbers::Decimal::whole(5)
}

fn against(
    reading: &Reading<'_>,
    claims: &Claims,
    passage: usize,
    partial: &[&Ratio],
    ledger: &mut Ledger,
) {
    let mut numbers = reading.numbers_in(passage);
    let (Some((at, id)), None) = (numbers.next(), numbers.next()) else {
        return;
    };
    let number = reading.number(id);
    let verb = (at.saturating_sub(7)..at).any(|i| is_any(reading.word(passage, i), DONE));
    let open = reading.words(passage).any(|word| is_any(word, OPEN));
    if !verb || open || !number.is_plain_count() || !claims.ratios_in(passage).is_empty() {
        return;
    }
    for ratio in partial
        .iter()
        .filter(|ratio| reading.number(ratio.whole).value == number.value)
    {
        let counted: Vec<_> = (at + 1..at + 5)
            .map(|i| reading.word(passage, i))
            .filter(|word| word.len() > 3)
            .map(stem)
            .collect();
        let same = reading
            .words(ratio.passage)
            .filter(|word| word.len() > 3)
            .any(|word| counted.contains(&stem(word)));
        if same {
            let (k, n) = (
                reading.number(ratio.part).value,
                reading.number(ratio.whole).value,
            );
            ledger.push(
                Judged::new(
                    Kind::Contradiction,
                    Verdict::Inconsistent,
                    reading.span(passage, at, at),
                )
                .expected(k.to_string())
                .why(format!("elsewhere {k} of {n} are complete"))
                .related([reading.number_span(ratio.part).start])
                .numbers([id, ratio.part, ratio.whole])
                .decision(true),
            );
            return;
        }
    }
}
