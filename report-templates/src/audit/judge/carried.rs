//! The count that a heading, label, item or line of output carries for those above it.

use crate::audit::claims::Claims;
use crate::audit::document::Role;
use crate::audit::numbers::{Decimal, Outcome, TokenKind, is_any, noun, outcome, stem};
use crate::audit::reading::Reading;

/// `(15 tests)`, `(15)`, `12/15 passing` or `✅ 15 passing`.
#[derive(Clone, Debug)]
pub(super) struct Carried {
    pub(super) passage: usize,
    /// The count, or the part of a ratio.
    pub(super) part: usize,
    /// The whole of a ratio.
    pub(super) whole: Option<usize>,
    /// Stem of what is counted, where the passage says.
    pub(super) unit: Option<String>,
    /// Token indices of the claim.
    pub(super) first: usize,
    pub(super) last: usize,
}

impl Carried {
    /// The largest number of things it speaks of.
    pub(super) fn most(&self) -> usize {
        self.whole.unwrap_or(self.part)
    }

    /// Whether tests, or something not named, are counted.
    pub(super) fn of_tests(&self) -> bool {
        self.unit.as_deref().is_none_or(|unit| unit == "test")
    }
}

/// Words after which a ratio is a position or a mark, not a count.
const NO_COUNT: &[&str] = &[
    "score",
    "rating",
    "grade",
    "rated",
    "week",
    "day",
    "phase",
    "step",
    "sprint",
    "stage",
    "priority",
    "level",
    "tier",
    "quality",
    "page",
    "milestone",
    "weight",
    "module",
    "round",
    "stars",
    "confidence",
    "maturity",
    "readiness",
];

/// The one count of a passage.
pub(super) fn carried(reading: &Reading<'_>, claims: &Claims, passage: usize) -> Option<Carried> {
    if reading.tokens(passage).len() > 60 || hedged(reading, passage) {
        return None;
    }
    match claims.ratios_in(passage) {
        [] if reading.passage(passage).role == Role::Output => output(reading, claims, passage),
        [] => bracketed(reading, passage),
        [ratio] => {
            let (part, whole) = (reading.number(ratio.part), reading.number(ratio.whole));
            let plain = part.is_plain_count() && whole.is_plain_count();
            let exact = part.is_exact() && whole.is_exact() && part.value <= whole.value;
            // Only the words around the ratio; a remark further on is about something else.
            let near = 0..(ratio.last + 3).min(reading.tokens(passage).len());
            let mut near = near.map(|at| reading.word(passage, at));
            let mark = near.any(|word| is_any(word, NO_COUNT));
            let unit = word_after(reading, passage, ratio.last);
            (plain && exact && !mark && !whole.value.is_zero()).then_some(Carried {
                passage,
                part: ratio.part,
                whole: Some(ratio.whole),
                unit,
                first: ratio.first,
                last: ratio.last,
            })
        }
        _ => None,
    }
}

/// A change, a target or an estimate carries no count of what there is.
fn hedged(reading: &Reading<'_>, passage: usize) -> bool {
    let moves =
        |token: &crate::audit::numbers::Token| matches!(token.kind, TokenKind::Symbol('→' | '~'));
    reading.tokens(passage).iter().any(moves)
        || reading.words(passage).any(|word| {
            is_any(
                word,
                &[
                    "target",
                    "goal",
                    "was",
                    "previously",
                    "before",
                    "estimated",
                    "additional",
                    "more",
                    "planned",
                    "remaining",
                    "each",
                    "per",
                    "about",
                    "up",
                    "reach",
                    "reaching",
                    "toward",
                    "towards",
                    "need",
                    "needed",
                    "needs",
                ],
            )
        })
}

/// The only plain count in brackets, with at most four words after it and nothing else.
fn bracketed(reading: &Reading<'_>, passage: usize) -> Option<Carried> {
    let mut found = None;
    for (at, id) in reading.numbers_in(passage) {
        if at == 0 || !matches!(reading.symbol_at(passage, at - 1), Some('(' | '[')) {
            continue;
        }
        let number = reading.number(id);
        let words = (at + 1..at + 6).take_while(|i| !reading.word(passage, *i).is_empty());
        let end = at + 1 + words.count();
        let closed = matches!(reading.symbol_at(passage, end), Some(')' | ']'));
        if !closed || found.is_some() || !number.is_plain_count() || !number.is_exact() {
            return None;
        }
        found = Some(Carried {
            passage,
            part: id,
            whole: None,
            unit: unit(reading, passage, at + 1, end),
            first: at,
            last: at,
        });
    }
    found
}

/// `Parser: 12 tests`: the only number of a passage, with a label before it and its unit behind.
pub(super) fn labelled(reading: &Reading<'_>, passage: usize) -> Option<Carried> {
    let mut numbers = reading.numbers_in(passage);
    let (at, id) = numbers.next()?;
    let number = reading.number(id);
    let label = at > 1 && reading.symbol_at(passage, at - 1) == Some(':');
    let alone = numbers.next().is_none() && number.is_plain_count() && number.is_exact();
    let words = (at + 1..at + 5).take_while(|i| !reading.word(passage, *i).is_empty());
    let end = at + 1 + words.count();
    let unit = unit(reading, passage, at + 1, end)?;
    (label && alone && end - at <= 3 && !hedged(reading, passage)).then_some(Carried {
        passage,
        part: id,
        whole: None,
        unit: Some(unit),
        first: at,
        last: at,
    })
}

/// `43 helper methods` at the start of an item, with the words that may name the unit.
pub(super) fn leading<'r>(
    reading: &'r Reading<'_>,
    passage: usize,
) -> Option<(Carried, Vec<&'r str>)> {
    let (at, id) = reading.numbers_in(passage).next()?;
    let number = reading.number(id);
    let first = reading.tokens(passage)[..at]
        .iter()
        .all(|token| matches!(token.kind, TokenKind::Mark(_)));
    let words = (at + 1..at + 4).map(|i| reading.word(passage, i));
    let words: Vec<_> = words.take_while(|word| !word.is_empty()).collect();
    let plain = number.is_plain_count() && number.is_exact();
    (first && plain && !words.is_empty() && !hedged(reading, passage)).then(|| {
        let count = Carried {
            passage,
            part: id,
            whole: None,
            unit: None,
            first: at,
            last: at,
        };
        (count, words)
    })
}

/// `✅ 25 passing`: a line of output with one outcome and no other count.
fn output(reading: &Reading<'_>, claims: &Claims, passage: usize) -> Option<Carried> {
    let [stated] = claims.stated_in(passage) else {
        return bracketed(reading, passage);
    };
    let lone = reading.numbers_in(passage).count() == 1 && reading.number(stated.number).is_exact();
    (lone && stated.outcome == Outcome::Passed && !stated.labelled).then(|| Carried {
        passage,
        part: stated.number,
        whole: None,
        unit: Some(stated.noun.to_owned()),
        first: stated.at,
        last: stated.at,
    })
}

/// What the words from `from` to `end` count: the last noun that is no outcome.
fn unit(reading: &Reading<'_>, passage: usize, from: usize, end: usize) -> Option<String> {
    let words = (from..end).map(|at| reading.word(passage, at));
    let named: Vec<_> = words.collect();
    if named.is_empty() || named.iter().all(|word| is_counter(word)) {
        return None;
    }
    if let Some(noun) = named.iter().rev().find_map(|word| noun(word)) {
        return Some(noun.to_owned());
    }
    let counted = named.iter().rev().find(|word| outcome(word).is_none());
    Some(counted.map_or_else(|| "test".to_owned(), |word| stem(word)))
}

/// What is counted, by the words directly after a ratio.
fn word_after(reading: &Reading<'_>, passage: usize, last: usize) -> Option<String> {
    let words = (last + 1..last + 5).take_while(|i| !reading.word(passage, *i).is_empty());
    unit(reading, passage, last + 1, last + 1 + words.count())
}

/// Words of languages that count with a counter, and `total`.
fn is_counter(word: &str) -> bool {
    is_any(
        word,
        &[
            "total", "个", "個", "项", "項", "件", "개", "nuevos", "stück",
        ],
    )
}

/// Sum of numbers by id.
pub(super) fn sum(reading: &Reading<'_>, ids: impl Iterator<Item = usize>) -> Decimal {
    ids.fold(Decimal::ZERO, |sum, id| sum.add(reading.number(id).value))
}
