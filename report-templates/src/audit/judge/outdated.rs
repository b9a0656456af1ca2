//! A ratio that was not updated: two states of one set, of which the document repeats the other.

use super::restated::in_the_present;
use crate::audit::claims::{Claims, Ratio, Standing, standing};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Decimal, Outcome, is_any, noun, outcome};
use crate::audit::reading::{Judged, Ledger, Reading};
use std::collections::BTreeMap;

/// Wholes below this size are shared by too many sets.
const DISTINCT: i128 = 30;

pub(super) fn judge(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    let mut sets: BTreeMap<i128, Vec<&Ratio>> = BTreeMap::new();
    for ratio in &claims.ratios {
        let whole = reading.number(ratio.whole).value;
        if whole >= Decimal::whole(DISTINCT)
            && whole != Decimal::whole(100)
            && states(reading, ratio)
        {
            sets.entry(whole.at(4)).or_default().push(ratio);
        }
    }
    for ratios in sets.values() {
        outvoted(reading, ratios, ledger);
    }
}

/// A sentence about passing tests, now, outside tables and timelines.
fn states(reading: &Reading<'_>, ratio: &Ratio) -> bool {
    let passage = ratio.passage;
    let text = !matches!(
        reading.passage(passage).role,
        Role::Cell { .. } | Role::Output
    );
    let tests = reading
        .words(passage)
        .any(|word| noun(word) == Some("test"));
    let passing = reading
        .words(passage)
        .any(|word| outcome(word) == Some(Outcome::Passed));
    let other = &[
        "after",
        "phase",
        "session",
        "step",
        "week",
        "day",
        "sprint",
        "hour",
        "round",
        "run",
        "then",
        "progress",
        "expected",
        "would",
        "fixed",
        "objective",
        "minimum",
        "achieve",
        "target",
        "goal",
    ];
    let dated = |passage: usize| reading.words(passage).any(|word| is_any(word, other));
    let present = in_the_present(reading, passage) && !dated(passage);
    let above = reading.document.headings_above(passage).any(dated);
    text && tests && passing && present && !above && standing(reading, ratio) == Standing::Current
}

/// One statement against at least two that agree.
fn outvoted(reading: &Reading<'_>, ratios: &[&Ratio], ledger: &mut Ledger) {
    let value = |ratio: &Ratio| reading.number(ratio.part).value;
    let mut votes: BTreeMap<i128, Vec<&Ratio>> = BTreeMap::new();
    for ratio in ratios {
        votes.entry(value(ratio).at(4)).or_default().push(ratio);
    }
    let mut sides: Vec<_> = votes.into_values().collect();
    sides.sort_by_key(Vec::len);
    let [weak, strong] = sides.as_slice() else {
        return;
    };
    if weak.len() > 1 || strong.len() < 2 {
        return;
    }
    let (wrong, right) = (weak[0], strong[0]);
    ledger.push(
        Judged::new(
            Kind::Contradiction,
            Verdict::Inconsistent,
            reading.span(wrong.passage, wrong.first, wrong.last),
        )
        .expected(format!(
            "{}/{}",
            value(right),
            reading.number(right.whole).value
        ))
        .why(format!(
            "{} other places say {} of {}",
            strong.len(),
            value(right),
            reading.number(right.whole).value
        ))
        .related(
            strong
                .iter()
                .map(|ratio| reading.number_span(ratio.part).start),
        )
        .numbers(
            strong
                .iter()
                .chain([&wrong])
                .flat_map(|ratio| [ratio.part, ratio.whole]),
        ),
    );
}
