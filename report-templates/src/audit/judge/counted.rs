//! A headline that gives a count or a ratio, against the list right under it.

use super::listing::{Listing, PARTIAL, listing};
use crate::audit::claims::{Claims, Ratio};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Decimal, TokenKind, Unit, is_any, noun, stem};
use crate::audit::reading::{Judged, Ledger, Reading};

pub(super) fn judge(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    for index in 0..reading.document.lists.len() {
        let Some(lead) = reading.document.lists[index].lead else {
            continue;
        };
        let listing = listing(reading, index);
        headline(reading, claims, lead, &listing, ledger);
        super::led::noun_lead(reading, lead, &listing, ledger);
    }
    super::led::output_blocks(reading, claims, ledger);
    super::boxes::judge(reading, claims, ledger);
}

pub(super) fn headline(
    reading: &Reading<'_>,
    claims: &Claims,
    lead: usize,
    listing: &Listing,
    ledger: &mut Ledger,
) {
    if listing.items < 2 || matches!(reading.passage(lead).role, Role::Cell { .. } | Role::Opaque) {
        return;
    }
    match claims.ratios_in(lead) {
        [] => {
            if let Some((at, number)) = lone_count(reading, lead) {
                count(reading, lead, (at, number), listing, ledger);
            }
        }
        [ratio, ..] => share(reading, ratio, listing, ledger),
    }
}

/// The one plain count of a headline: in brackets at its end, or in front of its noun.
pub(super) fn lone_count(reading: &Reading<'_>, lead: usize) -> Option<(usize, usize)> {
    let mut numbers = reading.numbers_in(lead);
    let (at, id) = numbers.next()?;
    let number = reading.number(id);
    let worded = reading.words(lead).next().is_some();
    let plain = worded && number.is_plain_count() && number.is_exact() && numbers.next().is_none();
    let last = reading.tokens(lead).len() - 1;
    let bracketed = reading.symbol_at(lead, at.checked_sub(1).unwrap_or(last)) == Some('(')
        && (at + 1..at + 5).any(|i| reading.symbol_at(lead, i) == Some(')') && i + 2 > last);
    let leads = (0..at).all(|i| {
        !matches!(
            reading.tokens(lead)[i].kind,
            TokenKind::Word | TokenKind::Name
        )
    }) || is_any(reading.word(lead, 0), &["all", "the", "these", "our"]) && at == 1;
    let labelled = at > 1 && reading.symbol_at(lead, at - 1) == Some(':');
    let named = !reading.word(lead, at + 1).is_empty();
    let opaque = reading
        .tokens(lead)
        .get(at + 1)
        .is_some_and(|token| token.kind == TokenKind::Name);
    let closed =
        reading.symbol_at(lead, last) == Some(':') || reading.passage(lead).role == Role::Heading;
    (plain && !opaque && (bracketed || (leads || labelled) && named && closed && last - at <= 6))
        .then_some((at, id))
}

fn count(
    reading: &Reading<'_>,
    lead: usize,
    (at, id): (usize, usize),
    listing: &Listing,
    ledger: &mut Ledger,
) {
    let value = reading.number(id).value;
    let claims = |count: usize| value == Decimal::whole(count as i128);
    let last_ordinal = listing
        .first
        .checked_sub(1)
        .map(|before| before + listing.items);
    let right = last_ordinal.is_some_and(claims)
        || claims(listing.family)
        || claims(listing.items)
        || claims(listing.promised)
        || listing.names.is_some_and(claims);
    let counted = listing
        .names
        .filter(|_| !listing.ordered && !listing.named)
        .unwrap_or(listing.promised);
    let verdict = if right {
        Verdict::Consistent
    } else if countable(reading, lead, at, listing) {
        Verdict::Inconsistent
    } else {
        // A list whose items carry counts of their own is added up elsewhere.
        return;
    };
    push(
        reading,
        lead,
        (at, at),
        verdict,
        counted.to_string(),
        format!("{counted} listed, printed {value}"),
        &[id],
        listing,
        ledger,
    );
}

/// Whether the items are what the headline counts, so that a mismatch is an error.
fn countable(reading: &Reading<'_>, lead: usize, at: usize, listing: &Listing) -> bool {
    let words: Vec<_> = reading.words(lead).collect();
    let partial = listing.partial || words.iter().any(|word| is_any(word, PARTIAL));
    let counts = listing
        .heads
        .iter()
        .filter(|head| reading.numbers_in(**head).next().is_some())
        .count();
    // In a numbered list of names a number is a remark on the thing named, and so is a nested list.
    let plain = listing.named && listing.ordered;
    let tags: Vec<_> = listing
        .heads
        .iter()
        .filter_map(|head| super::tags::bracketed(reading, *head))
        .collect();
    let unit = noun(reading.word(lead, at + 1))
        .map_or_else(|| stem(reading.word(lead, at + 1)), str::to_owned);
    let grouped =
        !plain && tags.len() * 3 >= listing.items || tags.iter().any(|tag| tag.unit == unit);
    let fewer = Decimal::whole(listing.promised as i128) < value_at(reading, lead, at);
    // Far fewer items than counted are a selection; a numbered list is meant to be complete.
    let listed = Decimal::whole(listing.promised as i128);
    let missing = value_at(reading, lead, at).sub(listed);
    let few = missing > Decimal::whole(2)
        && Decimal {
            mantissa: missing.mantissa * 4,
            ..missing
        } > value_at(reading, lead, at);
    // `API errors (500 errors)` over a few steps names no number of steps.
    let remote = missing > listed.add(listed);
    let selected = few && !listing.ordered || remote;
    let groups = grouped || !plain && (listing.nested && fewer || counts * 2 > listing.items);
    if partial || selected || groups {
        return false;
    }
    // `(15 total tests)` counts tests.
    let words_after: Vec<_> = (at + 1..at + 6)
        .map(|i| reading.word(lead, i))
        .take_while(|word| !word.is_empty())
        .collect();
    let unit = match words_after.as_slice() {
        [first, .., last] if is_any(first, &["total", "new", "key"]) => last,
        [first, ..] => first,
        [] => "",
    };
    let things = [
        "item",
        "file",
        "document",
        "type",
        "module",
        "component",
        "entry",
        "feature",
        "script",
        "endpoint",
    ];
    let generic = unit.is_empty()
        || is_any(
            unit,
            &[
                "new",
                "total",
                "items",
                "files",
                "entries",
                "created",
                "modified",
                "documents",
            ],
        );
    let before: Vec<_> = (0..at).map(|i| stem(reading.word(lead, i))).collect();
    let tests = noun(unit) == Some("test");
    let repeated = before.contains(&stem(unit)) && !unit.is_empty() && !tests;
    let unit_is_thing = things.contains(&stem(unit).as_str());
    if listing.boxed {
        return is_any(
            unit,
            &["tasks", "items", "steps", "todos", "criteria", "checks"],
        );
    }
    if listing.named {
        return tests && test_names(reading, listing) || generic || repeated || unit_is_thing;
    }
    if listing.names.is_some() {
        return unit_is_thing || repeated;
    }
    listing.ordered
        && (generic && !before.is_empty()
            || repeated
            || at == 0
                && !tests
                && !is_any(unit, &["failures", "errors", "issues", "days", "points"]))
}

/// Whether the items are names of tests.
fn test_names(reading: &Reading<'_>, listing: &Listing) -> bool {
    listing.heads.iter().all(|head| {
        let text = &reading.passage(*head).flat.text;
        let name = text
            .split_whitespace()
            .find(|word| word.contains(char::is_alphanumeric))
            .unwrap_or_default();
        // A file may hold any number of tests.
        let file = (name.contains('.') || name.contains('/')) && !name.contains("::");
        !file
            && (text.contains("test")
                || text.contains("::")
                || text.contains("should")
                || text.contains("Test"))
    })
}

const OPEN: &[&str] = &[
    "pending",
    "remaining",
    "left",
    "todo",
    "failing",
    "failed",
    "open",
    "incomplete",
    "missing",
    "outstanding",
    "blocked",
];

/// `2/8 modules` over eight items with signs.
fn share(reading: &Reading<'_>, ratio: &Ratio, listing: &Listing, ledger: &mut Ledger) {
    let lead = ratio.passage;
    let count = |id: usize| {
        reading
            .number(id)
            .value
            .integer()
            .and_then(|value| usize::try_from(value).ok())
    };
    let (Some(k), Some(n)) = (count(ratio.part), count(ratio.whole)) else {
        return;
    };
    if matches!(reading.number(ratio.whole).unit, Unit::Measured(_))
        || !reading.number(ratio.part).is_exact()
    {
        return;
    }
    // `Must pass (6/6 categories)` says how many there are to do.
    let demand = |word: &str| {
        let word = word.to_lowercase();
        ["must", "should"]
            .iter()
            .any(|demand| word.starts_with(demand))
            || word == "required"
    };
    if k == n && listing.done < n && reading.words(lead).any(demand) {
        return;
    }
    let word = |at: usize| reading.word(lead, at);
    let after = (ratio.last + 1..ratio.last + 5)
        .map(word)
        .take_while(|word| !word.is_empty());
    let open = (0..ratio.first)
        .map(word)
        .chain(after)
        .any(|word| is_any(word, OPEN));
    let wanted = if open {
        listing.items - listing.done
    } else {
        listing.done
    };
    let slack = listing.doubtful;
    let all = k == n && (!listing.marked || listing.done == listing.items);
    let verdict = if listing.marked && n == listing.items {
        let fits = k == wanted
            || k >= wanted && k <= wanted + slack
            || open && k + slack >= wanted && k <= wanted;
        if fits {
            Verdict::Consistent
        } else {
            Verdict::Inconsistent
        }
    } else if k == listing.items {
        Verdict::Consistent
    } else if all
        && listing.named
        && test_names(reading, listing)
        && !listing.partial
        && listing.promised == listing.items
    {
        Verdict::Inconsistent
    } else {
        return;
    };
    let expected = if n == listing.items {
        format!("{wanted}/{n}")
    } else {
        listing.items.to_string()
    };
    let why = format!(
        "{} of {} items below are marked as done, printed {k}/{n}",
        listing.done, listing.items
    );
    push(
        reading,
        lead,
        (ratio.first, ratio.last),
        verdict,
        expected,
        why,
        &[ratio.part, ratio.whole],
        listing,
        ledger,
    );
}

#[allow(clippy::too_many_arguments)]
pub(super) fn push(
    reading: &Reading<'_>,
    lead: usize,
    (first, last): (usize, usize),
    verdict: Verdict,
    expected: String,
    why: String,
    numbers: &[usize],
    listing: &Listing,
    ledger: &mut Ledger,
) {
    let related = listing.heads.iter().map(|head| reading.whole(*head).start);
    ledger.push(
        Judged::new(
            Kind::ChecklistCount,
            verdict,
            reading.span(lead, first, last),
        )
        .expected(expected)
        .why(why)
        .related(related)
        .numbers(numbers.iter().copied()),
    );
}

fn value_at(reading: &Reading<'_>, lead: usize, at: usize) -> Decimal {
    reading
        .number_at(lead, at)
        .map_or(Decimal::ZERO, |id| reading.number(id).value)
}
