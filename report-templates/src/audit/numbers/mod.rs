//! From text to tokens: numbers with their signs, bounds and units; words; symbols.

mod bound;
mod dates;
pub(crate) mod decimal;
mod labels;
mod lexer;
mod literal;
mod marks;
pub(crate) mod percent;
mod token;
mod words;

pub(crate) use decimal::Decimal;
pub(crate) use lexer::{Lexed, lex};
pub(crate) use marks::Mark;
pub(crate) use token::{Bound, Measure, Number, Sign, SkipReason, Token, TokenKind, Unit};
pub(crate) use words::{Outcome, is_any, noun, outcome, stem};
