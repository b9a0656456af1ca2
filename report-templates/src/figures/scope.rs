//! The tests that a criterion counts over.

use phasegate_record::scope::{Scope, Subject};

use super::{Status, TestFigure};

/// The tests in the scope of a criterion.
#[derive(Debug, Clone)]
pub(super) struct InScope<'r, 'a> {
    /// The tests, sorted like those of the run.
    pub(super) tests: Vec<&'r TestFigure<'a>>,
    /// Boundaries that the scope names.
    pub(super) named_boundaries: Vec<String>,
}

impl TestFigure<'_> {
    /// What the scope language asks about this test.
    #[must_use]
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            test: self.plan,
            package: self.package,
            binary: self.binary,
            outcome: self.last().map(|attempt| attempt.event.outcome),
            flaky: self.is_flaky(),
            fallback: self.status == Status::Fallback,
        }
    }
}

/// The tests of all phases that `scope` selects.
///
/// # Errors
///
/// When the scope cannot be read: why, in words.
pub(super) fn select<'r, 'a>(
    scope: &str,
    tests: &'r [TestFigure<'a>],
) -> Result<InScope<'r, 'a>, String> {
    let parsed =
        Scope::parse(scope).map_err(|error| format!("its scope cannot be read: {error}"))?;
    let unsettled =
        |test: &TestFigure<'_>| matches!(test.status, Status::Filtered | Status::OtherShard);
    if parsed.uses_status() && tests.iter().any(unsettled) {
        return Err(
            "its scope asks how tests ended, and some were left out of this run".to_owned(),
        );
    }
    let matched = tests.iter().filter(|test| parsed.matches(&test.subject()));
    Ok(InScope {
        tests: matched.collect(),
        named_boundaries: parsed
            .named_boundaries()
            .into_iter()
            .map(|name| name.to_string())
            .collect(),
    })
}
