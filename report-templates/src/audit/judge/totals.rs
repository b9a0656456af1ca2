//! A last line `Total …: N unit` against the lines above it that carry the same unit.

use super::columns::report;
use crate::audit::claims::{Claims, label_outcome};
use crate::audit::document::{List, Role};
use crate::audit::numbers::{Decimal, Unit, noun, stem};
use crate::audit::reading::{Ledger, Reading};
use std::collections::HashMap;

/// Lists of one section, and items of a list, that are looked at beside each other.
const SIBLINGS: usize = 32;

pub(super) fn judge(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    let mut sections: HashMap<usize, Vec<&List>> = HashMap::new();
    for list in &reading.document.lists {
        let near = sections.entry(list.section).or_default();
        if near.len() < SIBLINGS {
            near.push(list);
        }
    }
    for list in &reading.document.lists {
        in_list(reading, claims, list, ledger);
        let near = sections.get(&list.section).map_or(&[][..], Vec::as_slice);
        after_list(reading, list, near, ledger);
    }
}

/// The last item of a list is the total of the others.
fn in_list(reading: &Reading<'_>, claims: &Claims, list: &List, ledger: &mut Ledger) {
    let heads: Vec<_> = list
        .items
        .iter()
        .filter_map(|item| reading.document.items[*item].head)
        .collect();
    let Some((last, above)) = heads.split_last().filter(|(_, above)| above.len() > 1) else {
        return;
    };
    let outcome = heads.iter().any(|head| !claims.stated_in(*head).is_empty());
    let Some(total) = labelled(reading, *last).filter(|_| is_total(reading, *last) && !outcome)
    else {
        return;
    };
    let parts: Vec<_> = above
        .iter()
        .filter_map(|head| labelled(reading, *head))
        .collect();
    let same = parts.iter().all(|part| part.unit == total.unit);
    let named = total.unit.0 != Unit::Factor && !total.unit.1.is_empty()
        || matches!(total.unit.0, Unit::Measured(_));
    let several = above.iter().any(|head| is_total(reading, *head));
    if same && named && !several && parts.len() == above.len() {
        report(
            reading,
            parts.iter().map(|part| part.number).collect(),
            total.number,
            false,
            ledger,
        );
    }
}

/// The line right after a list, `Total Code Added: 3,479 LOC`, is the total of its items.
fn after_list(reading: &Reading<'_>, list: &List, near: &[&List], ledger: &mut Ledger) {
    let heads: Vec<_> = list
        .items
        .iter()
        .filter_map(|item| reading.document.items[*item].head)
        .collect();
    let Some(last) = heads
        .last()
        .filter(|_| list.parent.is_none() && heads.len() > 1)
    else {
        return;
    };
    let mut next = last + 1;
    while reading
        .document
        .passages
        .get(next)
        .is_some_and(|passage| passage.item.is_some())
    {
        next += 1;
    }
    let follows = reading
        .document
        .passages
        .get(next)
        .is_some_and(|passage| passage.role == Role::Line && passage.section == list.section);
    if !follows || !is_total(reading, next) {
        return;
    }
    let Some(total) = labelled(reading, next) else {
        return;
    };
    // A total after several lists is the total of all of them.
    let counts = |other: &List| {
        let heads = other
            .items
            .iter()
            .take(SIBLINGS)
            .filter_map(|item| reading.document.items[*item].head);
        heads
            .filter(|head| *head < next)
            .any(|head| with_unit(reading, head, &total.unit).is_some())
    };
    if near
        .iter()
        .any(|other| other.items.first() != list.items.first() && counts(other))
    {
        return;
    }
    let parts: Option<Vec<_>> = heads
        .iter()
        .map(|head| with_unit(reading, *head, &total.unit))
        .collect();
    if let Some(parts) =
        parts.filter(|_| total.unit.1.len() > 1 || matches!(total.unit.0, Unit::Measured(_)))
    {
        // Less than half of the total in the list: the rest is not listed.
        let sum = parts
            .iter()
            .fold(Decimal::ZERO, |sum, id| sum.add(reading.number(*id).value));
        let open = sum.add(sum) < reading.number(total.number).value;
        report(reading, parts, total.number, open, ledger);
    }
}

fn is_total(reading: &Reading<'_>, passage: usize) -> bool {
    let words: Vec<_> = reading.words(passage).take(6).collect();
    words
        .first()
        .is_some_and(|word| word.eq_ignore_ascii_case("total"))
        && label_outcome(words.iter().copied().take(2)).is_none_or(|_| words.len() != 2)
}

struct Labelled {
    number: usize,
    unit: (Unit, String),
}

/// `Label: N unit` with no other number.
fn labelled(reading: &Reading<'_>, passage: usize) -> Option<Labelled> {
    let mut numbers = reading.numbers_in(passage);
    let (at, number) = numbers.next()?;
    let label = at > 0 && reading.symbol_at(passage, at - 1) == Some(':');
    let alone = numbers.next().is_none() && reading.number(number).upper.is_none();
    let words =
        label_outcome((0..at.saturating_sub(1)).map(|i| reading.word(passage, i))).is_none();
    (label && alone && words).then(|| Labelled {
        number,
        unit: unit(reading, passage, at, number),
    })
}

/// The only number of a passage with this unit.
fn with_unit(reading: &Reading<'_>, passage: usize, wanted: &(Unit, String)) -> Option<usize> {
    let mut found = reading
        .numbers_in(passage)
        .filter(|(at, id)| unit(reading, passage, *at, *id) == *wanted)
        .map(|(_, id)| id);
    found.next().filter(|_| found.next().is_none())
}

fn unit(reading: &Reading<'_>, passage: usize, at: usize, id: usize) -> (Unit, String) {
    let word = reading.word(passage, at + 1);
    let more = reading.word(passage, at + 2);
    let word = if noun(more).is_some() { more } else { word };
    let measured = matches!(reading.number(id).unit, Unit::Measured(_));
    (
        reading.number(id).unit,
        if measured {
            String::new()
        } else {
            noun(word).map_or_else(|| stem(word), str::to_owned)
        },
    )
}
