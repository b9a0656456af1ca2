//! `(117/117)` in a heading over items that carry `(3/3)`, `(38/38)` and so on.

use super::columns::report;
use crate::audit::claims::{Claims, Ratio};
use crate::audit::document::Role;
use crate::audit::numbers::Decimal;
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
        let number = Decimal::whole(items.len() as i128);
        let counted = value(claim.whole) == number || value(claim.part) == number;
        let mixed = parts == value(claim.whole) && wholes != parts;
        // Either the wholes are the same set, or all of it is complete here and there.
        let full = value(claim.part) == value(claim.whole) && wholes == parts;
        let other = wholes != value(claim.whole) && !full;
        if same && wholes != value(claim.whole)
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
