//! `18/32`, `621 of 738`.

use crate::audit::numbers::{Number, Sign, Unit, is_any};
use crate::audit::reading::Reading;

/// A part and a whole, by number; `first` and `last` are token indices.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ratio {
    pub(crate) passage: usize,
    pub(crate) part: usize,
    pub(crate) whole: usize,
    pub(crate) first: usize,
    pub(crate) last: usize,
}

/// Words that give a percentage beside a ratio a meaning of its own.
pub(super) const OTHER_CLAUSE: &[&str] = &[
    "vs",
    "versus",
    "was",
    "from",
    "up",
    "down",
    "currently",
    "current",
    "now",
    "actual",
    "at",
    "with",
    "need",
    "needs",
    "needed",
    "required",
    "requires",
    "than",
    "more",
    "fewer",
    "faster",
    "slower",
    "improvement",
    "improved",
    "increase",
    "increased",
    "decrease",
    "reduction",
    "reduced",
    "growth",
    "gain",
    "above",
    "below",
    "threshold",
    "baseline",
    "previously",
    "before",
    "after",
    "and",
    "but",
    "while",
    "higher",
    "lower",
    "over",
    "compared",
    "confidence",
    "savings",
    "saved",
    "average",
    "avg",
    "smaller",
    "larger",
    "boost",
];
pub(super) fn ratios(reading: &Reading<'_>, passage: usize) -> Vec<Ratio> {
    let mut found: Vec<Ratio> = Vec::new();
    for (index, part) in reading.numbers_in(passage) {
        let whole = slash(reading, passage, index).or_else(|| word_of(reading, passage, index));
        let Some((last, whole)) = whole else { continue };
        let free = found.last().is_none_or(|ratio| ratio.last < index);
        if free && is_ratio(reading.number(part), reading.number(whole)) {
            found.push(Ratio {
                passage,
                part,
                whole,
                first: index,
                last,
            });
        }
    }
    found
}

fn is_ratio(part: &Number, whole: &Number) -> bool {
    let countable = |number: &Number| {
        matches!(number.unit, Unit::Count | Unit::Measured(_)) && number.upper.is_none()
    };
    part.unit == Unit::Count
        && countable(part)
        && countable(whole)
        && part.sign != Sign::Minus
        && whole.sign == Sign::None
}

/// `k/n`, but not one step of `a/b/c`.
fn slash(reading: &Reading<'_>, passage: usize, index: usize) -> Option<(usize, usize)> {
    let sign = |at: usize| reading.symbol_at(passage, at);
    if sign(index + 1) != Some('/') || index > 0 && sign(index - 1) == Some('/') {
        return None;
    }
    let whole = reading.number_at(passage, index + 2)?;
    (sign(index + 3) != Some('/')).then_some((index + 2, whole))
}

/// `k [words] of [the] n`.
fn word_of(reading: &Reading<'_>, passage: usize, index: usize) -> Option<(usize, usize)> {
    let word = |at: usize| reading.word(passage, at);
    let of = (index + 1..index + 6).find(|at| word(*at).eq_ignore_ascii_case("of"))?;
    let between_is_words =
        (index + 1..of).all(|at| !word(at).is_empty() && !is_any(word(at), OTHER_CLAUSE));
    if !between_is_words {
        return None;
    }
    let skipped = (of + 1..of + 4).find(|at| reading.number_at(passage, *at).is_some())?;
    let filler = &["the", "all", "a", "total", "our", "planned", "required"];
    let whole = reading.number_at(passage, skipped)?;
    (of + 1..skipped)
        .all(|at| is_any(word(at), filler) || word(at).eq_ignore_ascii_case("of"))
        .then_some((skipped, whole))
}
