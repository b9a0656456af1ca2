//! The pipeline: read, lex, recognise, judge, account for every number.

use super::against::{self, Facts};
use super::claims::Claims;
use super::document::{Positions, read};
use super::findings::{Audit, Finding, Skipped, Unrecognised, Verdict};
use super::judge::judge;
use super::numbers::{Lexed, lex};
use super::reading::{Judged, Ledger, Reading};
use std::collections::{BTreeMap, HashSet};

/// Longest quote, in bytes.
const QUOTE_LIMIT: usize = 160;
/// Most related lines that a finding lists.
const RELATED_LIMIT: usize = 40;

/// Audits Markdown text. Time and memory grow linearly with it.
#[must_use]
pub fn audit(text: &str) -> Audit {
    examine(text, None)
}

/// The pipeline, with the facts of a record where there is one.
pub(super) fn examine(text: &str, facts: Option<&Facts>) -> Audit {
    let document = read(text);
    let lexed = lex(&document);
    let reading = Reading {
        document,
        lexed,
        positions: Positions::new(text),
    };
    let claims = Claims::find(&reading);
    let mut ledger = Ledger::default();
    judge(&reading, &claims, &mut ledger);
    if let Some(facts) = facts {
        against::judge(&reading, &claims, facts, &mut ledger);
    }
    account(text, &reading, ledger)
}

/// Audits bytes of unknown encoding: what is not UTF-8 is replaced, a byte order mark is dropped.
/// Lines and columns then refer to the decoded text.
#[must_use]
pub fn audit_bytes(bytes: &[u8]) -> Audit {
    let text = String::from_utf8_lossy(bytes);
    audit(text.strip_prefix('\u{feff}').unwrap_or(&text))
}

fn account(text: &str, reading: &Reading<'_>, ledger: Ledger) -> Audit {
    let mut used = vec![false; reading.lexed.numbers.len()];
    for id in ledger.judged.iter().flat_map(|judged| &judged.numbers) {
        used[*id] = true;
    }
    let recognised = used.iter().filter(|used| **used).count();
    let numbers = reading.lexed.numbers.iter().zip(&used);
    Audit {
        recognised,
        skipped: reading.lexed.skipped.len(),
        unrecognised: used.len() - recognised,
        skipped_by_reason: by_reason(&reading.lexed),
        recognised_at: numbers
            .filter(|(_, used)| **used)
            .map(|(n, _)| n.source.clone())
            .collect(),
        unrecognised_at: unrecognised(text, reading, &used),
        findings: findings(text, reading, ledger.judged),
    }
}

fn by_reason(lexed: &Lexed) -> Vec<Skipped> {
    let mut counts = BTreeMap::new();
    for reason in &lexed.skipped {
        *counts.entry(*reason).or_insert(0) += 1;
    }
    counts
        .into_iter()
        .map(|(reason, count)| Skipped {
            reason: reason.name(),
            count,
        })
        .collect()
}

fn unrecognised(text: &str, reading: &Reading<'_>, used: &[bool]) -> Vec<Unrecognised> {
    let mut open: Vec<_> = reading
        .lexed
        .numbers
        .iter()
        .zip(used)
        .filter(|(_, used)| !**used)
        .map(|(n, _)| n.source.clone())
        .collect();
    open.sort_by_key(|span| span.start);
    let places = reading
        .positions
        .columns(open.iter().map(|span| span.start));
    let digits = open.iter().map(|span| text[span.clone()].to_owned());
    places
        .into_iter()
        .zip(digits)
        .map(|((line, column), digits)| Unrecognised {
            line,
            column,
            digits,
        })
        .collect()
}

fn findings(text: &str, reading: &Reading<'_>, mut judged: Vec<Judged>) -> Vec<Finding> {
    judged.sort_by(|a, b| {
        (a.span.start, a.verdict, a.kind, a.span.end).cmp(&(
            b.span.start,
            b.verdict,
            b.kind,
            b.span.end,
        ))
    });
    let mut seen = HashSet::new();
    judged.retain(|claim| {
        seen.insert((
            claim.span.start,
            claim.kind,
            claim.verdict,
            claim.expected.clone(),
        ))
    });
    let places = reading
        .positions
        .columns(judged.iter().map(|claim| claim.span.start));
    judged
        .into_iter()
        .zip(places)
        .map(|(claim, place)| finding(text, reading, claim, place))
        .collect()
}

fn finding(
    text: &str,
    reading: &Reading<'_>,
    claim: Judged,
    (line, column): (usize, usize),
) -> Finding {
    let mut related_lines: Vec<_> = claim
        .related
        .iter()
        .map(|offset| reading.positions.line(*offset))
        .collect();
    related_lines.sort_unstable();
    related_lines.dedup();
    related_lines.retain(|related| *related != line);
    related_lines.truncate(RELATED_LIMIT);
    let quote = quote(text, claim.span.clone());
    Finding {
        line,
        column,
        span: claim.span.start..claim.span.start + quote.len(),
        quote: quote.to_owned(),
        kind: claim.kind,
        verdict: claim.verdict,
        expected: claim.expected,
        why: claim.why,
        related_lines,
        decision_error: claim.decision_error && claim.verdict == Verdict::Inconsistent,
    }
}

fn quote(text: &str, span: std::ops::Range<usize>) -> &str {
    let whole = text.get(span).unwrap_or_default();
    let line = whole.lines().next().unwrap_or_default();
    let mut end = line.len().min(QUOTE_LIMIT);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    &line[..end]
}
