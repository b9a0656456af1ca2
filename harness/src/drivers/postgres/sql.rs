//! Text for the server, and what it says.

use tokio_postgres::error::{ErrorPosition, SqlState};

use crate::terms::Error;

/// An identifier.
pub(super) fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A string.
pub(super) fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if text.contains('\\') {
        format!("E'{}'", quoted.replace('\\', "\\\\"))
    } else {
        format!("'{quoted}'")
    }
}

/// What the server said, on one line: message, detail, hint, code.
pub(super) fn said(error: &tokio_postgres::Error) -> String {
    let Some(answer) = error.as_db_error() else {
        return Error::from(error).to_string();
    };
    let mut text = format!("{}: {}", answer.severity(), answer.message());
    let more = [answer.detail(), answer.hint(), answer.where_()];
    for more in more.into_iter().flatten() {
        text.push_str("; ");
        text.push_str(&more.replace('\n', " "));
    }
    text.push_str(&format!(" (SQLSTATE {})", answer.code().code()));
    text
}

/// Line and column of the statement that the server complains about, both from 1.
pub(super) fn position(error: &tokio_postgres::Error, text: &str) -> Option<(usize, usize)> {
    let ErrorPosition::Original(at) = error.as_db_error()?.position()? else {
        return None;
    };
    let before: String = text
        .chars()
        .take((*at as usize).saturating_sub(1))
        .collect();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    Some((line, column))
}

/// The server's answer as an error, behind what was being done.
pub(super) fn cannot(doing: impl std::fmt::Display) -> impl FnOnce(tokio_postgres::Error) -> Error {
    move |error| Error::new(format_args!("cannot {doing}: {}", said(&error)))
}

pub(super) fn is(error: &tokio_postgres::Error, state: &SqlState) -> bool {
    error.code() == Some(state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_cannot_break_out() {
        assert_eq!(ident("a\"b"), "\"a\"\"b\"");
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\'b"), "E'a\\\\''b'");
    }
}
