//! A line that is ticked off although its own result misses its own target.

use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Bound, Mark, Number, Sign, TokenKind, Unit, is_any};
use crate::audit::reading::{Judged, Ledger, Reading};

/// Words that put a figure of the line at another time.
const OTHER_TIME: &[&str] = &[
    "was",
    "were",
    "from",
    "before",
    "baseline",
    "initial",
    "initially",
    "originally",
    "previously",
    "previous",
    "not",
    "partial",
    "partially",
    "up",
    "down",
    "by",
    "improvement",
    "reduction",
    "increase",
    "gap",
    "of",
    "per",
    "warning",
    "except",
    "close",
    "nearly",
    "almost",
    "revised",
];

pub(super) fn judge(reading: &Reading<'_>, ledger: &mut Ledger) {
    for passage in 0..reading.document.passages.len() {
        if matches!(
            reading.passage(passage).role,
            Role::Line | Role::ItemHead | Role::Output
        ) {
            line(reading, passage, ledger);
        }
    }
}

fn line(reading: &Reading<'_>, passage: usize, ledger: &mut Ledger) {
    let numbers: Vec<_> = reading.numbers_in(passage).take(3).collect();
    let [first, second] = numbers.as_slice() else {
        return;
    };
    if !ticked(reading, passage) || reading.words(passage).any(|word| is_any(word, OTHER_TIME)) {
        return;
    }
    let (goal, result) = (reading.number(first.1), reading.number(second.1));
    let says = |range: std::ops::Range<usize>, list: &[&str]| {
        range
            .into_iter()
            .any(|at| is_any(reading.word(passage, at), list))
    };
    let target = says(first.0.saturating_sub(2)..first.0 + 2, &["target", "goal"]);
    let achieved = says(
        first.0 + 1..second.0 + 3,
        &["achieved", "actual", "current", "measured", "reached"],
    );
    let between: Vec<_> = (first.0 + 1..second.0)
        .filter_map(|at| reading.symbol_at(passage, at))
        .collect();
    let tied = between
        .iter()
        .any(|symbol| matches!(symbol, '→' | '(' | '=' | ':' | '-'))
        || achieved;
    let words = (first.0 + 1..second.0)
        .filter(|at| !reading.word(passage, *at).is_empty())
        .count();
    let Some(upward) = upward(
        reading,
        passage,
        goal,
        target && (achieved || between.contains(&'→')),
    ) else {
        return;
    };
    let alike = goal.unit == result.unit && goal.sign == Sign::None && result.sign == Sign::None;
    let exact = goal.upper.is_none() && result.is_exact() && goal.bound != Bound::About;
    // `30+ levels → 1 level` is a change, and a count is only met by a count of the same things.
    let tokens = reading.tokens(passage);
    let text = &reading.passage(passage).flat.text;
    let plus = text[tokens[first.0].at.start..]
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
    let plus = plus.is_some_and(|at| {
        text[tokens[first.0].at.start + at..]
            .trim_start_matches('%')
            .starts_with('+')
    });
    let after = |at: usize| reading.word(passage, at + 1).to_lowercase();
    let things =
        goal.unit != Unit::Count || after(second.0).is_empty() || after(first.0) == after(second.0);
    // `4.5:1`
    let scale = second.0 == first.0 + 2 && between == [':'];
    if plus && !target || !things || scale {
        return;
    }
    let turned = !target && says(second.0..second.0 + 3, &["target", "goal"]);
    if turned || !tied || !alike || !exact || words > 3 {
        return;
    }
    let met = if upward {
        result.value >= goal.value
    } else {
        result.value <= goal.value
    };
    let verdict = if met {
        Verdict::Consistent
    } else if listed(reading, passage) {
        Verdict::Unresolved
    } else {
        Verdict::Inconsistent
    };
    let side = if upward { "below" } else { "above" };
    let why = if met {
        format!("{} meets the target of {}", result.value, goal.value)
    } else {
        format!(
            "{} is {side} the target of {}, yet the line is ticked off",
            result.value, goal.value
        )
    };
    ledger.push(
        Judged::new(
            Kind::Contradiction,
            verdict,
            reading.span(passage, first.0, second.0),
        )
        .expected(if met { "met" } else { "not met" })
        .why(why)
        .numbers([first.1, second.1])
        .decision(true),
    );
}

/// Whether the line stands in a list of criteria, where a sign may be a mere bullet.
fn listed(reading: &Reading<'_>, passage: usize) -> bool {
    const CRITERIA: &[&str] = &[
        "criteria",
        "criterion",
        "targets",
        "goals",
        "must",
        "requirements",
        "acceptance",
        "next",
        "objectives",
        "roadmap",
        "plan",
    ];
    let item = reading.passage(passage).item;
    let boxed = item.is_some_and(|item| reading.document.items[item].task.is_some());
    let mut above = reading.document.headings_above(passage).take(2);
    !boxed && above.any(|heading| reading.words(heading).any(|word| is_any(word, CRITERIA)))
}

/// A ticked box, or a sign for done and none for anything else but a warning in a ticked box.
fn ticked(reading: &Reading<'_>, passage: usize) -> bool {
    let shape = reading.passage(passage);
    let head = shape.role == Role::ItemHead;
    let task = shape
        .item
        .filter(|_| head)
        .and_then(|item| reading.document.items[item].task);
    let mut marks = reading
        .tokens(passage)
        .iter()
        .filter_map(|token| match token.kind {
            TokenKind::Mark(mark) => Some(mark),
            _ => None,
        });
    match task {
        Some(ticked) => ticked,
        None => marks.next() == Some(Mark::Done) && marks.all(|mark| mark == Mark::Done),
    }
}

/// Which way the target is met: by its own sign, or upwards for a rate that names itself a target.
fn upward(reading: &Reading<'_>, passage: usize, goal: &Number, target: bool) -> Option<bool> {
    const UP: &[&str] = &["coverage", "pass", "passing", "success", "accuracy"];
    match goal.bound {
        Bound::AtLeast => Some(true),
        Bound::AtMost => Some(false),
        _ if !target || goal.unit != Unit::Percent => None,
        _ => reading
            .words(passage)
            .any(|word| is_any(word, UP))
            .then_some(true),
    }
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
    fn a_ticked_box_over_a_missed_bound() {
        assert_eq!(
            wrong("- [x] Line coverage > 90% (84%)\n- [x] Bundle < 300KB → 280KB\n"),
            [1]
        );
        assert!(wrong("- [ ] Line coverage > 90% (84%)\n").is_empty());
    }

    #[test]
    fn a_target_and_what_was_achieved() {
        assert_eq!(wrong("✅ Coverage: 85% target → 77.5% achieved\n"), [1]);
        assert!(wrong("✅ Coverage: 75% target → 77.5% achieved\n").is_empty());
    }
}
