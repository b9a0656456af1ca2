//! A count in a heading or label against the counts one level below it, whatever their shape:
//! subheadings, labels, items, lines of output or the cells of a table.

use super::below::{Below, is_label};
use super::carried::{Carried, carried, sum};
use super::counted::lone_count;
use super::listing::PARTIAL;
use super::table::Table;
use crate::audit::claims::Claims;
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Decimal, is_any, noun, outcome};
use crate::audit::reading::{Judged, Ledger, Reading};
use std::collections::HashSet;

pub(super) fn judge(
    reading: &Reading<'_>,
    claims: &Claims,
    tables: &[Table<'_>],
    ledger: &mut Ledger,
) {
    let below = Below::new(reading, tables);
    let known = settled(ledger);
    for passage in 0..reading.document.passages.len() {
        let role = reading.passage(passage).role;
        let shape = match role {
            Role::Heading => true,
            Role::Line => is_label(reading, passage),
            _ => continue,
        };
        let claim =
            || carried(reading, claims, passage).or_else(|| total(reading, claims, passage));
        let Some(claim) = shape.then(claim).flatten() else {
            continue;
        };
        let selected = reading.words(passage).any(|word| is_any(word, PARTIAL));
        let starts = [claim.part, claim.most()].map(|id| reading.number_span(id).start);
        if selected || starts.iter().any(|start| known.contains(start)) {
            continue;
        }
        let children = if role == Role::Heading {
            below.heading(reading, claims, passage)
        } else {
            below.label(reading, claims, passage)
        };
        match children {
            Some(children) if same_unit(&claim, &children) => {
                compare(reading, &claim, &children, ledger)
            }
            _ if role == Role::Heading => {
                outgrown(
                    reading,
                    &claim,
                    &below.subheadings(reading, claims, passage),
                    ledger,
                );
            }
            _ => {}
        }
    }
}

/// `Total Tests: 45` or `All 45 tests:` in a label.
fn total(reading: &Reading<'_>, claims: &Claims, passage: usize) -> Option<Carried> {
    let says = reading
        .words(passage)
        .any(|word| is_any(word, &["total", "all"]));
    if !says || !claims.ratios_in(passage).is_empty() {
        return None;
    }
    let (at, id) = lone_count(reading, passage)?;
    let around = [at + 1, at.checked_sub(2)?].map(|i| noun(reading.word(passage, i)));
    let unit = around.into_iter().flatten().next()?;
    Some(Carried {
        passage,
        part: id,
        whole: None,
        unit: Some(unit.to_owned()),
        first: at,
        last: at,
    })
}

/// Where claims start that another judge has held against a list or a sum.
fn settled(ledger: &Ledger) -> HashSet<usize> {
    let sums = |judged: &&Judged| matches!(judged.kind, Kind::Sum | Kind::ChecklistCount);
    let lists = ledger.judged.iter().filter(sums);
    lists.map(|judged| judged.span.start).collect()
}

fn compare(reading: &Reading<'_>, claim: &Carried, children: &[Carried], ledger: &mut Ledger) {
    if children.len() < 2 || scores(reading, children) {
        return;
    }
    let parts = sum(reading, children.iter().map(|child| child.part));
    let wholes = sum(reading, children.iter().map(Carried::most));
    let many = Decimal::whole(children.len() as i128);
    let value = |id: usize| reading.number(id).value;
    // A child that equals the claim adds up the others.
    if children.len() > 2
        && children.iter().any(|child| {
            value(child.part) == value(claim.part)
                && parts == value(child.part).add(value(child.part))
        })
    {
        return;
    }
    let ratios = children.iter().all(|child| child.whole.is_some());
    let none = children.iter().all(|child| child.whole.is_none());
    if !ratios && !none {
        return;
    }
    let (at, expected, right) = match claim.whole {
        None => {
            let printed = value(claim.part);
            let right = printed == parts || printed == wholes || printed == many;
            let passing = reading
                .words(claim.passage)
                .any(|word| outcome(word).is_some());
            // Where the claim does not say which is meant, the nearer one.
            let near = printed.sub(parts).abs() <= printed.sub(wholes).abs();
            let expected = if passing || near { parts } else { wholes };
            (claim.part, expected, right)
        }
        Some(whole) if value(whole) == many && wholes != many => return,
        Some(_) if value(claim.part) == many && parts != many => return,
        Some(whole) if ratios => {
            let fit = value(whole) == wholes;
            if !fit && value(whole) != parts && wholes < value(whole) {
                return;
            }
            let at = if fit { claim.part } else { whole };
            let right = fit && value(claim.part) == parts;
            (at, if fit { parts } else { wholes }, right)
        }
        Some(whole) => {
            let right = parts == value(whole) || parts == value(claim.part);
            if !right && parts < value(whole) {
                return;
            }
            (whole, parts, right)
        }
    };
    let verdict = if right {
        Verdict::Consistent
    } else {
        Verdict::Inconsistent
    };
    let addends = |id: fn(&Carried) -> usize| {
        let each = children.iter().map(|child| value(id(child)).to_string());
        each.collect::<Vec<_>>().join(" + ")
    };
    let why = if ratios && wholes != parts {
        format!(
            "one level below: {} = {parts} of {} = {wholes}, printed {}",
            addends(|child| child.part),
            addends(Carried::most),
            value(at)
        )
    } else {
        format!(
            "one level below: {} = {parts}, printed {}",
            addends(|child| child.part),
            value(at)
        )
    };
    let ids = children
        .iter()
        .flat_map(|child| [Some(child.part), child.whole])
        .flatten();
    ledger.push(
        Judged::new(
            Kind::Sum,
            verdict,
            reading.span(claim.passage, claim.first, claim.last),
        )
        .expected(expected.to_string())
        .why(why)
        .related(
            children
                .iter()
                .map(|child| reading.number_span(child.part).start),
        )
        .numbers(ids.chain([Some(claim.part), claim.whole].into_iter().flatten())),
    );
}

/// A subheading that counts more of the same things than the heading above it.
fn outgrown(reading: &Reading<'_>, claim: &Carried, children: &[Carried], ledger: &mut Ledger) {
    const WIDER: &[&str] = &[
        "total", "all", "full", "existing", "overall", "whole", "entire", "combined", "after",
    ];
    if claim.whole.is_some() || claim.unit.is_none() {
        return;
    }
    let value = |carried: &Carried| reading.number(carried.part).value;
    let larger = children.iter().find(|child| {
        let wider = reading.words(child.passage).any(|word| is_any(word, WIDER));
        child.whole.is_none() && child.unit == claim.unit && !wider && value(child) > value(claim)
    });
    let Some(child) = larger else { return };
    ledger.push(
        Judged::new(
            Kind::Sum,
            Verdict::Inconsistent,
            reading.number_span(claim.part),
        )
        .expected(format!("at least {}", value(child)))
        .why(format!(
            "a part of it, one level below, counts {}, printed {}",
            value(child),
            value(claim)
        ))
        .related([reading.number_span(child.part).start])
        .numbers([claim.part, child.part]),
    );
}

/// Marks out of one and the same round number are not added up.
fn scores(reading: &Reading<'_>, children: &[Carried]) -> bool {
    let wholes: Vec<_> = children.iter().filter_map(|child| child.whole).collect();
    let round = |id: &usize| {
        [1, 5, 10, 100]
            .iter()
            .any(|score| reading.number(*id).value == Decimal::whole(*score))
    };
    !wholes.is_empty() && wholes.iter().all(round)
}

/// Children without a unit inherit that of the claim; tests are meant where neither says.
fn same_unit(claim: &Carried, children: &[Carried]) -> bool {
    let ratios = children.iter().any(|child| child.whole.is_some());
    children
        .iter()
        .all(|child| match (&claim.unit, &child.unit) {
            (Some(wanted), Some(unit)) => wanted == unit,
            (None, Some(_)) => child.of_tests(),
            (Some(_), None) => !ratios || claim.of_tests(),
            (None, None) => true,
        })
}

#[cfg(test)]
mod tests {
    use crate::audit::{Verdict, audit};

    fn verdict_at(text: &str, line: usize) -> Option<(Verdict, String)> {
        let found = audit(text)
            .findings
            .into_iter()
            .find(|finding| finding.line == line);
        found.map(|finding| (finding.verdict, finding.expected))
    }
    fn wrong(expected: &str) -> Option<(Verdict, String)> {
        Some((Verdict::Inconsistent, expected.to_owned()))
    }

    #[test]
    fn ratios_under_a_count_of_what_passes() {
        let text = |total: u32| {
            format!(
                "## Working parts ({total} tests)\n\n- Parser: 3/3\n- Printer: 5/9\n- Cache: 4/4\n"
            )
        };
        assert_eq!(verdict_at(&text(14), 1), wrong("12"));
        assert_eq!(
            verdict_at(&text(12), 1).map(|found| found.0),
            Some(Verdict::Consistent)
        );
        assert_eq!(
            verdict_at(&text(16), 1).map(|found| found.0),
            Some(Verdict::Consistent)
        );
    }

    #[test]
    fn subheadings_without_a_unit_inherit_it() {
        let text = "# Doc\n\n## Adapters (9 files)\n\n### Disk (4)\n\nx\n\n### Net (3)\n\nx\n";
        assert_eq!(verdict_at(text, 3), wrong("7"));
    }

    #[test]
    fn a_part_larger_than_the_whole() {
        let text = |part: u32| {
            format!(
                "# Doc\n\n## Changed (9 files)\n\n### Types ({part} files)\n\nx\n\n### Rest\n\nx\n"
            )
        };
        assert_eq!(verdict_at(&text(12), 3), wrong("at least 12"));
        assert_eq!(verdict_at(&text(8), 3), None);
    }

    #[test]
    fn lines_of_output_under_a_bold_label() {
        let text = "**Login (30 tests):**\n\n```\nunit/login/\na.test.ts  ✅ 12 passing\nb.test.ts  ✅ 20 passing\n```\n";
        assert_eq!(verdict_at(text, 1), wrong("32"));
    }

    #[test]
    fn marks_out_of_ten_are_not_added() {
        let text = "## Review (18 tests)\n\n- Style: 9/10\n- Depth: 8/10\n";
        assert_eq!(verdict_at(text, 1), None);
    }
}
