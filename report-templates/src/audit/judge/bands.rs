//! A heading that names a range of percentages, against the rows and items under it.

use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Bound, Decimal, Sign, Token, TokenKind, Unit, is_any};
use crate::audit::reading::{Judged, Ledger, Reading};
use std::collections::BTreeMap;

/// Rows or items looked at under one heading.
const REACH: usize = 400;
/// Words of headings that set a goal instead of sorting what there is.
const GOAL: &[&str] = &[
    "target",
    "targets",
    "goal",
    "goals",
    "need",
    "needs",
    "needed",
    "needing",
    "to",
    "reach",
    "increase",
    "improve",
    "plan",
    "roadmap",
    "required",
    "requirement",
    "requirements",
    "should",
    "from",
    "until",
    "toward",
    "towards",
    "path",
    "threshold",
    "thresholds",
    "gap",
    "gaps",
    "next",
    "improvement",
    "achieve",
    "success",
    "criteria",
    "confidence",
    "reduction",
    "improved",
];

/// Both ends of the range, where stated.
#[derive(Clone, Copy)]
struct Band {
    number: usize,
    low: Option<Decimal>,
    high: Option<Decimal>,
}

impl Band {
    /// An end itself, and what lies between two ends that meet after rounding, belong to the band.
    fn holds(&self, value: Decimal) -> bool {
        let above = self.low.is_none_or(|low| value >= low);
        let below = self
            .high
            .is_none_or(|high| value < high.add(Decimal::whole(1)));
        above && below
    }

    fn words(&self) -> String {
        match (self.low, self.high) {
            (Some(low), Some(high)) => format!("{low}-{high}%"),
            (Some(low), None) => format!("at least {low}%"),
            (None, Some(high)) => format!("at most {high}%"),
            (None, None) => String::new(),
        }
    }
}

pub(super) fn judge(reading: &Reading<'_>, ledger: &mut Ledger) {
    for section in 1..reading.document.sections.len() {
        let shape = &reading.document.sections[section];
        let Some((heading, band)) = shape.heading.and_then(|at| Some((at, band(reading, at)?)))
        else {
            continue;
        };
        let end = shape.end.min(heading + REACH);
        let own = (heading + 1..end).filter(|at| reading.passage(*at).section == section);
        rows(reading, heading, band, own.collect(), ledger);
    }
}

/// `(70-85%)`, `Above 85%`, `>90% coverage`, `<50%`.
fn band(reading: &Reading<'_>, heading: usize) -> Option<Band> {
    if reading.words(heading).any(|word| is_any(word, GOAL)) {
        return None;
    }
    let arrow = reading
        .tokens(heading)
        .iter()
        .any(|token| token.kind == TokenKind::Symbol('→'));
    let mut percents = reading
        .numbers_in(heading)
        .filter(|(_, id)| reading.number(*id).unit == Unit::Percent);
    let (_, id) = percents.next()?;
    let number = reading.number(id);
    if percents.next().is_some() || arrow || number.sign != Sign::None {
        return None;
    }
    let below = reading
        .words(heading)
        .any(|word| is_any(word, &["below", "under"]));
    let above = reading
        .words(heading)
        .any(|word| is_any(word, &["above", "over"]));
    let (low, high) = match (number.upper, number.bound) {
        (Some(upper), Bound::Exact) => (Some(number.value), Some(upper)),
        (None, Bound::AtLeast) if !below => (Some(number.value), None),
        (None, Bound::AtMost) if !above => (None, Some(number.value)),
        (None, Bound::Exact) if above && !below => (Some(number.value), None),
        (None, Bound::Exact) if below && !above => (None, Some(number.value)),
        _ => return None,
    };
    (low.is_none() || high.is_none() || low < high).then_some(Band {
        number: id,
        low,
        high,
    })
}

/// The percentages of each row or item; a row is outside when all of them are.
fn rows(reading: &Reading<'_>, heading: usize, band: Band, own: Vec<usize>, ledger: &mut Ledger) {
    let mut tables: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    let mut found: Vec<Vec<usize>> = Vec::new();
    for at in own {
        let percents = percents(reading, at);
        match reading.passage(at).role {
            Role::Cell { table, row, .. } if row > 0 => {
                tables
                    .entry((table, row))
                    .or_default()
                    .extend(percents.unwrap_or_default());
            }
            Role::ItemHead => match percents {
                Some(percents) if starts_row(reading, at) => found.push(percents),
                // Items that change something are no rows of the band.
                _ => return,
            },
            _ => {}
        }
    }
    found.extend(tables.into_values());
    if found.iter().any(|row| row.is_empty()) || found.len() < 2 {
        return;
    }
    let value = |id: &usize| reading.number(*id).value;
    let inside = |row: &Vec<usize>| row.iter().any(|id| band.holds(value(id)));
    let held = found.iter().filter(|row| inside(row)).count();
    if held == 0 || held * 2 < found.len() {
        return;
    }
    for row in &found {
        let exact = row.iter().all(|id| reading.number(*id).is_exact());
        let verdict = match (inside(row), exact) {
            (true, _) => Verdict::Consistent,
            (false, true) => Verdict::Inconsistent,
            (false, false) => Verdict::Unresolved,
        };
        let id = row[0];
        ledger.push(
            Judged::new(Kind::Contradiction, verdict, reading.number_span(id))
                .expected(band.words())
                .why(format!(
                    "{}% stands under a heading that says {}",
                    value(&id),
                    band.words()
                ))
                .related([reading.whole(heading).start])
                .numbers(row.iter().copied().chain([band.number])),
        );
    }
}

/// The percentages of a passage, up to an arrow that leads on to words; `None` for a change.
fn percents(reading: &Reading<'_>, passage: usize) -> Option<Vec<usize>> {
    let tokens = reading.tokens(passage);
    let arrow = |token: &Token| token.kind == TokenKind::Symbol('→');
    let end = tokens.iter().position(arrow).unwrap_or(tokens.len());
    let change = reading.number_at(passage, end + 1).is_some();
    let ids = reading.numbers_in(passage).take_while(|(at, _)| *at < end);
    let ids = ids
        .map(|(_, id)| id)
        .filter(|id| reading.number(*id).unit == Unit::Percent);
    let ids: Vec<_> = ids.collect();
    let plain = ids.iter().all(|id| {
        let number = reading.number(*id);
        number.upper.is_none() && number.sign == Sign::None
    });
    (!change && plain).then_some(ids)
}

/// `name: 81.3%`, `name (81.3%)`, `name - 81.3%`: the figure follows the name.
fn starts_row(reading: &Reading<'_>, passage: usize) -> bool {
    let Some((at, id)) = reading.numbers_in(passage).next() else {
        return false;
    };
    reading.number(id).unit == Unit::Percent
        && at > 0
        && matches!(
            reading.symbol_at(passage, at - 1),
            Some(':' | '(' | '-' | '|')
        )
}

#[cfg(test)]
mod tests {
    use crate::audit::audit;

    fn wrong(text: &str) -> Vec<usize> {
        audit(text)
            .inconsistent()
            .map(|finding| finding.line)
            .collect()
    }

    #[test]
    fn a_row_outside_the_range_of_its_heading() {
        let text = "### Fair (50-70%)\n\n| Part | Coverage |\n|---|---|\n| a | 51% |\n| b | 82% |\n| c | 70.4% |\n";
        assert_eq!(wrong(text), [6]);
    }

    #[test]
    fn an_item_below_the_bound_of_its_heading() {
        let sorted = wrong("## Parts above 80%\n\n- a: 91%\n- b: 79.5%\n- c: 80%\n");
        assert_eq!(sorted, [4]);
        assert!(wrong("## Parts to bring above 80%\n\n- a: 91%\n- b: 79.5%\n").is_empty());
    }
}
