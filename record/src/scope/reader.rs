//! Reads the pieces of an expression: words, signs, arguments.

use std::ops::Range;

use super::error::ScopeError;
use super::matcher::Kind;

/// A place in an expression.
pub(super) struct Reader<'t> {
    text: &'t str,
    at: usize,
}

/// An argument as written.
pub(super) struct Argument {
    /// How it asks to be compared; `None` for a bare one.
    pub(super) kind: Option<Kind>,
    /// Without mark and escapes.
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    pub(super) fn skip_space(&mut self) {
        while self.peek().is_some_and(|c| c.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Takes one of `signs`, if it is next.
    pub(super) fn take_sign(&mut self, signs: &[char]) -> Option<char> {
        let sign = self.peek().filter(|c| signs.contains(c))?;
        self.at += sign.len_utf8();
        Some(sign)
    }

    /// Takes `word`, if it is the next whole word.
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = self.word_ahead();
        let is_it = &self.text[found.clone()] == word;
        if is_it {
            self.at = found.end;
        }
        is_it
    }

    /// The letters, digits, `_` that come next; may be empty.
    pub(super) fn word_ahead(&self) -> Range<usize> {
        let rest = &self.text[self.at..];
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.at..self.at + length
    }

    pub(super) fn move_to(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn slice(&self, span: Range<usize>) -> &'t str {
        &self.text[span]
    }

    pub(super) fn error(&self, span: Range<usize>, message: impl Into<String>) -> ScopeError {
        ScopeError::new(self.text, span, message)
    }

    /// An error at the character that comes next.
    pub(super) fn error_here(&self, message: impl Into<String>) -> ScopeError {
        let length = self.peek().map_or(0, char::len_utf8);
        self.error(self.at..self.at + length, message)
    }

    /// Takes an argument and its closing parenthesis.
    pub(super) fn argument(&mut self) -> Result<Argument, ScopeError> {
        self.skip_space();
        let start = self.at;
        let kind = self.peek().and_then(Kind::of_mark);
        if kind.is_some() {
            self.bump();
        }
        let text = match kind {
            Some(Kind::Regex) => self.regex(start)?,
            _ => self.plain(start)?,
        };
        let span = start..self.at;
        self.skip_space();
        match self.bump() {
            Some(')') => Ok(Argument { kind, text, span }),
            _ => Err(self.error(
                start..self.at,
                "the argument goes on after `/`; end it with `/)`",
            )),
        }
    }

    /// Up to the closing parenthesis, which stays; spaces at the end do not count.
    fn plain(&mut self, start: usize) -> Result<String, ScopeError> {
        self.skip_space();
        let mut text = String::new();
        let mut kept = 0;
        loop {
            match self.peek() {
                None => return Err(self.unclosed(start)),
                Some(')') => break,
                Some('\\') => {
                    self.bump();
                    text.push(self.bump().ok_or_else(|| self.unclosed(start))?);
                    kept = text.len();
                }
                Some(c) => {
                    self.bump();
                    text.push(c);
                    if !c.is_ascii_whitespace() {
                        kept = text.len();
                    }
                }
            }
        }
        text.truncate(kept);
        Ok(text)
    }

    /// Up to the closing slash, which goes.
    fn regex(&mut self, start: usize) -> Result<String, ScopeError> {
        let mut text = String::new();
        loop {
            match self.bump() {
                None => return Err(self.unclosed(start)),
                Some('/') => return Ok(text),
                Some('\\') => match self.bump() {
                    None => return Err(self.unclosed(start)),
                    Some('/') => text.push('/'),
                    Some(c) => text.extend(['\\', c]),
                },
                Some(c) => text.push(c),
            }
        }
    }

    fn unclosed(&self, start: usize) -> ScopeError {
        self.error(
            start..self.text.len(),
            "the argument has no end; close it with `)`",
        )
    }
}
