//! Counts and ratios of a document against the counts of the scope that they name.

use super::facts::{Counts, Facts};
use crate::audit::claims::{Claims, Standing, standing};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Decimal, Outcome, TokenKind, is_any, noun, outcome};
use crate::audit::reading::{Judged, Ledger, Reading};

/// A scope, and whether the document names it beyond doubt.
struct Scope {
    name: String,
    counts: Counts,
    certain: bool,
}

pub(super) fn judge(reading: &Reading<'_>, claims: &Claims, facts: &Facts, ledger: &mut Ledger) {
    for ratio in &claims.ratios {
        let tests = about_tests(reading, ratio.passage);
        if !tests || standing(reading, ratio) != Standing::Current {
            continue;
        }
        let scope = scope(reading, ratio.passage, facts);
        let value = |id: usize| reading.number(id).value;
        let same_size = value(ratio.whole) == count(scope.counts.total);
        let certain = scope.certain || same_size;
        let span = reading.span(ratio.passage, ratio.first, ratio.last);
        let right = same_size && value(ratio.part) == count(scope.counts.passed);
        let expected = format!("{}/{}", scope.counts.passed, scope.counts.total);
        let why = format!("the record has {expected} passed for {}", scope.name);
        push(
            reading,
            Kind::RatioPercent,
            (right, certain),
            span,
            expected,
            why,
            &[ratio.part, ratio.whole],
            ledger,
        );
    }
    for stated in claims.stated.iter().filter(|stated| stated.noun == "test") {
        let scope = scope(reading, stated.passage, facts);
        let known = match stated.outcome {
            Outcome::Total => scope.counts.total,
            Outcome::Passed => scope.counts.passed,
            Outcome::Failed => scope.counts.failed,
            Outcome::Skipped => scope.counts.skipped,
        };
        let right = reading.number(stated.number).value == count(known);
        let certain = scope.certain
            || stated.labelled
                && !matches!(reading.passage(stated.passage).role, Role::Cell { .. });
        let exact = reading.number(stated.number).is_exact();
        let span = reading.span(stated.passage, stated.at, stated.at);
        let why = format!("the record has {known} for {}", scope.name);
        push(
            reading,
            Kind::Sum,
            (right, certain && exact),
            span,
            known.to_string(),
            why,
            &[stated.number],
            ledger,
        );
    }
    files(reading, facts, ledger);
}

fn count(value: u64) -> Decimal {
    Decimal::whole(i128::from(value))
}

fn about_tests(reading: &Reading<'_>, passage: usize) -> bool {
    let here = |passage: usize| {
        reading
            .words(passage)
            .any(|word| noun(word) == Some("test") || outcome(word) == Some(Outcome::Passed))
    };
    let header = match reading.passage(passage).role {
        Role::Cell { table, column, .. } => {
            reading.document.tables[table].rows[0].get(column).copied()
        }
        _ => None,
    };
    here(passage)
        || header.is_some_and(here)
        || reading.document.headings_above(passage).take(1).any(here)
}

/// The smallest scope that the passage, its row or the heading above it names.
fn scope(reading: &Reading<'_>, passage: usize, facts: &Facts) -> Scope {
    let row = match reading.passage(passage).role {
        Role::Cell { table, row, .. } => reading.document.tables[table].rows[row].first().copied(),
        _ => None,
    };
    let heading = reading.document.headings_above(passage).next();
    for place in [Some(passage), row, heading].into_iter().flatten() {
        if let Some((name, counts)) = named(reading, place, facts) {
            return Scope {
                name,
                counts,
                certain: true,
            };
        }
    }
    let overall = reading
        .words(passage)
        .any(|word| is_any(word, &["overall", "total", "altogether"]));
    Scope {
        name: "the run".to_owned(),
        counts: facts.run,
        certain: overall,
    }
}

fn named(reading: &Reading<'_>, passage: usize, facts: &Facts) -> Option<(String, Counts)> {
    let text = &reading.passage(passage).flat.text;
    for token in reading.tokens(passage) {
        let word = reading.text(passage, token);
        if token.kind == TokenKind::Name
            && let Some(counts) = facts.files.get(word)
        {
            return Some((word.to_owned(), *counts));
        }
    }
    let lower = text.to_lowercase();
    let words: Vec<_> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .collect();
    let phase = words
        .windows(2)
        .find(|pair| pair[0] == "phase")
        .and_then(|pair| facts.phases.get_key_value(pair[1]));
    if let Some((id, counts)) = phase {
        return Some((format!("phase {id}"), *counts));
    }
    let split = |name: &str| {
        name.split(|c: char| !c.is_alphanumeric() && c != '-')
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let named = facts
        .boundaries
        .iter()
        .map(|(name, counts)| (split(name), name, counts));
    let mut found: Vec<_> = named
        .filter(|(parts, _, _)| {
            words
                .windows(parts.len())
                .any(|window| window == parts.as_slice())
        })
        .collect();
    // A title such as `Redis cache` contains the name `cache`; two boundaries side by side are no scope.
    found.sort_by_key(|(parts, name, _)| (std::cmp::Reverse(parts.len()), (*name).clone()));
    let (parts, name, counts) = found.first()?;
    let within = found.iter().all(|(other, _, _)| {
        parts
            .windows(other.len())
            .any(|window| window == other.as_slice())
    });
    within.then(|| (format!("boundary {name}"), **counts))
}

/// `26 test files`.
fn files(reading: &Reading<'_>, facts: &Facts, ledger: &mut Ledger) {
    for passage in 0..reading.document.passages.len() {
        for (at, id) in reading.numbers_in(passage) {
            let words: Vec<_> = (at + 1..at + 5)
                .map(|i| reading.word(passage, i))
                .take_while(|word| !word.is_empty())
                .collect();
            let test_files = words
                .windows(2)
                .any(|pair| is_any(pair[0], &["test"]) && is_any(pair[1], &["files"]));
            if test_files && reading.number(id).is_plain_count() {
                let right = reading.number(id).value == count(facts.file_count);
                let why = format!("the record has tests from {} files", facts.file_count);
                let all = is_any(reading.word(passage, at.wrapping_sub(1)), &["all"]);
                let expected = facts.file_count.to_string();
                push(
                    reading,
                    Kind::Other,
                    (right, all),
                    reading.span(passage, at, at),
                    expected,
                    why,
                    &[id],
                    ledger,
                );
            }
        }
    }
}

#[allow(clippy::too_many_arguments)]
fn push(
    reading: &Reading<'_>,
    kind: Kind,
    (right, certain): (bool, bool),
    span: std::ops::Range<usize>,
    expected: String,
    why: String,
    numbers: &[usize],
    ledger: &mut Ledger,
) {
    let verdict = match (right, certain) {
        (true, _) => Verdict::Consistent,
        (false, true) => Verdict::Inconsistent,
        (false, false) => Verdict::Unresolved,
    };
    let printed = numbers
        .iter()
        .map(|id| reading.number(*id).value.to_string())
        .collect::<Vec<_>>()
        .join("/");
    ledger.push(
        Judged::new(kind, verdict, span)
            .expected(expected)
            .why(format!("{why}, printed {printed}"))
            .numbers(numbers.iter().copied()),
    );
}
