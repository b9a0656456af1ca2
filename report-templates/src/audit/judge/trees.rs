//! Totals drawn as trees: `Total files: 11` over `├── tests: 2`.

use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Bound, Decimal, Unit, is_any};
use crate::audit::reading::{Judged, Ledger, Reading};

pub(super) fn judge(reading: &Reading<'_>, ledger: &mut Ledger) {
    let passages = &reading.document.passages;
    let branch = |at: usize| depth(&passages[at].flat.text);
    let mut at = 0;
    while at + 1 < passages.len() {
        let parent = at;
        at += 1;
        let drawn = matches!(passages[parent].role, Role::Output | Role::Line);
        if !drawn || branch(parent).is_some() {
            continue;
        }
        let group = passages[parent].group;
        let run = (at..passages.len())
            .take_while(|next| passages[*next].group == group && branch(*next).is_some());
        let branches: Vec<_> = run.collect();
        at += branches.len();
        let Some(first) = branches.first().and_then(|first| branch(*first)) else {
            continue;
        };
        let direct = branches
            .iter()
            .copied()
            .filter(|next| branch(*next) == Some(first));
        hold(reading, parent, &direct.collect::<Vec<_>>(), ledger);
    }
}

/// Characters before the branch sign of a line.
fn depth(text: &str) -> Option<usize> {
    let at = text.find(['├', '└'])?;
    text[..at]
        .chars()
        .all(|c| c.is_whitespace() || c == '│')
        .then(|| text[..at].chars().count())
}

/// The number right after the label.
fn labelled(reading: &Reading<'_>, passage: usize) -> Option<usize> {
    let (at, id) = reading.numbers_in(passage).next()?;
    let label = at > 0 && (reading.symbol_at(passage, at - 1) == Some(':'));
    let sliced = matches!(reading.symbol_at(passage, at + 1), Some('/' | '→'));
    let number = reading.number(id);
    let additive = matches!(number.unit, Unit::Count | Unit::Measured(_));
    (label && !sliced && additive && number.upper.is_none()).then_some(id)
}

fn hold(reading: &Reading<'_>, parent: usize, branches: &[usize], ledger: &mut Ledger) {
    let total = reading
        .words(parent)
        .any(|word| is_any(word, &["total", "totals"]));
    let Some(claim) = labelled(reading, parent).filter(|_| total && branches.len() > 1) else {
        return;
    };
    let Some(ids) = branches
        .iter()
        .map(|at| labelled(reading, *at))
        .collect::<Option<Vec<_>>>()
    else {
        return;
    };
    let printed = reading.number(claim);
    if ids
        .iter()
        .any(|id| reading.number(*id).unit != printed.unit)
    {
        return;
    }
    let value = |id: &usize| reading.number(*id).value;
    let sum = super::carried::sum(reading, ids.iter().copied());
    let exact = ids
        .iter()
        .chain([&claim])
        .all(|id| reading.number(*id).bound == Bound::Exact);
    let tenth = Decimal {
        decimals: printed.value.decimals + 1,
        ..printed.value
    };
    let off = sum.sub(printed.value).abs();
    let outgrown = ids.iter().any(|id| value(id) > printed.value.add(tenth));
    let counts = printed.unit == Unit::Count && exact;
    let rounding = Decimal {
        mantissa: 5 * (ids.len() as i128 + 1),
        decimals: printed.value.decimals + 1,
    };
    let verdict = if off.is_zero() {
        Verdict::Consistent
    } else if counts && (sum > printed.value || off <= tenth)
        || outgrown && printed.bound != Bound::AtLeast
    {
        Verdict::Inconsistent
    } else if !counts && off <= rounding || !exact && off <= tenth {
        Verdict::Approximate
    } else {
        Verdict::Unresolved
    };
    ledger.push(
        Judged::new(Kind::Sum, verdict, reading.number_span(claim))
            .expected(sum.to_string())
            .why(format!(
                "the branches under it add up to {sum}, printed {}",
                printed.value
            ))
            .related(ids.iter().map(|id| reading.number_span(*id).start))
            .numbers(ids.iter().copied().chain([claim])),
    );
}

#[cfg(test)]
mod tests {
    use crate::audit::judge::told::wrong;

    #[test]
    fn branches_under_a_total() {
        let text = |total: u32| {
            format!("```\nTotal modules: {total}\n├── Core: 4\n│   └── io: 2\n└── Edge: 5\n```\n")
        };
        assert_eq!(wrong(&text(8)), [(2, "9".to_owned())]);
        assert!(wrong(&text(9)).is_empty());
    }

    #[test]
    fn a_branch_larger_than_its_tree() {
        let text = "```\nTotal lines: ~900\n├── Tests: ~400\n└── Docs: ~1,700\n```\n";
        assert_eq!(wrong(text), [(2, "2100".to_owned())]);
    }
}
