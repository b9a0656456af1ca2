//! A document against the record of a run.

mod facts;
mod named;
mod scoped;

pub(super) use facts::Facts;

use super::claims::Claims;
use super::examine::examine;
use super::findings::Audit;
use super::reading::{Ledger, Reading};
use crate::figures::RunFigures;

/// Audits a document like [`audit`](super::audit), and compares its claims with a run: counts of
/// tests by outcome and pass rates for the run, a phase, a boundary or a source file, the number
/// of test files, and what became of tests that it names.
///
/// A claim is held against the smallest scope that its line, its table row or the heading above it
/// names. Without such a name it is held against the whole run where it speaks of a total, or of
/// as many tests as the run has; otherwise a difference is [`Verdict::Unresolved`](super::Verdict).
#[must_use]
pub fn audit_against(text: &str, run: &RunFigures<'_>) -> Audit {
    let facts = Facts::of(run);
    examine(text, Some(&facts))
}

/// Lets the record speak after the judges.
pub(super) fn judge(reading: &Reading<'_>, claims: &Claims, facts: &Facts, ledger: &mut Ledger) {
    scoped::judge(reading, claims, facts, ledger);
    named::judge(reading, facts, ledger);
}
