//! How an argument compares with a name.

use regex_lite::{Regex, RegexBuilder};

use super::expression::Field;

/// Memory that one compiled expression may take. Matching is linear in the text.
const REGEX_SIZE: usize = 1 << 20;

/// How an argument compares with a name.
#[derive(Debug, Clone)]
pub(super) struct Matcher {
    pub(super) kind: Kind,
    /// The argument without its mark and its escapes.
    pub(super) text: String,
    regex: Option<Regex>,
}

/// The ways to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Equal,
    Contains,
    Glob,
    Regex,
}

impl Kind {
    /// How a bare argument compares.
    pub(super) fn default_of(field: Field) -> Self {
        match field {
            Field::Test => Self::Contains,
            Field::File => Self::Glob,
            _ => Self::Equal,
        }
    }

    /// The character that asks for it.
    pub(super) fn mark(self) -> char {
        match self {
            Self::Equal => '=',
            Self::Contains => '~',
            Self::Glob => '#',
            Self::Regex => '/',
        }
    }

    /// The kind that `mark` asks for.
    pub(super) fn of_mark(mark: char) -> Option<Self> {
        [Self::Equal, Self::Contains, Self::Glob, Self::Regex]
            .into_iter()
            .find(|kind| kind.mark() == mark)
    }
}

impl Matcher {
    /// Compiles an argument; the error says what is wrong with its regular expression.
    pub(super) fn new(kind: Kind, text: String) -> Result<Self, String> {
        let source = match kind {
            Kind::Equal | Kind::Contains => None,
            Kind::Glob => Some(glob_as_regex(&text)),
            Kind::Regex => Some(text.clone()),
        };
        let compile = |source: String| RegexBuilder::new(&source).size_limit(REGEX_SIZE).build();
        let regex = source
            .map(compile)
            .transpose()
            .map_err(|error| error.to_string())?;
        Ok(Self { kind, text, regex })
    }

    pub(super) fn fits(&self, name: &str) -> bool {
        match (&self.regex, self.kind) {
            (Some(regex), _) => regex.is_match(name),
            (None, Kind::Contains) => name.contains(&self.text),
            (None, _) => name == self.text,
        }
    }
}

impl PartialEq for Matcher {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.text == other.text
    }
}

/// `?` is one character and `*` any number, neither of them `/`; `**` is anything, and `**/` may be
/// nothing.
fn glob_as_regex(glob: &str) -> String {
    let mut regex = String::from("(?s)^");
    let mut rest = glob;
    while let Some(c) = rest.chars().next() {
        let (part, length) = if rest.starts_with("**/") {
            ("(?:.*/)?".to_owned(), 3)
        } else if rest.starts_with("**") {
            (".*".to_owned(), 2)
        } else if c == '*' {
            ("[^/]*".to_owned(), 1)
        } else if c == '?' {
            ("[^/]".to_owned(), 1)
        } else {
            (regex_lite::escape(&rest[..c.len_utf8()]), c.len_utf8())
        };
        regex.push_str(&part);
        rest = &rest[length..];
    }
    regex.push('$');
    regex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_stop_at_slashes_unless_doubled() {
        let fits = |glob: &str, name: &str| {
            Matcher::new(Kind::Glob, glob.to_owned())
                .unwrap()
                .fits(name)
        };
        assert!(fits("tests/*.rs", "tests/a.rs") && !fits("tests/*.rs", "tests/x/a.rs"));
        assert!(fits("tests/**/*.rs", "tests/a.rs") && fits("tests/**/*.rs", "tests/x/y/a.rs"));
        assert!(fits("**", "anything/at/all") && fits("a?c", "a.c") && !fits("a?c", "a/c"));
        assert!(!fits("a.c", "abc") && !fits("b", "abc"));
    }
}
