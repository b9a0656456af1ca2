//! `a → b (c)`, `c (a → b)`, `from a to b`, and directions that the numbers deny.

use super::differ::{Wording, difference};
use super::direction;
use super::neighbours::{of_another_measure, of_different_things};
use crate::audit::numbers::{Decimal, Number, Sign, TokenKind, Unit, is_any};
use crate::audit::reading::{Judged, Ledger, Reading};

/// Words that make a plain percentage a change.
const CHANGE: &[&str] = &[
    "improvement",
    "improvements",
    "increase",
    "increased",
    "reduction",
    "reduced",
    "decrease",
    "decreased",
    "faster",
    "slower",
    "smaller",
    "larger",
    "growth",
    "gain",
    "gained",
    "drop",
    "less",
    "more",
    "fewer",
    "saved",
    "savings",
    "speedup",
    "higher",
    "lower",
    "better",
    "improved",
    "shorter",
    "lighter",
    "jump",
    "boost",
    "relative",
];

/// A pair of ends by token index.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) a: usize,
    pub(super) b: usize,
}

pub(super) fn judge(reading: &Reading<'_>, ledger: &mut Ledger) {
    for passage in 0..reading.document.passages.len() {
        let ends = arrows(reading, passage);
        for pair in &ends {
            after(reading, passage, *pair, ledger);
            before(reading, passage, *pair, ledger);
        }
        direction::judge(reading, passage, &ends, ledger);
        direction::down_from(reading, passage, ledger);
    }
}

/// All `a → b` and `from a to b` that are not links of a longer chain.
fn arrows(reading: &Reading<'_>, passage: usize) -> Vec<Ends> {
    let numbers: Vec<_> = reading.numbers_in(passage).collect();
    let linked = |x: usize, y: usize| between(reading, passage, x, y);
    let mut found = Vec::new();
    for (index, pair) in numbers.windows(2).enumerate() {
        let [(first, a), (last, b)] = pair else {
            continue;
        };
        let chained = index > 0 && linked(numbers[index - 1].0, *first)
            || numbers
                .get(index + 2)
                .is_some_and(|(next, _)| linked(*last, *next));
        let sliced = reading.symbol_at(passage, last + 1) == Some('/')
            || *first > 0 && reading.symbol_at(passage, first - 1) == Some('/');
        if linked(*first, *last) && !chained && !sliced {
            found.push(Ends {
                first: *first,
                last: *last,
                a: *a,
                b: *b,
            });
        }
    }
    found
}

/// Whether two neighbouring numbers are joined as ends of a change.
fn between(reading: &Reading<'_>, passage: usize, first: usize, last: usize) -> bool {
    if last - first > 5 {
        return false;
    }
    let inside = first + 1..last;
    let arrow = inside
        .clone()
        .any(|at| reading.symbol_at(passage, at) == Some('→'));
    let words_only = |at: usize| {
        matches!(
            reading.tokens(passage)[at].kind,
            TokenKind::Word | TokenKind::Symbol('→' | '*' | '~' | '`') | TokenKind::Mark(_)
        )
    };
    if arrow {
        return inside.clone().all(words_only);
    }
    let to = inside
        .clone()
        .any(|at| reading.word(passage, at).eq_ignore_ascii_case("to"));
    let from = (first.saturating_sub(3)..first)
        .any(|at| reading.word(passage, at).eq_ignore_ascii_case("from"));
    to && from && inside.clone().all(words_only)
}

/// The claim that follows the ends, in brackets or after a comma or dash.
fn after(reading: &Reading<'_>, passage: usize, ends: Ends, ledger: &mut Ledger) {
    let tokens = reading.tokens(passage);
    let (mut separated, mut closed) = (false, false);
    let mut words = 0;
    for (at, token) in tokens
        .iter()
        .enumerate()
        .take(ends.last + 9)
        .skip(ends.last + 1)
    {
        match token.kind {
            TokenKind::Symbol('(' | ',' | '-' | '=' | ':' | ';') if !separated => separated = true,
            TokenKind::Symbol('*' | '`' | '~' | '→') | TokenKind::Mark(_) => {}
            TokenKind::Symbol(')') if !separated => closed = true,
            TokenKind::Word if words < 4 => words += 1,
            // `3x (10 → 30), Other 4x (…)`: the next clause has a change of its own.
            TokenKind::Number(_)
                if closed && words > 0 && reading.symbol_at(passage, at + 1) == Some('(') =>
            {
                return;
            }
            TokenKind::Number(claim) => {
                let signed = reading.number(claim).sign != Sign::None;
                if separated
                    || signed
                    || words == 0 && !matches!(reading.number(claim).unit, Unit::Count)
                {
                    claim_at(reading, passage, ends, (at, claim), ledger);
                    second_claim(reading, passage, ends, at, ledger);
                }
                return;
            }
            _ => return,
        }
    }
}

/// `(+31% / +79% relative improvement)`.
fn second_claim(
    reading: &Reading<'_>,
    passage: usize,
    ends: Ends,
    first: usize,
    ledger: &mut Ledger,
) {
    let Some(claim) = reading.number_at(passage, first + 2) else {
        return;
    };
    let slash = matches!(reading.symbol_at(passage, first + 1), Some('/' | ','));
    if slash && reading.number(claim).sign != Sign::None {
        claim_at(reading, passage, ends, (first + 2, claim), ledger);
    }
}

/// The claim before the ends: `+10 tests fixed (74 → 84)`.
fn before(reading: &Reading<'_>, passage: usize, ends: Ends, ledger: &mut Ledger) {
    let tokens = reading.tokens(passage);
    let mut words = 0;
    let mut opened = false;
    for at in (ends.first.saturating_sub(12)..ends.first).rev() {
        match tokens[at].kind {
            TokenKind::Symbol('(' | ':' | ',' | '-') if !opened => opened = true,
            TokenKind::Symbol('*' | '`' | '~') | TokenKind::Mark(_) => {}
            TokenKind::Word if words < 8 => words += 1,
            TokenKind::Number(claim) => {
                let from = reading
                    .word(passage, ends.first - 1)
                    .eq_ignore_ascii_case("from");
                if opened || from {
                    claim_at(reading, passage, ends, (at, claim), ledger);
                }
                return;
            }
            _ => return,
        }
    }
}

fn claim_at(
    reading: &Reading<'_>,
    passage: usize,
    ends: Ends,
    (at, claim): (usize, usize),
    ledger: &mut Ledger,
) {
    let number = reading.number(claim);
    let near = |list: &[&str]| {
        (at.saturating_sub(4)..at + 5).any(|i| is_any(reading.word(passage, i), list))
    };
    if !says_change(reading, passage, at, number)
        || near(&["total", "target", "goal", "remaining", "overall", "of"]) && at > ends.last
    {
        return;
    }
    let to = |i: usize| reading.word(passage, i).eq_ignore_ascii_case("to");
    if to(at + 1) || at > 0 && to(at - 1) || to(ends.last + 1) {
        return;
    }
    if near(&["per", "each", "average", "avg"]) {
        return;
    }
    if (at.saturating_sub(4)..at)
        .any(|i| is_any(reading.word(passage, i), &["target", "targets", "goal"]))
    {
        return;
    }
    // `4 files → 12 files, 58% size reduction`: the sizes are not given here.
    if of_different_things(reading, passage, (ends.first, ends.last), at) {
        return;
    }
    if of_another_measure(reading, passage, at, ends.a) {
        return;
    }
    let relative = (at + 1..at + 3)
        .take_while(|i| !reading.word(passage, *i).is_empty())
        .any(|i| is_any(reading.word(passage, i), &["relative"]));
    let timed = matches!(reading.number(ends.a).unit, Unit::Measured(_));
    // More than all of a duration cannot be saved: the speed has risen by as much.
    let risen = number.value > Decimal::whole(100)
        && reading.number(ends.b).value < reading.number(ends.a).value;
    let speed = risen
        || near(&["faster", "speedup", "speed", "quicker", "throughput"])
        || timed && near(&["improvement", "improved", "better"]);
    let wording = Wording {
        speed,
        relative,
        bare_points: false,
    };
    let Some(found) = difference(
        reading.number(ends.a),
        reading.number(ends.b),
        number,
        wording,
    ) else {
        return;
    };
    let span = reading.span(passage, ends.first.min(at), ends.last.max(at));
    ledger.push(
        Judged::new(found.kind, found.verdict, span)
            .expected(found.expected)
            .why(found.why)
            .numbers([ends.a, ends.b, claim]),
    );
}

/// A sign, a factor or a word says that the number is a change.
fn says_change(reading: &Reading<'_>, passage: usize, at: usize, number: &Number) -> bool {
    let worded = (at + 1..at + 4)
        .map(|i| reading.word(passage, i))
        .take_while(|word| !word.is_empty())
        .any(|word| is_any(word, CHANGE))
        || at > 0 && is_any(reading.word(passage, at - 1), CHANGE);
    number.sign != Sign::None || number.unit == Unit::Factor || worded
}
