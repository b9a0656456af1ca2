//! Counts that passages carry as tags: `Queue (15 tests)`, `ACL tests (6)`, `47 dataset tests passing`.

use crate::audit::document::Role;
use crate::audit::numbers::{TokenKind, is_any, noun, stem};
use crate::audit::reading::Reading;

/// A tagged count.
#[derive(Clone, Debug)]
pub(super) struct Tag {
    pub(super) passage: usize,
    pub(super) at: usize,
    pub(super) number: usize,
    /// Stem of what is counted.
    pub(super) unit: String,
}

/// The tag of a passage, if it has exactly one.
pub(super) fn tag(reading: &Reading<'_>, passage: usize) -> Option<Tag> {
    bracketed(reading, passage).or_else(|| leading(reading, passage))
}

/// `(15 tests)`, `(33 end-to-end UI tests)`, `tests (6)`.
pub(super) fn bracketed(reading: &Reading<'_>, passage: usize) -> Option<Tag> {
    let mut found = None;
    for (at, number) in reading.numbers_in(passage) {
        if at == 0
            || reading.symbol_at(passage, at - 1) != Some('(')
            || !reading.number(number).is_plain_count()
        {
            continue;
        }
        let end = (at + 1..at + 7).find(|i| reading.word(passage, *i).is_empty())?;
        if !matches!(reading.symbol_at(passage, end), Some(')' | ',' | ';' | ':')) {
            continue;
        }
        let listed = reading.number_at(passage, end + 1).is_some() && end == at + 1;
        if listed {
            continue;
        }
        let word = if end > at + 1 {
            reading.word(passage, end - 1)
        } else {
            reading.word(passage, at.checked_sub(2)?)
        };
        let unit = unit(word);
        if found.is_some() || unit.is_empty() {
            return None;
        }
        found = Some(Tag {
            passage,
            at,
            number,
            unit,
        });
    }
    found
}

/// `47 dataset tests passing` at the start of an item.
fn leading(reading: &Reading<'_>, passage: usize) -> Option<Tag> {
    if reading.passage(passage).role != Role::ItemHead {
        return None;
    }
    let mut numbers = reading.numbers_in(passage);
    let (at, number) = numbers.next().filter(|_| true)?;
    let first = reading.tokens(passage)[..at]
        .iter()
        .all(|token| matches!(token.kind, TokenKind::Mark(_)));
    if !first || numbers.next().is_some() || !reading.number(number).is_plain_count() {
        return None;
    }
    let named = (at + 1..at + 5).find(|i| noun(reading.word(passage, *i)).is_some())?;
    // `1 old file path` counts no files.
    let other = &[
        "path", "paths", "name", "names", "size", "sizes", "type", "types", "location",
    ];
    if is_any(reading.word(passage, named + 1), other) {
        return None;
    }
    let word = reading.word(passage, named);
    Some(Tag {
        passage,
        at,
        number,
        unit: unit(word),
    })
}

fn unit(word: &str) -> String {
    noun(word).map_or_else(|| stem(word), str::to_owned)
}
