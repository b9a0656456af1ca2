//! `18/32`, `621 of 738`, and the percentage that belongs to each.

use crate::audit::numbers::{Mark, Number, Sign, Token, TokenKind, Unit, is_any, noun, outcome};
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

/// A percentage beside the ratio that it states.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share {
    /// Index into the document's ratios.
    pub(crate) ratio: usize,
    pub(crate) percent: usize,
    /// Token index of the percentage.
    pub(crate) at: usize,
    /// Words nearby say what is left or missing: the complement may be meant.
    pub(crate) complement: bool,
    /// Words nearby say that the percentage is a target.
    pub(crate) target: bool,
    /// Words around give the percentage a subject of its own, or the ratio is a score or a position.
    pub(crate) foreign: bool,
}

/// Words that give a percentage beside a ratio a meaning of its own.
const OTHER_CLAUSE: &[&str] = &[
    "vs", "versus", "was", "from", "up", "down", "currently", "current", "now", "actual", "at", "with", "need",
    "needs", "needed", "required", "requires", "than", "more", "fewer", "faster", "slower", "improvement",
    "improved", "increase", "increased", "decrease", "reduction", "reduced", "growth", "gain", "above", "below",
    "threshold", "baseline", "previously", "before", "after", "and", "but", "while", "higher", "lower", "over",
    "compared", "confidence", "savings", "saved", "average", "avg", "smaller", "larger", "boost",
];
const TARGET: &[&str] = &["target", "targets", "goal", "goals", "targeted", "planned", "objective"];
const REST: &[&str] = &[
    "remaining", "left", "missing", "failing", "failed", "failures", "untested", "uncovered", "pending", "incomplete",
    "unresolved", "open", "gap", "gaps", "todo", "skipped",
];

pub(super) fn ratios(reading: &Reading<'_>, passage: usize) -> Vec<Ratio> {
    let mut found: Vec<Ratio> = Vec::new();
    for (index, part) in reading.numbers_in(passage) {
        let whole = slash(reading, passage, index).or_else(|| word_of(reading, passage, index));
        let Some((last, whole)) = whole else { continue };
        let free = found.last().is_none_or(|ratio| ratio.last < index);
        if free && is_ratio(reading.number(part), reading.number(whole)) {
            found.push(Ratio { passage, part, whole, first: index, last });
        }
    }
    found
}

fn is_ratio(part: &Number, whole: &Number) -> bool {
    let countable = |number: &Number| matches!(number.unit, Unit::Count | Unit::Measured(_)) && number.upper.is_none();
    part.unit == Unit::Count && countable(part) && countable(whole) && part.sign != Sign::Minus && whole.sign == Sign::None
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
    let between_is_words = (index + 1..of).all(|at| !word(at).is_empty() && !is_any(word(at), OTHER_CLAUSE));
    if !between_is_words {
        return None;
    }
    let skipped = (of + 1..of + 4).find(|at| reading.number_at(passage, *at).is_some())?;
    let filler = &["the", "all", "a", "total", "our", "planned", "required"];
    let whole = reading.number_at(passage, skipped)?;
    (of + 1..skipped).all(|at| is_any(word(at), filler) || word(at).eq_ignore_ascii_case("of")).then_some((skipped, whole))
}

/// Pairs each ratio with a neighbouring percentage.
pub(super) fn shares(reading: &Reading<'_>, passage: usize, ratios: &[Ratio], base: usize) -> Vec<Share> {
    let mut shares: Vec<Share> = Vec::new();
    for (index, ratio) in ratios.iter().enumerate() {
        let taken = |at: usize| shares.last().is_some_and(|share| share.at == at);
        let before = before(reading, ratio).filter(|at| !taken(*at));
        let after = after(reading, ratio).filter(|at| !taken(*at));
        let at = match (before, after) {
            (Some(b), Some(a)) => Some(if fits(reading, ratio, b) || !fits(reading, ratio, a) { b } else { a }),
            (b, a) => b.or(a),
        };
        let Some(at) = at else { continue };
        let Some(percent) = reading.number_at(passage, at) else { continue };
        let (complement, target) = nearby(reading, ratio, at);
        let foreign = foreign(reading, ratio, at);
        shares.push(Share { ratio: base + index, percent, at, complement, target, foreign });
    }
    shares
}

fn fits(reading: &Reading<'_>, ratio: &Ratio, at: usize) -> bool {
    use crate::audit::numbers::percent::{Fit, fit};
    let value = |id: usize| reading.number(id).value;
    let Some(percent) = reading.number_at(ratio.passage, at) else { return false };
    !value(ratio.whole).is_zero() && fit(value(ratio.part), value(ratio.whole), value(percent)) == Fit::Rounded
}

fn plain_percent(reading: &Reading<'_>, passage: usize, at: usize) -> bool {
    reading.number_at(passage, at).is_some_and(|id| {
        let number = reading.number(id);
        number.is_percent() && number.sign == Sign::None
    })
}

/// `k/n … (P%)`, `k/n - P%`, `k/n = P%`.
fn after(reading: &Reading<'_>, ratio: &Ratio) -> Option<usize> {
    let passage = ratio.passage;
    let tokens = reading.tokens(passage);
    let (mut words, mut separator, mut closed) = (0, None, false);
    for at in ratio.last + 1..tokens.len().min(ratio.last + 12) {
        match tokens[at].kind {
            TokenKind::Number(_) => {
                let bare = words == 0 && !closed;
                let tied = separator.is_some_and(|s| s != ',' || words == 0) || bare;
                return (tied && plain_percent(reading, passage, at) && ends_here(reading, ratio, at)).then_some(at);
            }
            TokenKind::Word => {
                words += 1;
                if words > 5 || closed || is_any(reading.word(passage, at), OTHER_CLAUSE) || is_any(reading.word(passage, at), TARGET) {
                    return None;
                }
            }
            TokenKind::Symbol(symbol @ ('(' | '[' | '=' | '-' | ':' | ',' | '|')) => {
                if separator == Some('(') || separator == Some(',') {
                    return None;
                }
                separator = Some(symbol);
            }
            TokenKind::Symbol(')' | ']') if separator.is_none() && !closed => closed = true,
            TokenKind::Symbol('~' | '*' | '`' | '"' | '\'' | '/') | TokenKind::Mark(_) => {}
            _ => return None,
        }
    }
    None
}

/// What follows the percentage must not give it another meaning.
fn ends_here(reading: &Reading<'_>, ratio: &Ratio, at: usize) -> bool {
    let passage = ratio.passage;
    let counts_tests = (ratio.first.saturating_sub(3)..at).any(|i| {
        let word = reading.word(passage, i);
        noun(word).is_some() || outcome(word).is_some()
    });
    for next in at + 1..at + 4 {
        match reading.tokens(passage).get(next).map(|token| token.kind) {
            Some(TokenKind::Word) => {
                let word = reading.word(passage, next);
                if is_any(word, OTHER_CLAUSE) || is_any(word, &["of", "to", "per"]) || is_any(word, TARGET) {
                    return false;
                }
                if counts_tests && is_any(word, &["coverage", "covered", "code", "line", "branch"]) {
                    return false;
                }
            }
            Some(TokenKind::Symbol('→')) => return false,
            _ => return true,
        }
    }
    true
}

/// `P% … (k/n`, `P%: k/n`, `P% - k of n`.
fn before(reading: &Reading<'_>, ratio: &Ratio) -> Option<usize> {
    let passage = ratio.passage;
    let tokens = reading.tokens(passage);
    let (mut words, mut separator) = (0, false);
    for back in 1..=ratio.first.min(10) {
        let at = ratio.first - back;
        match tokens[at].kind {
            TokenKind::Number(_) => {
                let ok = separator && plain_percent(reading, passage, at) && not_first_end(reading, passage, at);
                return ok.then_some(at);
            }
            TokenKind::Word => {
                words += 1;
                let word = reading.word(passage, at);
                let clause = is_any(word, OTHER_CLAUSE) && !word.eq_ignore_ascii_case("average");
                if words > 6 || clause || is_any(word, TARGET) || is_any(word, &["to", "reach"]) {
                    return None;
                }
            }
            TokenKind::Symbol('(' | '-' | '=' | ':' | ',') => {
                if separator {
                    return None;
                }
                separator = true;
            }
            TokenKind::Symbol('*' | '~') => {}
            TokenKind::Mark(Mark::Done | Mark::Warning | Mark::Pending | Mark::Failed) => {}
            _ => return None,
        }
    }
    None
}

/// A percentage before an arrow is the start of a change, not a share.
fn not_first_end(reading: &Reading<'_>, passage: usize, at: usize) -> bool {
    reading.symbol_at(passage, at + 1) != Some('→')
}

/// Words that a percentage may be followed by without a subject of its own.
const OF_A_SHARE: &[&str] = &[
    "complete", "completed", "completion", "done", "passing", "passed", "pass", "passes", "success", "successful", "succeeded", "rate",
    "coverage", "covered", "progress", "finished", "implemented", "ready", "migrated", "compliance", "compliant", "accuracy", "percent",
    "total", "overall", "failing", "failed", "failure", "skipped", "remaining", "functional", "working", "operational", "converted",
    "resolved", "fixed", "met", "achieved", "delivered", "tested", "untested", "tests", "adoption", "of", "filled", "missing", "created",
    "written", "verified", "validated", "approved", "closed", "statements", "lines", "routes", "tasks", "files", "features", "exact",
    "ui", "test", "code", "line", "branch", "function", "statement", "documented", "reached", "by",
];

/// Whether the percentage says something else than the share.
fn foreign(reading: &Reading<'_>, ratio: &Ratio, at: usize) -> bool {
    let passage = ratio.passage;
    let next = reading.word(passage, at + 1);
    let subject = !next.is_empty() && !is_any(next, OF_A_SHARE);
    let word = |at: usize| reading.word(passage, at);
    // `Week 11 of 20` is a place in time.
    let label = ratio.first > 0 && is_any(word(ratio.first - 1), &["week", "day", "phase", "sprint", "step", "session", "part", "month", "stage"]);
    // `42% complete (71/71 tests passing)` states two things.
    let between = || (at + 1..ratio.first).map(word).chain((ratio.last + 1..ratio.last + 5).map(word));
    let complete = (at + 1..ratio.first).any(|i| is_any(word(i), &["complete", "completed", "done", "progress"]));
    let passing = between().any(|word| outcome(word).is_some());
    let (part, whole) = (reading.number(ratio.part), reading.number(ratio.whole));
    let score = !part.value.is_whole() && whole.value.integer().is_some_and(|n| matches!(n, 5 | 10 | 100));
    let all = part.value == whole.value;
    subject && at > ratio.last || label || complete && (passing || all) || score
}

fn nearby(reading: &Reading<'_>, ratio: &Ratio, at: usize) -> (bool, bool) {
    let passage = ratio.passage;
    let first = ratio.first.min(at).saturating_sub(4);
    let last = ratio.last.max(at) + 4;
    let (mut complement, mut target) = (false, false);
    let tokens: &[Token] = reading.tokens(passage);
    for index in first..last.min(tokens.len()) {
        let word = reading.word(passage, index);
        complement |= is_any(word, REST);
        target |= is_any(word, TARGET);
    }
    (complement, target)
}
