//! Signs and hedges in front of a number.

use super::labels::{is_about, is_over, is_under};
use super::token::{Bound, Sign, Token, TokenKind};

/// Takes the signs directly before the number at `start` off the token list.
pub(super) fn take_prefix(tokens: &mut Vec<Token>, text: &str, start: usize) -> (Sign, Bound) {
    let (mut sign, mut bound, mut at) = (Sign::None, Bound::Exact, start);
    while let Some(last) = tokens.last() {
        let TokenKind::Symbol(symbol) = last.kind else {
            break;
        };
        let near = last.at.end == at || (symbol != '-' && symbol != '+' && last.at.end + 1 == at);
        if !near {
            break;
        }
        let before = text[..last.at.start].chars().next_back();
        let detached = !before.is_some_and(|c| c.is_alphanumeric() || c == ')' || c == '%');
        match symbol {
            '+' if detached && sign == Sign::None => sign = Sign::Plus,
            '-' if detached && sign == Sign::None => sign = Sign::Minus,
            '~' => bound = Bound::About,
            '>' | '≥' => bound = Bound::AtLeast,
            '<' | '≤' => bound = Bound::AtMost,
            _ => break,
        }
        at = last.at.start;
        tokens.pop();
    }
    if bound == Bound::Exact {
        bound = hedge(tokens, text);
    }
    (sign, bound)
}

/// A hedging word directly before the number.
fn hedge(tokens: &[Token], text: &str) -> Bound {
    let Some(last) = tokens.last().filter(|token| token.kind == TokenKind::Word) else {
        return Bound::Exact;
    };
    let word = &text[last.at.clone()];
    let before = tokens
        .len()
        .checked_sub(2)
        .map(|i| &text[tokens[i].at.clone()]);
    let after = |first: &str| before.is_some_and(|w| w.eq_ignore_ascii_case(first));
    if is_about(word) {
        Bound::About
    } else if is_over(word) || (word.eq_ignore_ascii_case("than") && after("more")) {
        Bound::AtLeast
    } else if is_under(word)
        || (word.eq_ignore_ascii_case("than") && (after("less") || after("fewer")))
        || (word.eq_ignore_ascii_case("to") && after("up"))
    {
        Bound::AtMost
    } else {
        Bound::Exact
    }
}
