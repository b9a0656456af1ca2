//! A lexed document as the judges see it, and the ledger that they write to.

use super::document::{Document, Passage, Positions};
use super::findings::{Kind, Verdict};
use super::numbers::{Lexed, Number, Token, TokenKind};
use std::collections::HashSet;
use std::ops::Range;

/// Tokens of a passage that are looked at for its vocabulary.
const LONGEST_SENTENCE: usize = 256;

/// The document, its tokens and its numbers.
pub(crate) struct Reading<'a> {
    pub(crate) document: Document,
    pub(crate) lexed: Lexed,
    pub(crate) positions: Positions<'a>,
}

impl Reading<'_> {
    pub(crate) fn passage(&self, index: usize) -> &Passage {
        &self.document.passages[index]
    }

    pub(crate) fn tokens(&self, passage: usize) -> &[Token] {
        &self.lexed.tokens[passage]
    }

    pub(crate) fn number(&self, id: usize) -> &Number {
        &self.lexed.numbers[id]
    }

    pub(crate) fn text(&self, passage: usize, token: &Token) -> &str {
        &self.passage(passage).flat.text[token.at.clone()]
    }

    /// The word at a token index, or an empty string.
    pub(crate) fn word(&self, passage: usize, index: usize) -> &str {
        match self.tokens(passage).get(index) {
            Some(token) if token.kind == TokenKind::Word => self.text(passage, token),
            _ => "",
        }
    }

    /// The words of a passage; of one that is longer than any sentence, those at its start, so that
    /// judges may ask for them again and again.
    pub(crate) fn words(&self, passage: usize) -> impl Iterator<Item = &str> {
        self.tokens(passage)
            .iter()
            .take(LONGEST_SENTENCE)
            .filter(|token| token.kind == TokenKind::Word)
            .map(move |token| self.text(passage, token))
    }

    /// The number at a token index.
    pub(crate) fn number_at(&self, passage: usize, index: usize) -> Option<usize> {
        match self.tokens(passage).get(index)?.kind {
            TokenKind::Number(id) => Some(id),
            _ => None,
        }
    }

    pub(crate) fn symbol_at(&self, passage: usize, index: usize) -> Option<char> {
        match self.tokens(passage).get(index)?.kind {
            TokenKind::Symbol(symbol) => Some(symbol),
            _ => None,
        }
    }

    /// Token indices and ids of the numbers of a passage.
    pub(crate) fn numbers_in(&self, passage: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.tokens(passage)
            .iter()
            .enumerate()
            .filter_map(|(index, token)| match token.kind {
                TokenKind::Number(id) => Some((index, id)),
                _ => None,
            })
    }

    /// Source range from one token to another.
    pub(crate) fn span(&self, passage: usize, first: usize, last: usize) -> Range<usize> {
        let tokens = self.tokens(passage);
        let flat = tokens[first].at.start..tokens[last].at.end;
        self.passage(passage).flat.source_range(flat)
    }

    /// Source range of a whole passage.
    pub(crate) fn whole(&self, passage: usize) -> Range<usize> {
        let tokens = self.tokens(passage);
        if tokens.is_empty() {
            return self.passage(passage).flat.source_range(0..0);
        }
        self.span(passage, 0, tokens.len() - 1)
    }

    /// Source range of a number and its unit.
    pub(crate) fn number_span(&self, id: usize) -> Range<usize> {
        self.number(id).source.clone()
    }
}

/// Which way a printed percentage was rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// Exact, or the same both ways.
    Open,
    /// Printed below its value.
    Down,
    /// Right only if rounded up.
    Up,
}

/// A judged claim before it is given a line.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub(crate) span: Range<usize>,
    pub(crate) kind: Kind,
    pub(crate) verdict: Verdict,
    pub(crate) expected: String,
    pub(crate) why: String,
    /// Source offsets of what it was held against.
    pub(crate) related: Vec<usize>,
    pub(crate) decision_error: bool,
    /// Which way a percentage was rounded, where that shows.
    pub(crate) rounding: Rounding,
    /// The numbers that took part.
    pub(crate) numbers: Vec<usize>,
}

impl Judged {
    pub(crate) fn new(kind: Kind, verdict: Verdict, span: Range<usize>) -> Self {
        Self {
            span,
            kind,
            verdict,
            expected: String::new(),
            why: String::new(),
            related: Vec::new(),
            decision_error: false,
            rounding: Rounding::Open,
            numbers: Vec::new(),
        }
    }

    pub(crate) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    pub(crate) fn why(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    pub(crate) fn related(mut self, offsets: impl IntoIterator<Item = usize>) -> Self {
        self.related.extend(offsets);
        self
    }

    pub(crate) fn numbers(mut self, ids: impl IntoIterator<Item = usize>) -> Self {
        self.numbers.extend(ids);
        self
    }

    pub(crate) fn decision(mut self, flips: bool) -> Self {
        self.decision_error = flips && self.verdict == Verdict::Inconsistent;
        self
    }
}

/// Everything the judges have said so far.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) judged: Vec<Judged>,
}

impl Ledger {
    pub(crate) fn push(&mut self, judged: Judged) {
        self.judged.push(judged);
    }

    /// The numbers that some arithmetic agrees with.
    pub(crate) fn supported(&self) -> HashSet<usize> {
        let agrees = |judged: &&Judged| {
            judged.verdict == Verdict::Consistent && judged.kind != Kind::ChecklistCount
        };
        self.judged
            .iter()
            .filter(agrees)
            .flat_map(|judged| judged.numbers.iter().copied())
            .collect()
    }

    /// The values of those numbers, as printed.
    pub(crate) fn supported_values(&self, reading: &Reading<'_>) -> HashSet<i128> {
        self.supported()
            .into_iter()
            .map(|id| reading.number(id).value.at(4))
            .collect()
    }
}
