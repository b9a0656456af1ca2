//! The percentage that belongs to a ratio.

use super::ratio::{OTHER_CLAUSE, Ratio};
use super::subject::foreign;
use crate::audit::numbers::percent::{Fit, fit};
use crate::audit::numbers::{Mark, Sign, Token, TokenKind, is_any, noun, outcome};
use crate::audit::reading::Reading;

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

const TARGET: &[&str] = &[
    "target",
    "targets",
    "goal",
    "goals",
    "targeted",
    "planned",
    "objective",
];
const REST: &[&str] = &[
    "remaining",
    "remain",
    "remains",
    "left",
    "missing",
    "failing",
    "failed",
    "failures",
    "untested",
    "uncovered",
    "remain",
    "remains",
    "pending",
    "incomplete",
    "unresolved",
    "open",
    "gap",
    "gaps",
    "todo",
    "skipped",
];

/// Pairs each ratio with a neighbouring percentage.
pub(super) fn shares(
    reading: &Reading<'_>,
    passage: usize,
    ratios: &[Ratio],
    base: usize,
) -> Vec<Share> {
    let mut shares: Vec<Share> = Vec::new();
    for (index, ratio) in ratios.iter().enumerate() {
        let taken = |at: usize| shares.last().is_some_and(|share| share.at == at);
        let before = before(reading, ratio).filter(|at| !taken(*at));
        let after = after(reading, ratio).filter(|at| !taken(*at));
        let at = match (before, after) {
            (Some(b), Some(a)) => Some(if fits(reading, ratio, b) || !fits(reading, ratio, a) {
                b
            } else {
                a
            }),
            (b, a) => b.or(a),
        };
        let Some(at) = at else { continue };
        let Some(percent) = reading.number_at(passage, at) else {
            continue;
        };
        let (complement, target) = nearby(reading, ratio, at);
        let foreign = foreign(reading, ratio, at);
        shares.push(Share {
            ratio: base + index,
            percent,
            at,
            complement,
            target,
            foreign,
        });
    }
    shares
}

fn fits(reading: &Reading<'_>, ratio: &Ratio, at: usize) -> bool {
    let value = |id: usize| reading.number(id).value;
    let Some(percent) = reading.number_at(ratio.passage, at) else {
        return false;
    };
    !value(ratio.whole).is_zero()
        && fit(value(ratio.part), value(ratio.whole), value(percent)) == Fit::Rounded
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
    for (at, token) in tokens
        .iter()
        .enumerate()
        .take(ratio.last + 12)
        .skip(ratio.last + 1)
    {
        match token.kind {
            TokenKind::Number(_) => {
                let bare = words == 0 && !closed;
                let tied = separator.is_some_and(|s| s != ',' || words == 0) || bare;
                return (tied
                    && plain_percent(reading, passage, at)
                    && ends_here(reading, ratio, at))
                .then_some(at);
            }
            TokenKind::Word => {
                words += 1;
                if words > 5
                    || closed
                    || is_any(reading.word(passage, at), OTHER_CLAUSE)
                    || is_any(reading.word(passage, at), TARGET)
                {
                    return None;
                }
            }
            TokenKind::Symbol(symbol @ ('(' | '[' | '=' | '-' | ':' | ',' | '|')) => {
                if separator.is_some_and(|known| "(,|".contains(known)) {
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
                if is_any(word, OTHER_CLAUSE)
                    || is_any(word, &["of", "to", "per"])
                    || is_any(word, TARGET)
                {
                    return false;
                }
                if counts_tests && is_any(word, &["coverage", "covered", "code", "line", "branch"])
                {
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
    // `14%, suites 8/20`: after a comma only the ratio itself goes on with the percentage.
    for back in 1..=ratio.first.min(10) {
        let at = ratio.first - back;
        match tokens[at].kind {
            TokenKind::Number(_) => {
                let ok = separator
                    && plain_percent(reading, passage, at)
                    && not_first_end(reading, passage, at);
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
            TokenKind::Symbol(symbol @ ('(' | '-' | '=' | ':' | ',')) => {
                if separator || symbol == ',' && words > 0 {
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
