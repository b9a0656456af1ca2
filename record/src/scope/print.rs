//! Writes an expression so that it parses to the same tree.

use std::fmt::{self, Display, Formatter, Write};

use super::expression::{Expression, Field, Scope};
use super::matcher::{Kind, Matcher};

impl Display for Scope {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        print(&self.expression, 0, f)
    }
}

/// Prints `expression` where only operators that bind tighter than `outer` need no parentheses.
fn print(expression: &Expression, outer: u8, f: &mut Formatter<'_>) -> fmt::Result {
    let (a, sign, b, binding) = match expression {
        Expression::All => return f.write_str("all()"),
        Expression::None => return f.write_str("none()"),
        Expression::Status(status) => return write!(f, "status({})", status.as_str()),
        Expression::Predicate(field, matcher) => return predicate(*field, matcher, f),
        Expression::Not(inner) => {
            f.write_char('!')?;
            return print(inner, 2, f);
        }
        Expression::Either(a, b) => (a, '|', b, 0),
        Expression::Both(a, b) => (a, '&', b, 1),
        Expression::Without(a, b) => (a, '-', b, 1),
    };
    let enclosed = binding < outer;
    if enclosed {
        f.write_char('(')?;
    }
    // Operators group from the left, so an equal one on the right needs parentheses.
    print(a, binding, f)?;
    write!(f, " {sign} ")?;
    print(b, binding + 1, f)?;
    if enclosed {
        f.write_char(')')?;
    }
    Ok(())
}

fn predicate(field: Field, matcher: &Matcher, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "{}(", field.as_str())?;
    if matcher.kind == Kind::Regex {
        write!(f, "/{}/", regex(&matcher.text))?;
    } else {
        let first = matcher.text.chars().next();
        let misread = first.is_none_or(|c| Kind::of_mark(c).is_some());
        if matcher.kind != Kind::default_of(field) || misread {
            f.write_char(matcher.kind.mark())?;
        }
        argument(&matcher.text, f)?;
    }
    f.write_char(')')
}

fn argument(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    let last = text.chars().count().saturating_sub(1);
    for (at, c) in text.chars().enumerate() {
        let at_edge = at == 0 || at == last;
        if matches!(c, '\\' | ')') || (at_edge && c.is_ascii_whitespace()) {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    Ok(())
}

/// Escapes each `/` that is not escaped already.
fn regex(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                text.push('\\');
                text.extend(chars.next());
            }
            '/' => text.push_str("\\/"),
            c => text.push(c),
        }
    }
    text
}
