//! What an expression calls by name.

use std::ops::Range;

use super::expression::{Expression, Field};
use super::matcher::Kind;

/// A whole name in an expression, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The predicate: `phase`, `boundary`, `tag`, `test`, `file`, `package`, `binary`, `pattern`.
    pub predicate: &'static str,
    /// The name.
    pub name: String,
    /// The bytes of the expression where it stands.
    pub span: Range<usize>,
}

/// Boundaries that tests are selected for, not against.
pub(super) fn positive_boundaries(expression: &Expression) -> Vec<&str> {
    let mut names = Vec::new();
    collect(expression, true, &mut names);
    names
}

fn collect<'e>(expression: &'e Expression, wanted: bool, names: &mut Vec<&'e str>) {
    match expression {
        Expression::Predicate(Field::Boundary, matcher) => {
            let name = matcher.text.as_str();
            if wanted && matcher.kind == Kind::Equal && !names.contains(&name) {
                names.push(name);
            }
        }
        Expression::Not(inner) => collect(inner, !wanted, names),
        Expression::Both(a, b) | Expression::Either(a, b) => {
            collect(a, wanted, names);
            collect(b, wanted, names);
        }
        Expression::Without(a, b) => {
            collect(a, wanted, names);
            collect(b, !wanted, names);
        }
        Expression::All | Expression::None | Expression::Status(_) | Expression::Predicate(..) => {}
    }
}

pub(super) fn uses_status(expression: &Expression) -> bool {
    match expression {
        Expression::Status(_) => true,
        Expression::Not(inner) => uses_status(inner),
        Expression::Both(a, b) | Expression::Without(a, b) | Expression::Either(a, b) => {
            uses_status(a) || uses_status(b)
        }
        Expression::All | Expression::None | Expression::Predicate(..) => false,
    }
}
