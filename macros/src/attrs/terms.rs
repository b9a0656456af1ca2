//! What a test says of itself, and a suite of all its tests.

use proc_macro2::TokenStream;

use super::argument::{Argument, split, unknown};
use super::value::Isolation;
use crate::errors::Errors;

/// Which attribute is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Test,
    Suite,
}

/// The arguments of `#[phasegate::test]` and `#[phasegate::suite]`.
#[derive(Debug, Default, Clone)]
pub(crate) struct Terms {
    pub(crate) phase: Option<String>,
    pub(crate) boundaries: Vec<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) criteria: Vec<String>,
    pub(crate) isolation: Option<Isolation>,
    pub(crate) timeout_ms: Option<u64>,
    pub(crate) retries: Option<u32>,
    pub(crate) serial: Option<String>,
    pub(crate) ignore: Option<Marked>,
    pub(crate) should_panic: Option<Marked>,
}

/// `ignore` or `should_panic`, with the text beside it.
#[derive(Debug, Default, Clone)]
pub(crate) struct Marked {
    pub(crate) text: Option<String>,
}

const KNOWN: &[&str] = &[
    "phase",
    "boundary",
    "tags",
    "criterion",
    "isolation",
    "timeout",
    "retries",
    "serial",
    "ignore",
    "should_panic",
];

impl Terms {
    /// Reads the tokens between the attribute's parentheses.
    pub(crate) fn parse(tokens: TokenStream, place: Place, errors: &mut Errors) -> Self {
        let mut terms = Self::default();
        for argument in split(tokens, errors) {
            let read = terms.read(&argument, place);
            errors.keep(read);
        }
        terms
    }

    fn read(&mut self, argument: &Argument, place: Place) -> syn::Result<()> {
        match argument.key.to_string().as_str() {
            "phase" => self.phase = Some(argument.text("phase = \"C\"")?),
            "boundary" => self.boundaries = argument.texts("boundary = [\"database\"]")?,
            "tags" => self.tags = argument.texts("tags = [\"slow\"]")?,
            "criterion" => self.criteria = argument.texts("criterion = [\"C-3\"]")?,
            "isolation" => self.isolation = Some(argument.isolation()?),
            "timeout" => self.timeout_ms = Some(argument.milliseconds("timeout = \"5s\"")?),
            "retries" => self.retries = Some(argument.count("retries = 2")?),
            "serial" => self.serial = Some(argument.text("serial = \"group\"")?),
            "ignore" => self.ignore = Some(marked(argument, "ignore = \"why\"")?),
            "should_panic" if place == Place::Suite => {
                return Err(syn::Error::new(
                    argument.key.span(),
                    "`should_panic` is said of one test, not of a suite: write it in `#[phasegate::test(…)]`",
                ));
            }
            "should_panic" => {
                self.should_panic =
                    Some(marked(argument, "should_panic = \"part of the message\"")?);
            }
            _ => return Err(unknown(&argument.key, place.known())),
        }
        Ok(())
    }
}

impl Place {
    fn known(self) -> &'static [&'static str] {
        match self {
            Self::Test => KNOWN,
            Self::Suite => &KNOWN[..KNOWN.len() - 1],
        }
    }
}

fn marked(argument: &Argument, example: &str) -> syn::Result<Marked> {
    Ok(Marked {
        text: argument.optional_text(example)?,
    })
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn parse(tokens: TokenStream, place: Place) -> (Terms, Vec<String>) {
        let mut errors = Errors::default();
        let terms = Terms::parse(tokens, place, &mut errors);
        (terms, errors.messages())
    }

    #[test]
    fn reads_each_argument() {
        let (terms, said) = parse(
            quote!(
                phase = "C",
                boundary = ["database", "cache",],
                tags = "slow",
                criterion = ["C-3"],
                isolation = "thread",
                timeout = "1m 30s",
                retries = 2,
                serial = "ledger",
                ignore = "why",
                should_panic,
            ),
            Place::Test,
        );
        assert!(said.is_empty(), "{said:?}");
        assert_eq!(terms.phase.as_deref(), Some("C"));
        assert_eq!(terms.boundaries, ["database", "cache"]);
        assert_eq!(terms.tags, ["slow"]);
        assert_eq!(terms.criteria, ["C-3"]);
        assert_eq!(terms.isolation, Some(Isolation::Thread));
        assert_eq!(terms.timeout_ms, Some(90_000));
        assert_eq!(terms.retries, Some(2));
        assert_eq!(terms.serial.as_deref(), Some("ledger"));
        assert_eq!(terms.ignore.unwrap().text.as_deref(), Some("why"));
        assert_eq!(terms.should_panic.unwrap().text, None);
    }

    #[test]
    fn nothing_said_is_nothing_claimed() {
        let (terms, said) = parse(quote!(), Place::Test);
        assert!(said.is_empty());
        assert!(terms.phase.is_none() && terms.timeout_ms.is_none() && terms.ignore.is_none());
        assert!(terms.boundaries.is_empty() && terms.retries.is_none());
    }

    #[test]
    fn a_complaint_leaves_the_rest_standing() {
        let (terms, said) = parse(
            quote!(phase = C, timout = "5s", retries = 3, isolation = "sandbox"),
            Place::Test,
        );
        assert_eq!(terms.retries, Some(3));
        assert_eq!(
            said,
            [
                "expected a string for `phase`: write `\"C\"` in quotes",
                "unknown argument `timout`: did you mean `timeout`?",
                "isolation `sandbox` is not available in this version: write `isolation = \"process\"`",
            ]
        );
    }

    #[test]
    fn a_suite_does_not_panic() {
        let (terms, said) = parse(quote!(should_panic, phase = "C"), Place::Suite);
        assert_eq!(terms.phase.as_deref(), Some("C"));
        assert!(said[0].starts_with("`should_panic` is said of one test"));
        let (_, said) = parse(quote!(colour = "red"), Place::Suite);
        assert!(!said[0].contains("should_panic"), "{said:?}");
    }
}
