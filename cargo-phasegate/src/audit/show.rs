//! Findings for people: the line, the claim underlined, what it should say, and why.

use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use phasegate_report::audit::output::{Audited, Selection};
use phasegate_report::audit::{Audit, Finding, Power, Verdict};

use super::documents::Document;
use crate::console::{Console, Tone};

/// Longest source line that is shown whole, in bytes.
const LINE_LIMIT: usize = 400;

pub(super) fn human(
    documents: &[Document],
    audited: &[Audited<'_>],
    selection: Selection,
    power: Option<Power>,
    console: &Console,
) -> String {
    let renderer = if console.is_coloured() {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut out = String::new();
    for (document, audited) in documents.iter().zip(audited) {
        for finding in shown(audited.audit, selection) {
            out.push_str(&snippet(&renderer, document, finding));
            out.push_str("\n\n");
        }
    }
    for audited in audited {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}", summary(audited, console));
    }
    if let Some(power) = power {
        let _ = writeln!(out, "{}", powered(power));
    }
    out
}

/// Approximate claims are right as far as they go; they are listed with the consistent ones.
fn shown(audit: &Audit, selection: Selection) -> impl Iterator<Item = &Finding> {
    let quiet = move |finding: &&Finding| {
        selection == Selection::All
            || selection.keeps(finding) && finding.verdict != Verdict::Approximate
    };
    audit.findings.iter().filter(quiet)
}

fn snippet(renderer: &Renderer, document: &Document, finding: &Finding) -> String {
    let (level, label) = match finding.verdict {
        Verdict::Inconsistent => (Level::ERROR, format!("expected {}", finding.expected)),
        Verdict::Truncated => (Level::WARNING, format!("rounded: {}", finding.expected)),
        Verdict::Unresolved => (Level::NOTE, "unresolved".to_owned()),
        Verdict::Approximate => (Level::INFO, "approximate".to_owned()),
        Verdict::Consistent => (Level::INFO, "consistent".to_owned()),
    };
    let (line, span) = line_of(document, finding);
    let mut group = level
        .primary_title(&finding.why)
        .id(finding.kind.name())
        .element(
            Snippet::source(line)
                .line_start(finding.line)
                .path(&document.name)
                .annotation(AnnotationKind::Primary.span(span).label(label)),
        );
    if !finding.related_lines.is_empty() && finding.verdict != Verdict::Consistent {
        group = group.element(Level::NOTE.message(related(&finding.related_lines)));
    }
    if finding.decision_error {
        group = group.element(Level::NOTE.message("a gate or target is said to be met and is not"));
    }
    renderer.render(&[group])
}

/// The source line of a finding and the place of the quote in it; of a long line, the part around
/// the quote.
fn line_of<'d>(document: &'d Document, finding: &Finding) -> (&'d str, std::ops::Range<usize>) {
    let text = &document.text;
    let start = text[..finding.span.start]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let end = text[finding.span.start..]
        .find('\n')
        .map_or(text.len(), |at| finding.span.start + at);
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at += 1;
        }
        at
    };
    let (start, end) = if end - start > LINE_LIMIT {
        let from = finding.span.start.saturating_sub(LINE_LIMIT / 2).max(start);
        (
            boundary(from),
            boundary((finding.span.end + LINE_LIMIT / 2).min(end)),
        )
    } else {
        (start, end)
    };
    let span = finding.span.start - start..finding.span.end.min(end) - start;
    (text[start..end].trim_end_matches('\r'), span)
}

fn related(lines: &[usize]) -> String {
    let listed: Vec<_> = lines.iter().take(12).map(usize::to_string).collect();
    let more = if lines.len() > 12 { ", …" } else { "" };
    let noun = if lines.len() == 1 { "line" } else { "lines" };
    format!("held against {noun} {}{more}", listed.join(", "))
}

fn summary(audited: &Audited<'_>, console: &Console) -> String {
    let audit = audited.audit;
    let count = |verdict| {
        audit
            .findings
            .iter()
            .filter(|finding| finding.verdict == verdict)
            .count()
    };
    let wrong = count(Verdict::Inconsistent);
    let state = match wrong {
        0 => console.paint(Tone::Good, "no inconsistency", 0),
        1 => console.paint(Tone::Bad, "1 inconsistency", 0),
        n => console.paint(Tone::Bad, &format!("{n} inconsistencies"), 0),
    };
    let flips = audit
        .findings
        .iter()
        .filter(|finding| finding.decision_error)
        .count();
    let flips = if flips > 0 {
        format!(" ({flips} would flip a decision)")
    } else {
        String::new()
    };
    let skipped: Vec<_> = audit
        .skipped_by_reason
        .iter()
        .map(|skipped| format!("{}: {}", skipped.reason, skipped.count))
        .collect();
    let skipped = if skipped.is_empty() {
        String::new()
    } else {
        format!(" ({})", skipped.join(", "))
    };
    format!(
        "{}: {state}{flips}, {} truncated, {} approximate, {} unresolved, {} consistent\n  \
         numbers: {} recognised, {} skipped{skipped}, {} unrecognised",
        audited.path,
        count(Verdict::Truncated),
        count(Verdict::Approximate),
        count(Verdict::Unresolved),
        count(Verdict::Consistent),
        audit.recognised,
        audit.skipped,
        audit.unrecognised,
    )
}

fn powered(power: Power) -> String {
    let share = (power.caught * 100)
        .checked_div(power.tried)
        .map_or(String::new(), |percent| format!(" ({percent}%)"));
    format!(
        "power: {} of {} single-number changes would be noticed{share}; {} numbers recognised",
        power.caught, power.tried, power.recognised
    )
}
