//! Passages to tokens. Whatever looks like a date, version, path or identifier is set aside here.

use super::bound::take_prefix;
use super::dates::{date_at, digits, is_month};
use super::labels::names_a_number;
use super::literal::{Literal, literal_at};
use super::marks::{mark_at, symbol_at};
use super::token::{Bound, Number, SkipReason, Token, TokenKind, Unit};
use crate::audit::document::{Document, Passage, Role};
use std::ops::Range;

/// What lexing a document yields.
#[derive(Debug, Default)]
pub(crate) struct Lexed {
    /// Tokens by passage.
    pub(crate) tokens: Vec<Vec<Token>>,
    pub(crate) numbers: Vec<Number>,
    /// Numbers set aside, with the reason.
    pub(crate) skipped: Vec<SkipReason>,
}

/// Lexes every passage.
pub(crate) fn lex(document: &Document) -> Lexed {
    let mut lexed = Lexed::default();
    for passage in &document.passages {
        let tokens = Lexer::new(passage, &mut lexed).run();
        lexed.tokens.push(tokens);
    }
    lexed
}

struct Lexer<'a> {
    passage: &'a Passage,
    text: &'a str,
    at: usize,
    next_opaque: usize,
    tokens: Vec<Token>,
    out: &'a mut Lexed,
}

impl<'a> Lexer<'a> {
    fn new(passage: &'a Passage, out: &'a mut Lexed) -> Self {
        let text = passage.flat.text.as_str();
        Self {
            passage,
            text,
            at: 0,
            next_opaque: 0,
            tokens: Vec::new(),
            out,
        }
    }

    fn run(mut self) -> Vec<Token> {
        if self.passage.role == Role::Opaque {
            self.name(0..self.text.len(), SkipReason::Code);
            return self.tokens;
        }
        while self.at < self.text.len() {
            self.step();
        }
        self.tokens
    }

    fn step(&mut self) {
        if let Some((range, reason)) = self.passage.flat.opaque.get(self.next_opaque) {
            if self.at >= range.end {
                self.next_opaque += 1;
                return;
            }
            if self.at >= range.start {
                return self.name(range.clone(), *reason);
            }
        }
        let rest = &self.text[self.at..];
        let Some(c) = rest.chars().next() else { return };
        if let Some(length) = self.path_at(rest) {
            return self.name(self.at..self.at + length, SkipReason::Path);
        }
        if let Some((mark, length)) = mark_at(rest) {
            return self.push(TokenKind::Mark(mark), length);
        }
        if let Some(length) = keycap_at(rest) {
            self.out.skipped.push(SkipReason::Label);
            self.at += length;
            return;
        }
        if c.is_ascii_digit() {
            return self.number(rest);
        }
        if let Some((symbol, length)) = symbol_at(rest) {
            return self.push(TokenKind::Symbol(symbol), length);
        }
        if c == '#' && digits(&rest[1..]) > 0 {
            let end = self.at + 1 + digits(&rest[1..]);
            return self.name(self.at..end, SkipReason::Identifier);
        }
        if c.is_alphabetic() || c == '_' || c.is_numeric() {
            return self.word(rest);
        }
        match c {
            _ if c.is_whitespace() => self.at += c.len_utf8(),
            '•' | '·' => self.push(TokenKind::Symbol(','), c.len_utf8()),
            '│' => self.push(TokenKind::Symbol('|'), c.len_utf8()),
            _ if c.is_ascii_punctuation() => self.push(TokenKind::Symbol(c), 1),
            _ => self.at += c.len_utf8(),
        }
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        self.tokens.push(Token {
            kind,
            at: self.at..self.at + length,
        });
        self.at += length;
    }

    /// Sets a stretch aside; each run of digits in it is one skipped number.
    fn name(&mut self, range: Range<usize>, reason: SkipReason) {
        let mut inside = false;
        for byte in self.text[range.clone()].bytes() {
            let digit = byte.is_ascii_digit();
            if digit && !inside {
                self.out.skipped.push(reason);
            }
            inside = digit;
        }
        self.at = range.end;
        self.tokens.push(Token {
            kind: TokenKind::Name,
            at: range,
        });
    }

    /// Length of a path, file name or URL that starts a word here.
    fn path_at(&self, rest: &str) -> Option<usize> {
        let before = self.text[..self.at].chars().next_back();
        if before.is_some_and(|c| !c.is_whitespace() && !"([\"'<`=:".contains(c)) {
            return None;
        }
        let chunk = rest
            .split(|c: char| c.is_whitespace() || "()[]<>|,;\"'`".contains(c))
            .next()?;
        let chunk = chunk.trim_end_matches(['.', ':', '!', '?', '*']);
        let letters = |part: &str| part.contains(|c: char| c.is_alphabetic());
        let is_file = chunk.rsplit_once('.').is_some_and(|(stem, end)| {
            letters(stem)
                && (1..=5).contains(&end.len())
                && end.starts_with(|c: char| c.is_ascii_lowercase())
                && end.bytes().all(|b| b.is_ascii_alphanumeric())
        });
        let is_route = chunk.starts_with('/') && letters(chunk);
        let nested = chunk.split('/').filter(|part| letters(part)).count() > 1;
        let is_path = nested
            && chunk
                .bytes()
                .any(|b| b.is_ascii_digit() || b == b'_' || b == b'.');
        (chunk.contains("://") || is_file || is_route || is_path || chunk.contains('\\'))
            .then_some(chunk.len())
            .filter(|length| *length > 0)
    }

    fn word(&mut self, rest: &str) {
        let length = word_length(rest);
        let word = &rest[..length];
        if is_month(word)
            && let Some(extra) = month_tail(&rest[length..])
        {
            return self.name(self.at..self.at + length + extra, SkipReason::Date);
        }
        if word.contains(|c: char| c.is_ascii_digit()) {
            let version = word.starts_with(['v', 'V']) && digits(&word[1..]) > 0;
            let reason = if version {
                SkipReason::Version
            } else {
                SkipReason::Identifier
            };
            return self.name(self.at..self.at + length, reason);
        }
        let kind = if word.contains(['_', '.']) {
            TokenKind::Name
        } else {
            TokenKind::Word
        };
        self.push(kind, length);
    }

    fn number(&mut self, rest: &str) {
        if let Some(length) = date_at(rest) {
            return self.name(self.at..self.at + length, SkipReason::Date);
        }
        match literal_at(rest) {
            Literal::Skip { length, reason } => self.name(self.at..self.at + length, reason),
            Literal::Number {
                length,
                digits,
                value,
                upper,
                unit,
                open,
            } => {
                if let Some(reason) = self.label(rest, length, unit) {
                    return self.name(self.at..self.at + length, reason);
                }
                let (sign, mut bound) = take_prefix(&mut self.tokens, self.text, self.at);
                if open {
                    bound = Bound::AtLeast;
                }
                let unit = self.money(unit);
                let source = self.passage.flat.source_range(self.at..self.at + digits);
                let number = Number {
                    source,
                    value,
                    upper,
                    sign,
                    bound,
                    unit,
                };
                let id = self.out.numbers.len();
                self.out.numbers.push(number);
                self.push(TokenKind::Number(id), length);
            }
        }
    }

    fn money(&self, unit: Unit) -> Unit {
        let dollar = |token: &Token| matches!(token.kind, TokenKind::Symbol('$'));
        if unit == Unit::Count && self.tokens.last().is_some_and(dollar) {
            return Unit::Measured(super::token::Measure::Money);
        }
        unit
    }

    /// Why this number is a name: an ordinal at the start, `Phase 2`, `in 2025`.
    fn label(&self, rest: &str, length: usize, unit: Unit) -> Option<SkipReason> {
        if unit != Unit::Count {
            return None;
        }
        let after = &rest[length..];
        let next = after.trim_start();
        let first = self.tokens.len() < 6
            && self
                .tokens
                .iter()
                .all(|t| matches!(t.kind, TokenKind::Mark(_)));
        if first && after.starts_with(['.', ')']) && after[1..].starts_with(char::is_whitespace) {
            return Some(SkipReason::Label);
        }
        let dotted = rest[..length].contains('.');
        if first
            && dotted
            && self.passage.role == Role::Heading
            && next.starts_with(char::is_alphabetic)
        {
            return Some(SkipReason::Label);
        }
        if next.starts_with('/') || next.starts_with("of ") || next.starts_with("out of ") {
            return None;
        }
        let word_after = next
            .split(|c: char| !c.is_alphabetic())
            .next()
            .unwrap_or_default();
        if is_month(word_after) && word_after.len() < next.len() {
            return Some(SkipReason::Date);
        }
        let last = self.tokens.last()?;
        let word = &self.text[last.at.clone()];
        let year = length == 4 && (rest.starts_with("19") || rest.starts_with("20"));
        match last.kind {
            TokenKind::Word if names_a_number(word) && self.touches(last.at.end) => {
                Some(SkipReason::Label)
            }
            TokenKind::Word if year && is_year_word(word) => Some(SkipReason::Date),
            TokenKind::Name if year && word.starts_with('Q') => Some(SkipReason::Date),
            _ => None,
        }
    }

    fn touches(&self, end: usize) -> bool {
        self.text[end..self.at].chars().all(|c| c == ' ')
    }
}

/// Length of a digit in a keycap (`2️⃣`), which numbers a heading and counts nothing.
fn keycap_at(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix(|c: char| c.is_ascii_digit())?;
    let bare = after.strip_prefix('\u{fe0f}').unwrap_or(after);
    let end = bare.strip_prefix('\u{20e3}')?;
    Some(rest.len() - end.len())
}

fn is_year_word(word: &str) -> bool {
    super::words::is_any(
        word,
        &["in", "since", "until", "by", "copyright", "from", "year"],
    ) || is_month(word)
}

/// Letters, digits and underscores, with hyphens, dots and apostrophes that hold them together.
fn word_length(rest: &str) -> usize {
    let mut end = 0;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let joins = matches!(c, '-' | '.' | '\'' | '’' | ':')
            && chars.peek().is_some_and(|(_, next)| {
                next.is_alphanumeric()
                    && (c != ':'
                        || rest[..at].ends_with(char::is_alphanumeric) && next.is_ascii_digit())
            });
        // Scripts without spaces put digits right behind words.
        let digit_after_counter =
            c.is_ascii_digit() && rest[..at].ends_with(|before: char| before > '\u{2e80}');
        if !(c.is_alphanumeric() || c == '_' || joins) || digit_after_counter {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

/// Length of ` 7, 2025`, ` 2025` or ` 16` after a month's name.
fn month_tail(rest: &str) -> Option<usize> {
    let mut at = rest.len() - rest.trim_start_matches(['.', ' ']).len();
    let first = digits(&rest[at..]);
    if at == 0 || first == 0 || !(first <= 2 || first == 4) {
        return None;
    }
    at += first;
    at += if rest[at..].starts_with("th") || rest[at..].starts_with("st") {
        2
    } else {
        0
    };
    if let Some(year) = rest[at..]
        .strip_prefix(", ")
        .or_else(|| rest[at..].strip_prefix(' '))
        && digits(year) == 4
    {
        at = rest.len() - year.len() + 4;
    }
    (!rest[at..].starts_with(['%', '/'])).then_some(at)
}
