//! Totals against passed, failed and skipped, in one line or over a few lines that belong together.

use super::shares::percent_of;
use crate::audit::claims::{Claims, Stated};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Decimal, Outcome, Sign, TokenKind, is_any};
use crate::audit::reading::{Judged, Ledger, Reading};
use std::collections::BTreeMap;

/// Counts of one set of tests.
#[derive(Default)]
struct Tally {
    total: Option<Stated>,
    parts: BTreeMap<Outcome, Vec<Stated>>,
    /// Two totals or two passes: the lines do not belong together.
    torn: bool,
}

pub(super) fn judge(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    let skips = mentions_skips(reading);
    for run in claims.stated.chunk_by(|a, b| a.passage == b.passage) {
        one_line(reading, claims, run, skips, ledger);
    }
    let mut groups: BTreeMap<usize, Vec<Stated>> = BTreeMap::new();
    for stated in &claims.stated {
        let passage = reading.passage(stated.passage);
        if !matches!(passage.role, Role::Heading | Role::Cell { .. }) {
            groups.entry(passage.group).or_default().push(*stated);
        }
    }
    for stated in groups.values() {
        if stated.first().map(|s| s.passage) != stated.last().map(|s| s.passage) {
            several_lines(reading, stated, skips, ledger);
        }
    }
}

fn one_line(
    reading: &Reading<'_>,
    claims: &Claims,
    run: &[Stated],
    skips: bool,
    ledger: &mut Ledger,
) {
    for (_, mut tally) in tallies(reading, run.iter().copied()) {
        if tally.total.is_none() {
            tally.total = trailing_total(reading, claims, run);
        }
        settle(reading, &tally, skips, ledger);
    }
}

fn several_lines(reading: &Reading<'_>, stated: &[Stated], skips: bool, ledger: &mut Ledger) {
    for (_, tally) in tallies(reading, stated.iter().copied()) {
        let Some(total) = tally.total else { continue };
        // A total far down a block of output belongs to other lines.
        let near = tally
            .parts
            .values()
            .flatten()
            .any(|part| part.passage.abs_diff(total.passage) <= 8);
        if !near {
            continue;
        }
        let spread = tally
            .parts
            .values()
            .flatten()
            .any(|part| part.passage != total.passage);
        if spread && !tally.torn {
            settle(reading, &tally, skips, ledger);
            percentages(reading, &tally, total, ledger);
        }
    }
}

fn tallies(
    reading: &Reading<'_>,
    stated: impl Iterator<Item = Stated>,
) -> BTreeMap<&'static str, Tally> {
    let mut tallies: BTreeMap<&'static str, Tally> = BTreeMap::new();
    for claim in stated {
        let tally = tallies.entry(claim.noun).or_default();
        if claim.outcome == Outcome::Total {
            let same = |known: Stated| {
                reading.number(known.number).value == reading.number(claim.number).value
            };
            tally.torn |= tally.total.is_some_and(|known| !same(known));
            tally.total = tally.total.or(Some(claim));
            continue;
        }
        let parts = tally.parts.entry(claim.outcome).or_default();
        let several = !parts.is_empty() && claim.outcome != Outcome::Skipped;
        tally.torn |= several;
        parts.push(claim);
    }
    tallies
}

/// `35 failed | 189 passed (224)`: the number in brackets at the end; `9 passed, 11 failed out of 20`.
fn trailing_total(reading: &Reading<'_>, claims: &Claims, run: &[Stated]) -> Option<Stated> {
    let last = run.last().filter(|_| run.len() > 1)?;
    let passage = last.passage;
    let tokens = reading.tokens(passage);
    let after = last.at + 2;
    let bracket = |at: usize| {
        reading.symbol_at(passage, at) == Some('(')
            && reading.symbol_at(passage, at + 2) == Some(')')
    };
    let all_labels = run.iter().all(|stated| !stated.labelled);
    let at = (after..tokens.len().min(after + 2)).find(|at| bracket(*at))? + 1;
    let number = reading
        .number_at(passage, at)
        .filter(|id| reading.number(*id).is_plain_count())?;
    let free = claims.ratios_in(passage).is_empty() && all_labels;
    free.then_some(Stated {
        at,
        number,
        outcome: Outcome::Total,
        ..*last
    })
}

/// Judges the sum of a tally.
fn settle(reading: &Reading<'_>, tally: &Tally, skips: bool, ledger: &mut Ledger) {
    let Some(total) = tally.total.filter(|_| !tally.torn) else {
        return;
    };
    let parts: Vec<_> = tally.parts.values().flatten().copied().collect();
    let exact = parts
        .iter()
        .chain([&total])
        .all(|stated| reading.number(stated.number).is_exact());
    if parts.is_empty() || !exact {
        return;
    }
    let value = |stated: &Stated| reading.number(stated.number).value;
    let sum = parts
        .iter()
        .fold(Decimal::ZERO, |sum, part| sum.add(value(part)));
    let printed = value(&total);
    let has = |outcome| tally.parts.contains_key(&outcome);
    let closed = has(Outcome::Passed) && has(Outcome::Failed);
    // `Tests run: 132` leaves out what was skipped, and so do some runners without saying so.
    let of = |outcome| {
        let parts = tally.parts.get(&outcome).into_iter().flatten();
        parts.fold(Decimal::ZERO, |sum, part| sum.add(value(part)))
    };
    let ran = of(Outcome::Passed).add(of(Outcome::Failed)) == printed;
    let run = sum.sub(of(Outcome::Skipped));
    let executed = reading
        .words(total.passage)
        .any(|word| is_any(word, &["run", "ran", "executed", "runs"]));
    let verdict = if (sum == printed || ran) && closed {
        Verdict::Consistent
    } else if executed && closed && run == printed {
        Verdict::Unresolved
    } else if sum < printed && closed && beside(reading, &parts, total, printed.sub(sum)) {
        // A count under a name of its own (`Warnings: 4`) is what is missing.
        Verdict::Unresolved
    } else if sum > printed || closed && (has(Outcome::Skipped) || !skips) {
        Verdict::Inconsistent
    } else if closed {
        // The document speaks of skipped tests somewhere: they may be what is missing.
        Verdict::Unresolved
    } else {
        return;
    };
    let addends: Vec<_> = parts.iter().map(|part| value(part).to_string()).collect();
    let lone = parts.len() == 1;
    let at = if lone { parts[0] } else { total };
    let why = if lone {
        format!("{sum} is more than the total of {printed}")
    } else {
        format!("{} = {sum}, printed {printed}", addends.join(" + "))
    };
    let expected = if lone {
        format!("at most {printed}")
    } else {
        sum.to_string()
    };
    ledger.push(
        Judged::new(Kind::Sum, verdict, reading.span(at.passage, at.at, at.at))
            .expected(expected)
            .why(why)
            .related(
                parts
                    .iter()
                    .chain([&total])
                    .map(|part| reading.number_span(part.number).start),
            )
            .numbers(parts.iter().chain([&total]).map(|part| part.number)),
    );
}

/// Whether the list or paragraph of the total has a further count of this value.
fn beside(reading: &Reading<'_>, parts: &[Stated], total: Stated, missing: Decimal) -> bool {
    let passages = || parts.iter().chain([&total]).map(|part| part.passage);
    let (first, last) = (passages().min(), passages().max());
    let known = |id: usize| parts.iter().chain([&total]).any(|part| part.number == id);
    let group = reading.passage(total.passage).group;
    let end = last.map_or(0, |last| (last + 4).min(reading.document.passages.len()));
    (first.unwrap_or(end).saturating_sub(3)..end)
        .filter(|passage| reading.passage(*passage).group == group)
        .flat_map(|passage| reading.numbers_in(passage))
        .any(|(_, id)| {
            let number = reading.number(id);
            !known(id) && number.is_plain_count() && number.value == missing
        })
}

fn mentions_skips(reading: &Reading<'_>) -> bool {
    let skips = &[
        "skipped", "skip", "skips", "ignored", "pending", "todo", "xfail", "errors", "error",
        "blocked", "flaky", "disabled",
    ];
    (0..reading.document.passages.len())
        .any(|passage| reading.words(passage).any(|word| is_any(word, skips)))
}

/// `Passed: 206 (99.04%)` under `Total Tests: 208`.
fn percentages(reading: &Reading<'_>, tally: &Tally, total: Stated, ledger: &mut Ledger) {
    for part in tally.parts.values().flatten() {
        let Some((at, percent)) = bracketed_percent(reading, part.passage, part.at) else {
            continue;
        };
        let span = reading.span(part.passage, part.at, at);
        let judged = percent_of(reading, part.number, total.number, percent, span);
        ledger.push(
            judged
                .numbers([part.number, total.number, percent])
                .related([reading.number_span(total.number).start]),
        );
    }
}

/// The percentage in brackets after a count and at most three words, alone in its clause.
pub(super) fn bracketed_percent(
    reading: &Reading<'_>,
    passage: usize,
    count: usize,
) -> Option<(usize, usize)> {
    let tokens = reading.tokens(passage);
    let mut at = count + 1;
    while at < count + 5
        && matches!(
            tokens.get(at)?.kind,
            TokenKind::Word | TokenKind::Mark(_) | TokenKind::Symbol('*')
        )
    {
        at += 1;
    }
    if reading.symbol_at(passage, at) != Some('(') {
        return None;
    }
    let id = reading.number_at(passage, at + 1)?;
    let number = reading.number(id);
    let next = reading.word(passage, at + 2);
    let alone = matches!(
        reading.symbol_at(passage, at + 2),
        Some(')' | ',' | '-' | ';')
    ) || is_any(
        next,
        &[
            "pass", "success", "passing", "passed", "complete", "failing", "failed",
        ],
    ) && !is_any(
        reading.word(passage, at + 3),
        &["target", "previous", "last"],
    );
    let of_some =
        (at + 2..at + 6).any(|i| is_any(reading.word(passage, i), &["for", "of", "among"]));
    (number.is_percent() && number.sign == Sign::None && alone && !of_some).then_some((at + 1, id))
}
