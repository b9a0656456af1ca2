//! `#[phasegate::suite]`

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Token, Visibility};

use super::terms;
use crate::attrs::terms::{Place, Terms};
use crate::errors::Errors;

/// A module whose content is of no interest here.
struct Module {
    attrs: Vec<Attribute>,
    visibility: Visibility,
    keyword: Token![mod],
    name: Ident,
    content: Option<Group>,
}

impl Parse for Module {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let keyword = input.parse()?;
        let name = input.parse()?;
        let content = if input.peek(Token![;]) {
            input.parse::<Token![;]>()?;
            None
        } else {
            Some(input.parse()?)
        };
        Ok(Self {
            attrs,
            visibility,
            keyword,
            name,
            content,
        })
    }
}

/// Expands the attribute.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let terms = Terms::parse(arguments, Place::Suite, &mut errors);
    let declared = module(&item, &mut errors)
        .filter(|_| errors.is_empty())
        .map(|(module, content)| write(&module, &content, &terms));
    let errors = errors.into_tokens();
    let item = declared.unwrap_or(item);
    quote!(#errors #item)
}

fn module(item: &TokenStream, errors: &mut Errors) -> Option<(Module, Group)> {
    let Ok(mut module) = syn::parse2::<Module>(item.clone()) else {
        errors.on(
            item,
            "`#[phasegate::suite]` goes on a module: write it on `mod name { … }`",
        );
        return None;
    };
    match module.content.take() {
        Some(content) if content.delimiter() == Delimiter::Brace => Some((module, content)),
        _ => {
            let name = &module.name;
            errors.on(
                name,
                format_args!(
                    "a suite needs its tests between braces: write `mod {name} {{ … }}` here, or put `#[phasegate::suite] mod suite {{ … }}` into the file of `{name}`"
                ),
            );
            None
        }
    }
}

fn write(module: &Module, content: &Group, terms: &Terms) -> TokenStream {
    let attrs = terms::literal(terms);
    let mut inside = content.stream();
    inside.extend(quote! {
        const _: () = {
            ::phasegate::__private::inventory::submit! {
                ::phasegate::__private::SuiteDecl {
                    path: ::core::module_path!(),
                    file: ::core::file!(),
                    line: ::core::line!(),
                    attrs: #attrs,
                }
            }
        };
    });
    let mut inside = Group::new(Delimiter::Brace, inside);
    inside.set_span(content.span());
    let Module {
        attrs,
        visibility,
        keyword,
        name,
        ..
    } = module;
    let inside = TokenTree::Group(inside).into_token_stream();
    quote!(#(#attrs)* #visibility #keyword #name #inside)
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn content_stays_as_it_was_written() {
        let output = expand(
            quote!(phase = "C"),
            quote! {
                #[cfg(unix)]
                pub(crate) mod auth { #![allow(unused)] not even valid syntax ? }
            },
        )
        .to_string();
        let opening = quote! {
            #[cfg(unix)]
            pub(crate) mod auth
        };
        assert!(output.starts_with(&opening.to_string()), "{output}");
        let content = quote!(#![allow(unused)] not even valid syntax ? const _: () =);
        assert!(output.contains(&content.to_string()), "{output}");
        assert!(output.contains("SuiteDecl"));
    }

    #[test]
    fn a_module_elsewhere_is_refused() {
        let mut errors = Errors::default();
        assert!(
            module(
                &quote!(
                    mod auth_flow;
                ),
                &mut errors
            )
            .is_none()
        );
        let said = errors.messages();
        assert!(
            said[0].contains("write `mod auth_flow { … }` here"),
            "{said:?}"
        );
    }
}
