//! Lists whose lead names what they hold, and blocks of output that are lists.

use super::counted::{headline, push};
use super::listing::{Listing, PARTIAL, of_heads};
use crate::audit::claims::Claims;
use crate::audit::document::Role;
use crate::audit::findings::Verdict;
use crate::audit::numbers::{Decimal, TokenKind, is_any, stem};
use crate::audit::reading::{Ledger, Reading};

/// `10 functional categories` in a section whose list is led in by `Categories:`.
pub(super) fn noun_lead(
    reading: &Reading<'_>,
    lead: usize,
    listing: &Listing,
    ledger: &mut Ledger,
) {
    let tokens = reading.tokens(lead);
    let first = reading.word(lead, 0);
    let colon = tokens
        .last()
        .is_some_and(|token| token.kind == TokenKind::Symbol(':'));
    let plural = first.len() > 4 && stem(first) != first.to_lowercase();
    let partial = listing.partial || reading.words(lead).any(|word| is_any(word, PARTIAL));
    if !colon
        || !plural
        || tokens.len() > 4
        || partial
        || listing.items < 3
        || listing.promised != listing.items
    {
        return;
    }
    let section = reading.passage(lead).section;
    let wanted = stem(first);
    let window = lead.saturating_sub(12)..lead;
    let claims = window
        .filter(|passage| reading.passage(*passage).section == section)
        .flat_map(|passage| {
            reading
                .numbers_in(passage)
                .map(move |(at, id)| (passage, at, id))
        });
    let says_all = reading.words(lead).any(|word| {
        is_any(
            word,
            &[
                "covered",
                "created",
                "implemented",
                "added",
                "included",
                "completed",
                "supported",
            ],
        )
    });
    let mut claims = claims.filter(|(passage, at, id)| {
        let sliced = *at > 0 && reading.symbol_at(*passage, at - 1) == Some('/');
        let counted = (at + 1..at + 4)
            .map(|i| reading.word(*passage, i))
            .take_while(|word| !word.is_empty())
            .last();
        let number = reading.number(*id);
        says_all
            && !sliced
            && reading.word(*passage, 0).ends_with("ed")
            && number.is_plain_count()
            && number.is_exact()
            && counted.is_some_and(|word| stem(word) == wanted)
    });
    if let (Some((passage, at, id)), None) = (claims.next(), claims.next()) {
        let value = reading.number(id).value;
        let right = value == Decimal::whole(listing.items as i128);
        let verdict = if right {
            Verdict::Consistent
        } else {
            Verdict::Inconsistent
        };
        let why = format!("{} listed, printed {value}", listing.items);
        push(
            reading,
            passage,
            (at, at),
            verdict,
            listing.items.to_string(),
            why,
            &[id],
            listing,
            ledger,
        );
    }
}

/// Lines of one block of output that all start with a sign, under the passage before it.
pub(super) fn output_blocks(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    let passages = &reading.document.passages;
    let mut index = 0;
    while index < passages.len() {
        let group = passages[index].group;
        let end = (index..passages.len())
            .find(|at| passages[*at].group != group)
            .unwrap_or(passages.len());
        if passages[index].role == Role::Output && index > 0 && end - index > 1 {
            let listing = of_heads(reading, (index..end).collect(), false);
            if listing.marked && listing.named {
                headline(reading, claims, index - 1, &listing, ledger);
            }
        }
        index = end.max(index + 1);
    }
}
