//! A parsed expression.

use std::str::FromStr;

use super::error::ScopeError;
use super::evaluate::Subject;
use super::matcher::Matcher;
use super::names::{self, Reference};
use super::parser;

/// A set of tests, given by an expression.
///
/// Two scopes are equal when they have the same structure, however they were spelled. Displayed, a
/// scope is an expression that parses to an equal one.
///
/// ```
/// use phasegate_record::scope::Scope;
/// let scope: Scope = "phase(C) & boundary(cache) - test(/slow$/)".parse()?;
/// assert_eq!(scope.named_boundaries(), ["cache"]);
/// assert!(Scope::parse("phse(C)").unwrap_err().message.contains("`phase`"));
/// # Ok::<(), phasegate_record::scope::ScopeError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Scope {
    pub(super) expression: Expression,
    pub(super) references: Vec<Reference>,
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    All,
    None,
    Predicate(Field, Matcher),
    Status(Status),
    Not(Box<Expression>),
    Both(Box<Expression>, Box<Expression>),
    Without(Box<Expression>, Box<Expression>),
    Either(Box<Expression>, Box<Expression>),
}

/// What a predicate looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Phase,
    Boundary,
    Tag,
    Test,
    File,
    Package,
    Binary,
    Pattern,
}

impl Field {
    pub(super) const ALL: [Self; 8] = [
        Self::Phase,
        Self::Boundary,
        Self::Tag,
        Self::Test,
        Self::File,
        Self::Package,
        Self::Binary,
        Self::Pattern,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Phase => "phase",
            Self::Boundary => "boundary",
            Self::Tag => "tag",
            Self::Test => "test",
            Self::File => "file",
            Self::Package => "package",
            Self::Binary => "binary",
            Self::Pattern => "pattern",
        }
    }
}

/// How a test ended, as `status()` asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Passed,
    Failed,
    TimedOut,
    Crashed,
    Blocked,
    Skipped,
    Flaky,
    Fallback,
    NotRun,
}

impl Status {
    pub(super) const ALL: [Self; 9] = [
        Self::Passed,
        Self::Failed,
        Self::TimedOut,
        Self::Crashed,
        Self::Blocked,
        Self::Skipped,
        Self::Flaky,
        Self::Fallback,
        Self::NotRun,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::TimedOut => "timed-out",
            Self::Crashed => "crashed",
            Self::Blocked => "blocked",
            Self::Skipped => "skipped",
            Self::Flaky => "flaky",
            Self::Fallback => "fallback",
            Self::NotRun => "not-run",
        }
    }
}

impl Scope {
    /// Parses an expression of at most 4096 bytes (spaces not counted), 512 operators and
    /// predicates, and 64 levels of nesting.
    ///
    /// # Errors
    /// [`ScopeError`] with the place and what to write instead.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        parser::parse(text)
    }

    /// Whether the test belongs to the set.
    #[must_use]
    pub fn matches(&self, subject: &Subject<'_>) -> bool {
        subject.is_in(&self.expression)
    }

    /// Boundaries that the expression asks for by whole name, in its order, each once. Those that
    /// it only excludes are not among them.
    #[must_use]
    pub fn named_boundaries(&self) -> Vec<&str> {
        names::positive_boundaries(&self.expression)
    }

    /// Everything that the expression calls by whole name, in its order, so that the caller can
    /// refuse names that do not exist.
    #[must_use]
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// Whether the expression asks how tests ended: it then selects nothing before they ran.
    #[must_use]
    pub fn uses_status(&self) -> bool {
        names::uses_status(&self.expression)
    }
}

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        Self::parse(text)
    }
}

impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        self.expression == other.expression
    }
}
