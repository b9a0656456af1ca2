//! One quantity stated twice with two values.

use super::outcomes::bracketed_percent;
use super::shares::percent_of;
use crate::audit::claims::Claims;
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Decimal, Outcome, Sign, TokenKind, Unit, is_any, noun, outcome, stem};
use crate::audit::reading::{Judged, Ledger, Reading};
use std::collections::{BTreeMap, HashMap, HashSet};

pub(super) fn judge(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    implied_shares(reading, claims, ledger);
    let mut subjects: BTreeMap<String, Vec<Said>> = BTreeMap::new();
    let mut labels: BTreeMap<String, Vec<Said>> = BTreeMap::new();
    for passage in 0..reading.document.passages.len() {
        if let Some((subject, said)) = rate_of_subject(reading, passage) {
            subjects.entry(subject).or_default().push(said);
        }
        if let Some((label, said)) = labelled(reading, passage) {
            labels.entry(label).or_default().push(said);
        }
    }
    let supported = ledger.supported();
    for (name, said) in &subjects {
        disagreement(reading, name, said, &supported, ledger);
    }
    // One label may head two quantities; arithmetic must stand behind one of the values.
    let backed = |said: &[Said]| {
        let first = reading.number(said[0].number).value;
        let same = said
            .iter()
            .filter(|said| reading.number(said.number).value == first)
            .count();
        let majority = said.len() > 2 && (same == 1 || same + 1 == said.len());
        majority || said.iter().any(|said| supported.contains(&said.number))
    };
    for (name, said) in labels.iter().filter(|(_, said)| backed(said)) {
        disagreement(reading, name, said, &supported, ledger);
    }
}

/// A value and where it stands.
#[derive(Clone, Copy)]
struct Said {
    passage: usize,
    at: usize,
    number: usize,
}

/// `390 tests (93% pass rate)` where the document has `390/428` and no other whole for 390.
fn implied_shares(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    let value = |id: usize| reading.number(id).value;
    let mut wholes: HashMap<i128, Option<usize>> = HashMap::new();
    for ratio in claims
        .ratios
        .iter()
        .filter(|ratio| value(ratio.part) >= Decimal::whole(20))
    {
        let whole = wholes
            .entry(value(ratio.part).at(4))
            .or_insert(Some(ratio.whole));
        let same = whole.is_some_and(|known| value(known) == value(ratio.whole));
        if !same {
            *whole = None;
        }
    }
    for passage in 0..reading.document.passages.len() {
        for (at, id) in reading.numbers_in(passage) {
            let Some(Some(whole)) = wholes
                .get(&value(id).at(4))
                .filter(|_| reading.number(id).is_plain_count())
            else {
                continue;
            };
            let Some((end, percent)) = bracketed_percent(reading, passage, at) else {
                continue;
            };
            let rate = (end + 1..end + 3)
                .any(|i| is_any(reading.word(passage, i), &["pass", "success", "passing"]))
                || (at..end).any(|i| outcome(reading.word(passage, i)) == Some(Outcome::Passed));
            let own = claims.ratios_in(passage).is_empty();
            if rate && own {
                let judged =
                    percent_of(reading, id, *whole, percent, reading.span(passage, at, end));
                ledger.push(
                    judged
                        .numbers([id, *whole, percent])
                        .related([reading.number_span(*whole).start]),
                );
            }
        }
    }
}

const OTHER_TIME: &[&str] = &[
    "before",
    "initial",
    "previous",
    "previously",
    "baseline",
    "start",
    "starting",
    "target",
    "goal",
    "next",
    "was",
    "old",
    "planned",
    "original",
    "projected",
    "expected",
    "potential",
    "history",
    "timeline",
];

/// Labels of things that are no quantities.
const NAMES: &[&str] = &[
    "version", "date", "id", "number", "revision", "updated", "time", "port", "issue", "phase",
    "build",
];

pub(super) fn in_the_present(reading: &Reading<'_>, passage: usize) -> bool {
    let here = |passage: usize| reading.words(passage).any(|word| is_any(word, OTHER_TIME));
    let lead = reading
        .passage(passage)
        .item
        .and_then(|item| reading.document.lists[reading.document.items[item].list].lead);
    let led = lead.is_some_and(|lead| {
        here(lead)
            || reading
                .words(lead)
                .any(|word| is_any(word, &["after", "phase", "session", "week", "step"]))
    });
    let above =
        !reading.passage(passage).detached && reading.document.headings_above(passage).any(here);
    !led && !here(passage) && !above
}

/// `` `service.py` (10%) `` or `` `service.py` - 11% `` at the start of a line or item.
fn rate_of_subject(reading: &Reading<'_>, passage: usize) -> Option<(String, Said)> {
    if !matches!(reading.passage(passage).role, Role::Line | Role::ItemHead) {
        return None;
    }
    let tokens = reading.tokens(passage);
    let first = tokens
        .iter()
        .position(|token| !matches!(token.kind, TokenKind::Mark(_)))?;
    if tokens[first].kind != TokenKind::Name
        || !matches!(reading.symbol_at(passage, first + 1), Some('(' | '-' | ':'))
    {
        return None;
    }
    let number = reading.number_at(passage, first + 2)?;
    let found = reading.number(number);
    let closed = reading.word(passage, first + 3).is_empty()
        || reading.symbol_at(passage, first + 1) != Some('(');
    let plain = found.is_percent() && found.is_exact() && found.sign == Sign::None && closed;
    let metric: Vec<_> = (first + 3..first + 5)
        .map(|at| stem(reading.word(passage, at)))
        .collect();
    let measure = if metric
        .iter()
        .any(|word| word == "passing" || word == "pass")
    {
        "pass"
    } else {
        ""
    };
    let name = format!("{}{measure}", reading.text(passage, &tokens[first]));
    let arrow = tokens
        .iter()
        .any(|token| token.kind == TokenKind::Symbol('→'));
    (plain && !arrow && in_the_present(reading, passage)).then_some((
        name,
        Said {
            passage,
            at: first + 2,
            number,
        },
    ))
}

const SUMMARY: &[&str] = &[
    "summary",
    "overall",
    "overview",
    "conclusion",
    "final",
    "results",
    "status",
    "achievement",
    "achievements",
    "statistics",
    "executive",
    "glance",
    "totals",
    "accomplished",
];

/// `Tests Created: 208` in a part of the document that speaks for the whole.
fn labelled(reading: &Reading<'_>, passage: usize) -> Option<(String, Said)> {
    let shape = reading.passage(passage);
    if !matches!(shape.role, Role::Line | Role::ItemHead) {
        return None;
    }
    let tokens = reading.tokens(passage);
    let start = tokens
        .iter()
        .position(|token| !matches!(token.kind, TokenKind::Mark(_)))?;
    let end = (start..tokens.len().min(start + 6))
        .find(|at| reading.symbol_at(passage, *at) == Some(':'))?;
    let words: Vec<_> = (start..end).map(|at| reading.word(passage, at)).collect();
    let number = reading.number_at(passage, end + 1)?;
    let sliced = matches!(reading.symbol_at(passage, end + 2), Some('/' | '→'))
        || reading.word(passage, end + 2).eq_ignore_ascii_case("of");
    // `Total tests: 14 feature extraction tests` is a total of some of them.
    let after = reading.word(passage, end + 2);
    let qualified = !after.is_empty()
        && outcome(after).is_none()
        && noun(after).is_none()
        && !words.iter().any(|word| stem(word) == stem(after));
    if qualified
        && noun(reading.word(passage, end + 3))
            .or(noun(reading.word(passage, end + 4)))
            .is_some()
    {
        return None;
    }
    let named = words.len() >= 2 && words.iter().all(|word| !word.is_empty());
    let found = reading.number(number);
    if !named
        || sliced
        || !found.is_exact()
        || found.sign == Sign::Minus
        || words
            .iter()
            .any(|word| is_any(word, OTHER_TIME) || is_any(word, NAMES))
    {
        return None;
    }
    let mut headings = reading.document.headings_above(passage);
    let global = shape.detached
        || headings.next().is_none_or(|heading| {
            let level = reading.document.sections[reading.passage(heading).section].level;
            level == 1
                || reading.words(heading).any(|word| is_any(word, SUMMARY))
                    && in_the_present(reading, heading)
        });
    let label = words
        .iter()
        .map(|word| stem(word))
        .collect::<Vec<_>>()
        .join(" ");
    (global && in_the_present(reading, passage)).then_some((
        label,
        Said {
            passage,
            at: end + 1,
            number,
        },
    ))
}

/// Flags the value that fewer places state; of two, the one that no arithmetic supports.
fn disagreement(
    reading: &Reading<'_>,
    name: &str,
    said: &[Said],
    supported: &HashSet<usize>,
    ledger: &mut Ledger,
) {
    let unit = |said: &Said| reading.number(said.number).unit;
    let comparable =
        said.len() > 1 && said.len() <= 6 && said.iter().all(|other| unit(other) == unit(&said[0]));
    if !comparable || matches!(unit(&said[0]), Unit::Factor) {
        return;
    }
    let value = |said: &Said| reading.number(said.number).value;
    let mut votes: Vec<(Decimal, Vec<&Said>)> = Vec::new();
    for one in said {
        match votes.iter_mut().find(|(known, _)| *known == value(one)) {
            Some((_, places)) => places.push(one),
            None => votes.push((value(one), vec![one])),
        }
    }
    let same = votes.len() == 1;
    if votes.len() > 2 {
        return;
    }
    let supported = |places: &[&Said]| places.iter().any(|said| supported.contains(&said.number));
    // The stronger side first; of two equal sides the later one is the more detailed.
    let strength = |index: usize| (supported(&votes[index].1), votes[index].1.len(), index);
    let (strong, weak) = match same {
        true => (0, 0),
        false if strength(0) > strength(1) => (0, 1),
        false => (1, 0),
    };
    let verdict = if same {
        Verdict::Consistent
    } else {
        Verdict::Inconsistent
    };
    let (right, wrong) = (votes[strong].0, votes[weak].0);
    let why = if same {
        format!("\"{name}\" is stated {} times with one value", said.len())
    } else {
        format!("\"{name}\" is {right} elsewhere, {wrong} here")
    };
    let places = if same {
        &votes[0].1[1..]
    } else {
        &votes[weak].1[..]
    };
    let related: Vec<_> = votes[strong]
        .1
        .iter()
        .map(|said| reading.number_span(said.number).start)
        .collect();
    let judged: Vec<_> = places
        .iter()
        .map(|said| {
            Judged::new(
                Kind::Contradiction,
                verdict,
                reading.span(said.passage, said.at, said.at),
            )
            .expected(right.to_string())
            .why(why.clone())
            .related(related.clone())
            .numbers(
                votes
                    .iter()
                    .flat_map(|(_, places)| places.iter().map(|said| said.number)),
            )
        })
        .collect();
    ledger.judged.extend(judged);
}
