//! The arguments of `#[phasegate::service]`.

use proc_macro2::{Span, TokenStream};
use syn::ExprPath;

use super::argument::{split, unknown};
use crate::errors::Errors;

/// The arguments of `#[phasegate::service]`.
#[derive(Default, Clone)]
pub(crate) struct ServiceArguments {
    pub(crate) boundaries: Vec<String>,
    pub(crate) after: Vec<String>,
    pub(crate) fallback: Option<ExprPath>,
    pub(crate) restarts: Option<u32>,
    pub(crate) timeout_ms: Option<u64>,
}

const KNOWN: &[&str] = &["boundary", "after", "fallback", "restarts", "timeout"];

impl ServiceArguments {
    /// Reads the tokens between the attribute's parentheses.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut read = Self::default();
        for argument in split(tokens, errors) {
            match argument.key.to_string().as_str() {
                "boundary" => {
                    let names = argument.texts("boundary = [\"database\"]");
                    read.boundaries = errors.keep(names).unwrap_or_default();
                }
                "after" => {
                    let names = argument.texts("after = [\"other_service\"]");
                    read.after = errors.keep(names).unwrap_or_default();
                }
                "fallback" => {
                    read.fallback = errors.keep(argument.function("fallback = function"));
                }
                "restarts" => read.restarts = errors.keep(argument.count("restarts = 1")),
                "timeout" => {
                    read.timeout_ms = errors.keep(argument.milliseconds("timeout = \"30s\""));
                }
                _ => errors.add(unknown(&argument.key, KNOWN)),
            }
        }
        if read.boundaries.is_empty() && errors.is_empty() {
            errors.at(
                Span::call_site(),
                "a service stands behind a boundary: name it, as in \
                 `#[phasegate::service(boundary = \"database\")]`",
            );
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use quote::{ToTokens, quote};

    use super::*;

    fn parse(tokens: TokenStream) -> (ServiceArguments, Vec<String>) {
        let mut errors = Errors::default();
        let read = ServiceArguments::parse(tokens, &mut errors);
        (read, errors.messages())
    }

    #[test]
    fn all_of_them() {
        let (read, said) = parse(quote!(
            boundary = "cache",
            after = ["database"],
            fallback = stand_ins::memory,
            restarts = 0,
            timeout = "30s"
        ));
        assert!(said.is_empty(), "{said:?}");
        assert_eq!(read.boundaries, ["cache"]);
        assert_eq!(read.after, ["database"]);
        let fallback = read.fallback.unwrap().to_token_stream().to_string();
        assert_eq!(fallback, quote!(stand_ins::memory).to_string());
        assert_eq!((read.restarts, read.timeout_ms), (Some(0), Some(30_000)));
    }

    #[test]
    fn a_boundary_is_required() {
        for tokens in [quote!(), quote!(restarts = 2)] {
            let (_, said) = parse(tokens);
            assert!(said[0].starts_with("a service stands behind a boundary"));
        }
        // Something was tried: what is wrong with it is enough.
        let (_, said) = parse(quote!(boundry = "cache"));
        assert_eq!(
            said,
            ["unknown argument `boundry`: did you mean `boundary`?"]
        );
    }

    #[test]
    fn a_fallback_is_the_path_of_a_function() {
        for (tokens, expected) in [
            (
                quote!(boundary = "a", fallback = "memory"),
                "expected the path of a function for `fallback`: write `fallback = function`",
            ),
            (
                quote!(boundary = "a", fallback = memory()),
                "expected the path of a function for `fallback`: write `fallback = function`",
            ),
            (
                quote!(boundary = "a", fallback),
                "`fallback` needs a value: write `fallback = function`",
            ),
            (
                quote!(boundary = "a", fallback(memory)),
                "`fallback` takes its value after `=`: write `fallback = function`",
            ),
        ] {
            assert_eq!(parse(tokens).1, [expected]);
        }
    }
}
