//! `(117/117)` in a heading over items that carry `(3/3)`, `(38/38)` and so on.

use super::columns::report;
use crate::audit::claims::{Claims, Ratio};
use crate::audit::document::Role;
use crate::audit::numbers::{Decimal, is_any, outcome, stem};
use crate::audit::reading::{Ledger, Reading};

pub(super) fn judge(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    for list in &reading.document.lists {
        let Some(lead) = list
            .lead
            .filter(|lead| reading.passage(*lead).role != Role::Opaque)
        else {
            continue;
        };
        let [claim] = claims.ratios_in(lead) else {
            continue;
        };
        let items: Option<Vec<Ratio>> = list
            .items
            .iter()
            .map(|item| {
                reading.document.items[*item]
                    .head
                    .and_then(|head| only(claims.ratios_in(head)))
            })
            .collect();
        let Some(items) = items.filter(|items| items.len() > 1) else {
            continue;
        };
        // `Passing: 123/127` and `Failing: 4/127` each list some of the 127.
        let shared = reading.document.lists.iter().take(500).any(|other| {
            let twin = other
                .lead
                .filter(|other| *other != lead)
                .map(|other| claims.ratios_in(other));
            twin.is_some_and(|twin| match twin {
                [twin] => {
                    let whole = |ratio: &Ratio| reading.number(ratio.whole).value;
                    whole(twin) == whole(claim)
                }
                _ => false,
            })
        });
        let denied = reading
            .words(lead)
            .any(|word| is_any(word, &["not", "but", "without"]));
        if shared || denied {
            continue;
        }
        // Categories are not added up from tests.
        let unit = |ratio: &Ratio| stem(reading.word(ratio.passage, ratio.last + 1));
        let named = |word: &str| !word.is_empty() && outcome(word).is_none();
        let own = unit(claim);
        let foreign = named(&own)
            && items
                .iter()
                .map(unit)
                .any(|other| named(&other) && other != own);
        // Scores out of one and the same number are not added up, and a heading may count the items.
        let value = |id: usize| reading.number(id).value;
        let same = items
            .iter()
            .all(|ratio| value(ratio.whole) == value(items[0].whole));
        let wholes = items
            .iter()
            .fold(Decimal::ZERO, |sum, ratio| sum.add(value(ratio.whole)));
        let parts = items
            .iter()
            .fold(Decimal::ZERO, |sum, ratio| sum.add(value(ratio.part)));
        let many = Decimal::whole(items.len() as i128);
        let counted = value(claim.whole) == many || value(claim.part) == many;
        let mixed = parts == value(claim.whole) && wholes != parts;
        // Either the wholes are the same set, or all of it is complete here and there.
        let full = value(claim.part) == value(claim.whole) && wholes == parts;
        let other = wholes != value(claim.whole) && !full;
        if foreign
            || same && wholes != value(claim.whole)
            || counted && wholes != value(claim.whole)
            || mixed
            || other
        {
            continue;
        }
        report(
            reading,
            items.iter().map(|ratio| ratio.whole).collect(),
            claim.whole,
            false,
            ledger,
        );
        report(
            reading,
            items.iter().map(|ratio| ratio.part).collect(),
            claim.part,
            false,
            ledger,
        );
    }
}

fn only(ratios: &[Ratio]) -> Option<Ratio> {
    match ratios {
        [ratio] => Some(*ratio),
        _ => None,
    }
}
