//! `name = value, name` split into its arguments.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use crate::errors::Errors;
use crate::nearest::advice;

/// One argument of an attribute.
pub(crate) struct Argument {
    pub(crate) key: Ident,
    pub(crate) given: Given,
}

/// What follows an argument's name.
pub(crate) enum Given {
    /// `name`
    Nothing,
    /// `name = …`, and where the `=` is
    Tokens(Span, Vec<TokenTree>),
    /// `name(…)`
    Parentheses(Group),
}

/// Splits at commas. What is no argument is complained about and left out, and so is a second
/// argument of the same name.
pub(crate) fn split(tokens: TokenStream, errors: &mut Errors) -> Vec<Argument> {
    let mut arguments: Vec<Argument> = Vec::new();
    for chunk in chunks(tokens, errors) {
        let mut chunk = chunk.into_iter();
        // Nothing stands after a trailing comma.
        let Some(first) = chunk.next() else {
            continue;
        };
        let Some(argument) = errors.keep(parse(first, chunk)) else {
            continue;
        };
        if arguments.iter().any(|one| one.key == argument.key) {
            let key = &argument.key;
            errors.on(key, format_args!("`{key}` is given twice: keep one"));
        } else {
            arguments.push(argument);
        }
    }
    arguments
}

/// The complaint about a name that nobody knows.
pub(crate) fn unknown(key: &Ident, known: &[&str]) -> syn::Error {
    let advice = advice(&key.to_string(), known);
    syn::Error::new(key.span(), format!("unknown argument `{key}`: {advice}"))
}

fn chunks(tokens: TokenStream, errors: &mut Errors) -> Vec<Vec<TokenTree>> {
    let mut chunks = Vec::new();
    let mut chunk = Vec::new();
    for token in visible(tokens) {
        match token {
            TokenTree::Punct(comma) if comma.as_char() == ',' => {
                if chunk.is_empty() {
                    errors.at(comma.span(), "expected an argument before this comma");
                }
                chunks.push(std::mem::take(&mut chunk));
            }
            token => chunk.push(token),
        }
    }
    chunks.push(chunk);
    chunks
}

/// The tokens without the invisible groups that `macro_rules!` puts around its fragments.
pub(crate) fn visible(tokens: TokenStream) -> Vec<TokenTree> {
    let mut seen = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                seen.extend(visible(group.stream()));
            }
            token => seen.push(token),
        }
    }
    seen
}

fn parse(first: TokenTree, mut tokens: impl Iterator<Item = TokenTree>) -> syn::Result<Argument> {
    let TokenTree::Ident(key) = first else {
        return Err(syn::Error::new(
            first.span(),
            "expected the name of an argument before this, as in `name = value`",
        ));
    };
    let given = match tokens.next() {
        None => Given::Nothing,
        Some(TokenTree::Punct(equals)) if equals.as_char() == '=' => {
            Given::Tokens(equals.span(), tokens.by_ref().collect())
        }
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
            Given::Parentheses(group)
        }
        Some(other) => {
            return Err(syn::Error::new(
                other.span(),
                format!("expected `=` or `,` after `{key}`"),
            ));
        }
    };
    if let Some(extra) = tokens.next() {
        return Err(syn::Error::new(
            extra.span(),
            format!("expected `,` after `{key}(…)`"),
        ));
    }
    Ok(Argument { key, given })
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn keys(tokens: TokenStream) -> (Vec<String>, Vec<String>) {
        let mut errors = Errors::default();
        let keys = split(tokens, &mut errors)
            .iter()
            .map(|argument| argument.key.to_string())
            .collect();
        (keys, errors.messages())
    }

    #[test]
    fn commas_part_arguments_and_may_trail() {
        let (found, said) = keys(quote!(phase = "C", ignore, tags = ["a", "b"],));
        assert_eq!(found, ["phase", "ignore", "tags"]);
        assert!(said.is_empty(), "{said:?}");
    }

    #[test]
    fn one_bad_argument_does_not_hide_the_others() {
        let (found, said) = keys(quote!("C", phase "C", tags = [], tags = [], , timeout = "5s"));
        assert_eq!(found, ["tags", "timeout"]);
        assert_eq!(
            said,
            [
                "expected an argument before this comma",
                "expected the name of an argument before this, as in `name = value`",
                "expected `=` or `,` after `phase`",
                "`tags` is given twice: keep one",
            ]
        );
    }
}
