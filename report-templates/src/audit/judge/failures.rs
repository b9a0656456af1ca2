//! `(25/30 tests)` in a heading against the failures that its section states.

use crate::audit::claims::{Claims, Stated};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Outcome, TokenKind, is_any, noun};
use crate::audit::reading::{Judged, Ledger, Reading};

/// Passages of a section that are searched for its failures.
const REACH: usize = 60;

pub(super) fn judge(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    for section in reading.document.sections.iter().skip(1) {
        let Some(heading) = section.heading else {
            continue;
        };
        let [ratio] = claims.ratios_in(heading) else {
            continue;
        };
        let (part, whole) = (reading.number(ratio.part), reading.number(ratio.whole));
        let tests = (ratio.last + 1..ratio.last + 3)
            .any(|at| noun(reading.word(heading, at)) == Some("test"))
            || (ratio.last + 1..ratio.last + 3)
                .any(|at| is_any(reading.word(heading, at), &["passing", "passed"]));
        let plain = part.is_plain_count() && whole.is_plain_count() && part.value <= whole.value;
        if !tests || !plain {
            continue;
        }
        let end = section.end.min(heading + REACH);
        let inside = heading + 1..end;
        let own = |at: &usize| reading.passage(*at).section == reading.passage(heading).section;
        let mut stated = inside
            .filter(own)
            .filter_map(|at| failed(reading, claims, at));
        let (Some(failed), None) = (stated.next(), stated.next()) else {
            continue;
        };
        let left = whole.value.sub(part.value);
        let number = reading.number(failed.number);
        let verdict = if number.value == left {
            Verdict::Consistent
        } else {
            Verdict::Inconsistent
        };
        ledger.push(
            Judged::new(
                Kind::Contradiction,
                verdict,
                reading.span(heading, ratio.first, ratio.last),
            )
            .expected(format!("{left} failed"))
            .why(format!(
                "{} of {} leaves {left}; {} are said to fail",
                part.value, whole.value, number.value
            ))
            .related([reading.number_span(failed.number).start])
            .numbers([ratio.part, ratio.whole, failed.number]),
        );
    }
}

/// A label of a section that counts failed tests: `**Failed** (2 failures)`.
fn failed(reading: &Reading<'_>, claims: &Claims, passage: usize) -> Option<Stated> {
    let label = matches!(reading.passage(passage).role, Role::Line | Role::ItemHead);
    let alone = reading.numbers_in(passage).count() == 1;
    let moves = reading
        .tokens(passage)
        .iter()
        .any(|token| token.kind == TokenKind::Symbol('→'));
    let [stated] = claims.stated_in(passage) else {
        return counted(reading, passage).filter(|_| label && alone && !moves);
    };
    let exact = reading.number(stated.number).is_exact() && stated.noun == "test";
    (label && alone && !moves && exact && stated.outcome == Outcome::Failed).then_some(*stated)
}

/// `(2 mobile failures)`.
fn counted(reading: &Reading<'_>, passage: usize) -> Option<Stated> {
    let (at, number) = reading.numbers_in(passage).next()?;
    let open = at > 0 && reading.symbol_at(passage, at - 1) == Some('(');
    let close = (at + 1..at + 4).find(|i| reading.symbol_at(passage, *i) == Some(')'))?;
    let failures = is_any(
        reading.word(passage, close - 1),
        &["failures", "failed", "failing"],
    );
    let named =
        (0..at).any(|i| is_any(reading.word(passage, i), &["failed", "failures", "failing"]));
    let found = reading.number(number);
    (open && failures && named && found.is_plain_count() && found.is_exact()).then_some(Stated {
        passage,
        at,
        number,
        outcome: Outcome::Failed,
        noun: "test",
        labelled: false,
    })
}

#[cfg(test)]
mod tests {
    use crate::audit::audit;

    #[test]
    fn a_heading_and_the_failures_under_it() {
        let wrong = |failed: u32| {
            let text = format!(
                "## Menus (18/21 tests)\n\n**Passed**: opening, closing\n\n**Tests Failed** ({failed} slow failures)\n"
            );
            audit(&text)
                .inconsistent()
                .map(|finding| finding.line)
                .collect::<Vec<_>>()
        };
        assert_eq!(wrong(2), [1]);
        assert!(wrong(3).is_empty());
    }
}
