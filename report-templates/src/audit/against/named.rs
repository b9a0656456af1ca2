//! Tests that a document names, with a sign or a word for what became of them.

use super::facts::Facts;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Mark, Outcome, TokenKind, outcome};
use crate::audit::reading::{Judged, Ledger, Reading};
use crate::figures::Status;

pub(super) fn judge(reading: &Reading<'_>, facts: &Facts, ledger: &mut Ledger) {
    for passage in 0..reading.document.passages.len() {
        let mut names = reading
            .tokens(passage)
            .iter()
            .enumerate()
            .filter_map(|(at, token)| {
                let named = token.kind == TokenKind::Name || token.kind == TokenKind::Word;
                let status = facts
                    .tests
                    .get(reading.text(passage, token))
                    .copied()
                    .filter(|_| named)?;
                Some((at, status))
            });
        let (Some((at, Some(status))), None) = (names.next(), names.next()) else {
            continue;
        };
        if let Some(passed) = said(reading, passage) {
            compare(reading, passage, at, (status, passed), ledger);
        }
    }
}

/// Whether the passage (or its table row) says that the test passed; `None` where it does not say.
fn said(reading: &Reading<'_>, passage: usize) -> Option<bool> {
    let row = match reading.passage(passage).role {
        crate::audit::document::Role::Cell { table, row, .. } => {
            reading.document.tables[table].rows[row].clone()
        }
        _ => vec![passage],
    };
    let mut said = None;
    for passage in row {
        for token in reading.tokens(passage) {
            let this = match token.kind {
                TokenKind::Mark(Mark::Done) => Some(true),
                TokenKind::Mark(Mark::Failed) => Some(false),
                TokenKind::Word => match outcome(reading.text(passage, token)) {
                    Some(Outcome::Passed) => Some(true),
                    Some(Outcome::Failed) => Some(false),
                    _ => None,
                },
                _ => None,
            };
            if this.is_some() && said.is_some() && said != this {
                return None;
            }
            said = said.or(this);
        }
    }
    said
}

fn compare(
    reading: &Reading<'_>,
    passage: usize,
    at: usize,
    (status, passed): (Status, bool),
    ledger: &mut Ledger,
) {
    let right = passed == (status == Status::Passed);
    let verdict = if right {
        Verdict::Consistent
    } else {
        Verdict::Inconsistent
    };
    let judged = Judged::new(Kind::Contradiction, verdict, reading.span(passage, at, at));
    let said = if passed { "passed" } else { "failed" };
    let why = format!(
        "said to have {said}; in the record it is {}",
        status.as_str()
    );
    ledger.push(judged.expected(status.as_str()).why(why).decision(passed));
}
