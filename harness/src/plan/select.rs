//! Filters of the command line: libtest's, and the scope language.

use phasegate_record::event::Disposition;
use phasegate_record::scope::{Scope, Subject};

use crate::registry::collect::Registered;

/// What the command line selects.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// Any of them must match; none given means all.
    pub(crate) filters: Vec<String>,
    /// None of them may match.
    pub(crate) skip: Vec<String>,
    /// Names must be equal rather than contain the filter.
    pub(crate) exact: bool,
    /// `--ignored`: only ignored tests.
    pub(crate) only_ignored: bool,
    /// `--include-ignored`
    pub(crate) include_ignored: bool,
    /// `--exclude-should-panic`
    pub(crate) exclude_should_panic: bool,
    /// `--scope`
    pub(crate) scope: Option<Scope>,
    /// For predicates of the scope language.
    pub(crate) package: String,
    /// For predicates of the scope language.
    pub(crate) binary: String,
}

impl Selection {
    /// Whether the name alone passes the filters.
    pub(crate) fn takes_name(&self, name: &str) -> bool {
        let hit = |filter: &String| {
            if self.exact {
                name == filter
            } else {
                name.contains(filter.as_str())
            }
        };
        (self.filters.is_empty() || self.filters.iter().any(hit)) && !self.skip.iter().any(hit)
    }

    /// What becomes of a test, sharding aside.
    pub(crate) fn decide(&self, test: &Registered) -> Disposition {
        let facts = &test.facts;
        let ignored = matches!(facts.disposition, Disposition::Ignored { .. });
        let out = !self.takes_name(&facts.name)
            || (self.only_ignored && !ignored)
            || (self.exclude_should_panic && test.should_panic)
            || self
                .scope
                .as_ref()
                .is_some_and(|s| !s.matches(&self.subject(test)));
        if out {
            Disposition::Filtered
        } else if ignored && !self.only_ignored && !self.include_ignored {
            facts.disposition.clone()
        } else {
            Disposition::Run
        }
    }

    fn subject<'a>(&'a self, test: &'a Registered) -> Subject<'a> {
        Subject {
            test: &test.facts,
            package: &self.package,
            binary: &self.binary,
            outcome: None,
            flaky: false,
            fallback: false,
        }
    }
}
