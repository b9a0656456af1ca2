//! Reads the value of one argument.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{ExprPath, Lit};

use super::argument::{Argument, Given, visible};
use crate::duration;
use crate::nearest::nearest;

/// How a test is kept apart from the others, as far as attributes know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Isolation {
    Thread,
    Process,
}

impl Argument {
    /// `name = "text"`; `example` is what to write when it is not.
    pub(crate) fn text(&self, example: &str) -> syn::Result<String> {
        let token = self.single(example)?;
        self.string(&token, example)
    }

    /// `name` or `name = "text"`.
    pub(crate) fn optional_text(&self, example: &str) -> syn::Result<Option<String>> {
        match self.given {
            Given::Nothing => Ok(None),
            _ => self.text(example).map(Some),
        }
    }

    /// `name` alone.
    pub(crate) fn flag(&self) -> syn::Result<()> {
        let key = &self.key;
        let span = match &self.given {
            Given::Nothing => return Ok(()),
            Given::Tokens(equals, tokens) => tokens.first().map_or(*equals, TokenTree::span),
            Given::Parentheses(group) => group.span(),
        };
        Err(syn::Error::new(
            span,
            format!("`{key}` takes no value: write `{key}` alone"),
        ))
    }

    /// `name = "text"` or `name = ["text", "text"]`.
    pub(crate) fn texts(&self, example: &str) -> syn::Result<Vec<String>> {
        let key = &self.key;
        let token = self.single(example)?;
        let TokenTree::Group(list) = &token else {
            return Ok(vec![self.string(&token, example)?]);
        };
        if list.delimiter() != Delimiter::Bracket {
            return Err(self.not(&token, "a list of strings in brackets", example));
        }
        let mut texts = Vec::new();
        let mut after_comma = true;
        for token in visible(list.stream()) {
            if matches!(&token, TokenTree::Punct(p) if p.as_char() == ',') && !after_comma {
                after_comma = true;
                continue;
            }
            if !after_comma {
                return Err(syn::Error::new(token.span(), "expected `,` before this"));
            }
            after_comma = false;
            let text = self.string(&token, example)?;
            if texts.contains(&text) {
                return Err(syn::Error::new(
                    token.span(),
                    format!("`{text}` is listed twice in `{key}`: keep one"),
                ));
            }
            texts.push(text);
        }
        if texts.is_empty() {
            return Err(syn::Error::new(
                list.span(),
                format!("`{key}` lists nothing: write `{example}` or leave `{key}` out"),
            ));
        }
        Ok(texts)
    }

    /// `name = 2`
    pub(crate) fn count(&self, example: &str) -> syn::Result<u32> {
        if let Given::Tokens(_, tokens) = &self.given
            && let Some(TokenTree::Punct(sign)) = tokens.first()
            && sign.as_char() == '-'
        {
            let key = &self.key;
            return Err(syn::Error::new(
                sign.span(),
                format!("`{key}` cannot be negative: write `{example}`"),
            ));
        }
        let token = self.single(example)?;
        let TokenTree::Literal(literal) = &token else {
            return Err(self.not(&token, "a whole number", example));
        };
        match Lit::new(literal.clone()) {
            Lit::Int(number) if matches!(number.suffix(), "" | "u32") => {
                number.base10_parse().map_err(|_| {
                    let key = &self.key;
                    syn::Error::new(
                        token.span(),
                        format!(
                            "`{key}` can be at most {}: write a smaller number",
                            u32::MAX
                        ),
                    )
                })
            }
            _ => Err(self.not(&token, "a whole number", example)),
        }
    }

    /// `name = "1m 30s"`, in milliseconds.
    pub(crate) fn milliseconds(&self, example: &str) -> syn::Result<u64> {
        let token = self.single(example)?;
        if let TokenTree::Literal(literal) = &token
            && let Lit::Int(number) = Lit::new(literal.clone())
        {
            let (key, number) = (&self.key, number.base10_digits());
            return Err(syn::Error::new(
                token.span(),
                format!(
                    "`{key}` needs a unit: write `{key} = \"{number}s\"` or `{key} = \"{number}ms\"`"
                ),
            ));
        }
        let text = self.string(&token, example)?;
        duration::milliseconds(&text).map_err(|message| syn::Error::new(token.span(), message))
    }

    /// `name = "process"`
    pub(crate) fn isolation(&self) -> syn::Result<Isolation> {
        const EXAMPLE: &str = "isolation = \"process\"";
        let token = self.single(EXAMPLE)?;
        let message = match self.string(&token, EXAMPLE)?.as_str() {
            "thread" => return Ok(Isolation::Thread),
            "process" => return Ok(Isolation::Process),
            "sandbox" => {
                "isolation `sandbox` is not available in this version: write `isolation = \"process\"`"
                    .to_owned()
            }
            other => match nearest(other, &["thread", "process"]) {
                Some(near) => format!("unknown isolation `{other}`: did you mean `{near}`?"),
                None => format!("unknown isolation `{other}`: write `thread` or `process`"),
            },
        };
        Err(syn::Error::new(token.span(), message))
    }

    /// `name = path::to::function`
    pub(crate) fn function(&self, example: &str) -> syn::Result<ExprPath> {
        const KIND: &str = "the path of a function";
        match &self.given {
            Given::Tokens(_, tokens) if !tokens.is_empty() => {
                let all: TokenStream = tokens.iter().cloned().collect();
                let key = &self.key;
                syn::parse2(all.clone()).map_err(|_| {
                    let message = format!("expected {KIND} for `{key}`: write `{example}`");
                    syn::Error::new_spanned(all, message)
                })
            }
            // There is no value, which is the complaint.
            _ => Err(self.single(example).map_or_else(
                |complaint| complaint,
                |token| self.not(&token, KIND, example),
            )),
        }
    }

    /// The one token after `=`.
    fn single(&self, example: &str) -> syn::Result<TokenTree> {
        let key = &self.key;
        let needs =
            |span| syn::Error::new(span, format!("`{key}` needs a value: write `{example}`"));
        match &self.given {
            Given::Nothing => Err(needs(key.span())),
            Given::Parentheses(group) => Err(syn::Error::new(
                group.span(),
                format!("`{key}` takes its value after `=`: write `{example}`"),
            )),
            Given::Tokens(equals, tokens) => match tokens.as_slice() {
                [] => Err(needs(*equals)),
                [one] => Ok(one.clone()),
                [TokenTree::Literal(_) | TokenTree::Group(_), second, ..] => {
                    Err(syn::Error::new(second.span(), "expected `,` before this"))
                }
                several => {
                    let all: TokenStream = several.iter().cloned().collect();
                    Err(syn::Error::new_spanned(
                        all,
                        format!("`{key}` takes a plain literal: write `{example}`"),
                    ))
                }
            },
        }
    }

    fn string(&self, token: &TokenTree, example: &str) -> syn::Result<String> {
        let key = &self.key;
        match token {
            TokenTree::Literal(literal) => match Lit::new(literal.clone()) {
                Lit::Str(text) if text.value().trim().is_empty() => Err(syn::Error::new(
                    token.span(),
                    format!("`{key}` must not be empty: write `{example}`"),
                )),
                Lit::Str(text) if text.suffix().is_empty() => Ok(text.value()),
                _ => Err(self.not(token, "a string", example)),
            },
            TokenTree::Ident(word) => Err(syn::Error::new(
                token.span(),
                format!("expected a string for `{key}`: write `\"{word}\"` in quotes"),
            )),
            _ => Err(self.not(token, "a string", example)),
        }
    }

    fn not(&self, token: &TokenTree, kind: &str, example: &str) -> syn::Error {
        let key = &self.key;
        syn::Error::new(
            token.span(),
            format!("expected {kind} for `{key}`: write `{example}`"),
        )
    }
}
