//! A count in a heading or lead against the counts that the lists under it carry.

use super::listing::PARTIAL;
use super::tags::{Tag, bracketed, tag};
use crate::audit::claims::Claims;
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Decimal, TokenKind, is_any, noun, stem};
use crate::audit::reading::{Judged, Ledger, Reading};
use std::collections::{BTreeMap, HashSet};

/// A list every item of which carries a count of one unit.
struct Counted {
    list: usize,
    section: usize,
    lead: Option<usize>,
    tags: Vec<Tag>,
    sum: Decimal,
    /// Every item carries a count; otherwise the sum is only a lower bound.
    complete: bool,
}

pub(super) fn judge(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    let lists: Vec<_> = (0..reading.document.lists.len())
        .filter_map(|list| counted(reading, claims, list))
        .collect();
    let mut by_section: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, list) in lists.iter().enumerate() {
        let mut section = list.section;
        loop {
            by_section.entry(section).or_default().push(index);
            if section == 0 {
                break;
            }
            section = reading.document.sections[section].parent;
        }
    }
    let supported = &ledger.supported_values(reading);
    own_leads(reading, &lists, supported, ledger);
    // The lead of a list speaks of that list alone.
    let led: HashSet<usize> = reading
        .document
        .lists
        .iter()
        .filter_map(|list| list.lead)
        .collect();
    for (section, members) in &by_section {
        let inside: Vec<_> = members.iter().map(|index| &lists[*index]).collect();
        of_section(reading, *section, &inside, &led, supported, ledger);
    }
    subsections(reading, claims, supported, ledger);
    super::ratio_lists::judge(reading, claims, ledger);
    super::hours::judge(reading, ledger);
    super::totals::judge(reading, claims, ledger);
}

fn counted(reading: &Reading<'_>, claims: &Claims, list: usize) -> Option<Counted> {
    let shape = &reading.document.lists[list];
    // Where some items have a tick box, the others are remarks.
    let items = || {
        shape
            .items
            .iter()
            .map(|item| &reading.document.items[*item])
    };
    let some_boxed = items().any(|item| item.task.is_some());
    let heads: Option<Vec<_>> = items()
        .filter(|item| !some_boxed || item.task.is_some())
        .map(|item| item.head)
        .collect();
    let heads = heads?;
    let wanted = heads.len();
    let tags: Vec<_> = heads
        .into_iter()
        .filter(|head| claims.ratios_in(*head).is_empty())
        .filter_map(|head| tag(reading, head))
        .collect();
    let same = tags.windows(2).all(|pair| pair[0].unit == pair[1].unit);
    let exact = tags.iter().all(|tag| reading.number(tag.number).is_exact());
    let complete = tags.len() == wanted;
    let enough = complete || tags.len() > 2 && tags.len() + 1 >= wanted;
    if tags.is_empty() || !enough || !same || !exact {
        return None;
    }
    let sum = tags.iter().fold(Decimal::ZERO, |sum, tag| {
        sum.add(reading.number(tag.number).value)
    });
    Some(Counted {
        list,
        section: shape.section,
        lead: shape.lead,
        tags,
        sum,
        complete,
    })
}

/// A lead with a tag over a counted list.
fn own_leads(
    reading: &Reading<'_>,
    lists: &[Counted],
    supported: &HashSet<i128>,
    ledger: &mut Ledger,
) {
    for list in lists.iter().filter(|list| list.tags.len() > 1) {
        let lead = list.lead.and_then(|lead| bracketed(reading, lead));
        let heading = |passage| reading.document.sections[list.section].heading == Some(passage);
        if let Some(claim) =
            lead.filter(|claim| claim.unit == list.tags[0].unit && !heading(claim.passage))
        {
            compare(reading, &claim, &[list], supported, ledger);
        }
    }
}

/// The only tag of a section outside its counted lists, against those lists.
fn of_section(
    reading: &Reading<'_>,
    section: usize,
    lists: &[&Counted],
    led: &HashSet<usize>,
    supported: &HashSet<i128>,
    ledger: &mut Ledger,
) {
    let Some(unit) = lists.first().map(|list| list.tags[0].unit.clone()) else {
        return;
    };
    let all: HashSet<usize> = lists.iter().map(|list| list.list).collect();
    let lists: Vec<_> = lists
        .iter()
        .copied()
        .filter(|list| list.tags[0].unit == unit && !nested(reading, list, &all))
        .collect();
    if lists.iter().map(|list| list.tags.len()).sum::<usize>() < 2 {
        return;
    }
    // Lists under items that carry counts of their own are details of those.
    let detail = |list: &&Counted| {
        let item = reading.document.lists[list.list].parent;
        let head = item.and_then(|item| reading.document.items[item].head);
        head.is_some_and(|head| {
            reading.numbers_in(head).any(|(at, _)| {
                let word = reading.word(head, at + 1);
                noun(word).map_or_else(|| stem(word), str::to_owned) == unit
            })
        })
    };
    if lists.iter().copied().any(|list| detail(&list)) {
        return;
    }
    let shape = &reading.document.sections[section];
    let heading = shape
        .heading
        .and_then(|heading| bracketed(reading, heading))
        .filter(|claim| claim.unit == unit);
    let length = is_length(&unit);
    let heading = heading.filter(|claim| !(length && describes_a_file(reading, claim)));
    let claim = heading.or_else(|| {
        if length { None } else { Some(()) }
            .and_then(|()| outside(reading, section, &lists, led, &unit))
    });
    let tagged_below = (section + 1..reading.document.sections.len())
        .take_while(|child| reading.document.sections[*child].first < shape.end)
        .filter_map(|child| reading.document.sections[child].heading)
        .any(|heading| bracketed(reading, heading).is_some_and(|claim| claim.unit == unit));
    if let Some(claim) = claim.filter(|_| !tagged_below) {
        compare(reading, &claim, &lists, supported, ledger);
    }
}

/// Whether the list lies in an item of one of `all`.
fn nested(reading: &Reading<'_>, list: &Counted, all: &HashSet<usize>) -> bool {
    let parent = reading.document.lists[list.list]
        .parent
        .map(|item| reading.document.items[item].list);
    parent.is_some_and(|parent| all.contains(&parent))
}

/// A tag in a line or item of the very section, before the lists; `None` when there are several.
fn outside(
    reading: &Reading<'_>,
    section: usize,
    lists: &[&Counted],
    led: &HashSet<usize>,
    unit: &str,
) -> Option<Tag> {
    let shape = &reading.document.sections[section];
    let first = lists
        .iter()
        .flat_map(|list| &list.tags)
        .map(|tag| tag.passage)
        .min()?;
    let here = lists.iter().all(|list| list.section == section);
    let window = first.saturating_sub(40).max(shape.first)..first;
    let mut found = window
        .filter(|passage| reading.passage(*passage).section == section && !led.contains(passage))
        .filter_map(|passage| bracketed(reading, passage))
        .filter(|tag| {
            tag.unit == unit && !describes_a_file(reading, tag) && !led.contains(&tag.passage)
        });
    let claim = found
        .next()
        .filter(|claim| here && !answers_elsewhere(reading, claim, lists))?;
    found.next().is_none().then_some(claim)
}

/// An item or a label speaks of the list under it, not of one under the next label.
fn answers_elsewhere(reading: &Reading<'_>, claim: &Tag, lists: &[&Counted]) -> bool {
    let leads = |list: &&&Counted| list.lead == Some(claim.passage);
    let heading = |list: &Counted| reading.document.sections[list.section].heading;
    let labelled = |list: &&&Counted| list.lead.is_some() && list.lead != heading(list);
    !lists.iter().any(|list| leads(&list)) && {
        let own = reading
            .document
            .lists
            .iter()
            .any(|list| list.lead == Some(claim.passage));
        let item = reading.passage(claim.passage).role == Role::ItemHead;
        let in_items = |list: &&&Counted| {
            let nested = reading.document.lists[list.list].parent.is_some();
            nested
                || list
                    .lead
                    .is_some_and(|lead| reading.passage(lead).item.is_some())
        };
        let single = lists.len() == 1 && lists.iter().all(|list| labelled(&list));
        own || item && lists.iter().any(|list| in_items(&list))
            || is_length(&claim.unit) && (item || single)
    }
}

/// A length describes the thing beside it; a count of anything else sums up what follows.
fn is_length(unit: &str) -> bool {
    ["loc", "line", "行", "kb"].contains(&unit)
}

/// `` `events.rs` (93 lines) `` says how long that file is.
fn describes_a_file(reading: &Reading<'_>, tag: &Tag) -> bool {
    let before = tag
        .at
        .checked_sub(2)
        .map(|at| reading.tokens(tag.passage)[at].kind);
    before == Some(TokenKind::Name)
}

/// A heading's tag against the tags of its subsections' headings.
fn subsections(
    reading: &Reading<'_>,
    claims: &Claims,
    supported: &HashSet<i128>,
    ledger: &mut Ledger,
) {
    let sections = &reading.document.sections;
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); sections.len()];
    for (index, section) in sections.iter().enumerate().skip(1) {
        children[section.parent].push(index);
    }
    for (index, section) in sections.iter().enumerate().skip(1) {
        let Some(claim) = section
            .heading
            .and_then(|heading| bracketed(reading, heading))
        else {
            continue;
        };
        let tags: Vec<_> = children[index]
            .iter()
            .filter_map(|child| sections[*child].heading)
            .filter(|heading| claims.ratios_in(*heading).is_empty())
            .filter_map(|heading| bracketed(reading, heading))
            .filter(|tag| tag.unit == claim.unit)
            .collect();
        if tags.len() > 1 && tags.len() == children[index].len() {
            let sum = tags.iter().fold(Decimal::ZERO, |sum, tag| {
                sum.add(reading.number(tag.number).value)
            });
            let list = Counted {
                list: usize::MAX,
                section: index,
                lead: None,
                tags,
                sum,
                complete: true,
            };
            compare(reading, &claim, &[&list], supported, ledger);
        }
    }
}

fn compare(
    reading: &Reading<'_>,
    claim: &Tag,
    lists: &[&Counted],
    supported: &HashSet<i128>,
    ledger: &mut Ledger,
) {
    let printed = reading.number(claim.number);
    let all = lists
        .iter()
        .fold(Decimal::ZERO, |sum, list| sum.add(list.sum));
    let one = lists
        .iter()
        .any(|list| list.sum == printed.value && list.tags.len() > 1);
    let partial = reading
        .words(claim.passage)
        .any(|word| is_any(word, PARTIAL))
        || lists
            .iter()
            .filter_map(|list| list.lead)
            .any(|lead| reading.words(lead).any(|word| is_any(word, PARTIAL)));
    // Code without its tests or documents may be what is meant, and an item may have its own.
    let extras = ["test", "tests", "docs", "documentation"];
    let values = || lists.iter().flat_map(|list| &list.tags);
    let without = values()
        .filter(|tag| !is_any(reading.word(tag.passage, 0), &extras))
        .fold(Decimal::ZERO, |sum, tag| {
            sum.add(reading.number(tag.number).value)
        });
    let largest = values().map(|tag| reading.number(tag.number).value).max();
    let item = reading.passage(claim.passage).role == Role::ItemHead;
    let own = item && largest > Some(printed.value);
    let items = printed.value == Decimal::whole(values().count() as i128);
    // The same count in every item is said of each, not of a share.
    let each = lists
        .iter()
        .flat_map(|list| &list.tags)
        .all(|tag| reading.number(tag.number).value == printed.value);
    let verdict = if all == printed.value || one || without == printed.value || items {
        Verdict::Consistent
    } else if each {
        Verdict::Unresolved
    } else if lists.iter().any(|list| !list.complete) && all < printed.value {
        return;
    } else if partial
        || own
        || !printed.is_exact()
        || all < printed.value
            && printed.value >= Decimal::whole(10)
            && supported.contains(&printed.value.at(4))
    {
        Verdict::Unresolved
    } else {
        Verdict::Inconsistent
    };
    let tags: Vec<_> = lists.iter().flat_map(|list| &list.tags).collect();
    let addends: Vec<_> = tags
        .iter()
        .map(|tag| reading.number(tag.number).value.to_string())
        .collect();
    ledger.push(
        Judged::new(
            Kind::Sum,
            verdict,
            reading.span(claim.passage, claim.at, claim.at),
        )
        .expected(all.to_string())
        .why(format!(
            "{} = {all} in the list below, printed {}",
            addends.join(" + "),
            printed.value
        ))
        .related(tags.iter().map(|tag| reading.number_span(tag.number).start))
        .numbers(tags.iter().map(|tag| tag.number).chain([claim.number])),
    );
}
