//! Where an expression stops making sense.

use std::fmt;
use std::ops::Range;

/// An expression is no scope. Displayed, it shows the expression with a mark under the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeError {
    /// The expression.
    pub source: String,
    /// The bytes of it that are at fault; may be empty at its end.
    pub span: Range<usize>,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl ScopeError {
    pub(super) fn new(source: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            source: source.to_owned(),
            span,
            message: message.into(),
        }
    }
}

impl std::error::Error for ScopeError {}

impl fmt::Display for ScopeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // One column a character, whatever it is, keeps the mark under its place.
        let plain = |text: &str| -> String {
            text.chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect()
        };
        let before = self
            .source
            .get(..self.span.start)
            .unwrap_or_default()
            .chars()
            .count();
        let marked = self
            .source
            .get(self.span.clone())
            .unwrap_or_default()
            .chars()
            .count();
        writeln!(f, "{}", self.message)?;
        writeln!(f, "  {}", plain(&self.source))?;
        write!(f, "  {}{}", " ".repeat(before), "^".repeat(marked.max(1)))
    }
}
