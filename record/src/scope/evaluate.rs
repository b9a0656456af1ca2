//! Whether a test belongs to a scope.

use super::expression::{Expression, Field, Status};
use super::matcher::Matcher;
use crate::event::{Outcome, PlannedTest};

/// A test that a scope is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The test as declared.
    pub test: &'a PlannedTest,
    /// Its Cargo package.
    pub package: &'a str,
    /// Its test binary.
    pub binary: &'a str,
    /// How it ended; `None` when it did not run, or not yet. `status(not-run)` selects it then, and
    /// no other status does.
    pub outcome: Option<Outcome>,
    /// Whether it passed after an attempt that did not.
    pub flaky: bool,
    /// Whether it passed on the stand-in of a service, and that does not count: it is no passed
    /// test then, and only `status(fallback)` selects it.
    pub fallback: bool,
}

impl Subject<'_> {
    pub(super) fn is_in(&self, expression: &Expression) -> bool {
        match expression {
            Expression::All => true,
            Expression::None => false,
            Expression::Predicate(field, matcher) => self.fits(*field, matcher),
            Expression::Status(status) => self.has(*status),
            Expression::Not(inner) => !self.is_in(inner),
            Expression::Both(a, b) => self.is_in(a) && self.is_in(b),
            Expression::Without(a, b) => self.is_in(a) && !self.is_in(b),
            Expression::Either(a, b) => self.is_in(a) || self.is_in(b),
        }
    }

    fn fits(&self, field: Field, matcher: &Matcher) -> bool {
        let any = |names: &[String]| names.iter().any(|name| matcher.fits(name));
        match field {
            Field::Phase => self
                .test
                .phase
                .as_deref()
                .is_some_and(|id| matcher.fits(id)),
            Field::Boundary => any(&self.test.boundaries),
            Field::Tag => any(&self.test.tags),
            Field::Test => matcher.fits(&self.test.name),
            Field::File => matcher.fits(&self.test.file),
            Field::Package => matcher.fits(self.package),
            Field::Binary => matcher.fits(self.binary),
            Field::Pattern => any(&self.test.patterns),
        }
    }

    fn has(&self, status: Status) -> bool {
        let asked = match status {
            Status::Passed if self.fallback => return false,
            Status::Passed => Outcome::Passed,
            Status::Failed => Outcome::Failed,
            Status::TimedOut => Outcome::TimedOut,
            Status::Crashed => Outcome::Crashed,
            Status::Blocked => Outcome::Blocked,
            Status::Skipped => Outcome::Skipped,
            Status::Flaky => return self.flaky && self.outcome == Some(Outcome::Passed),
            Status::Fallback => return self.fallback,
            Status::NotRun => return self.outcome.is_none(),
        };
        self.outcome == Some(asked)
    }
}
