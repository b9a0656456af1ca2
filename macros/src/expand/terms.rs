//! The literals of what an attribute says.

use proc_macro2::TokenStream;
use quote::quote;

use crate::attrs::terms::{Marked, Terms};
use crate::attrs::value::Isolation;

/// How many fields `Attrs` has.
const FIELDS: usize = 10;

/// `Attrs { phase: Some("C"), ..Attrs::NONE }`
pub(crate) fn literal(terms: &Terms) -> TokenStream {
    let mut fields = Vec::new();
    let mut field = |name: &str, value: Option<TokenStream>| {
        if let Some(value) = value {
            let name = quote::format_ident!("{name}");
            fields.push(quote!(#name: #value,));
        }
    };
    field("phase", some_text(&terms.phase));
    field("boundaries", list(&terms.boundaries));
    field("tags", list(&terms.tags));
    field("criteria", list(&terms.criteria));
    field("isolation", terms.isolation.map(|one| some(isolation(one))));
    field("timeout_ms", terms.timeout_ms.map(|ms| some(quote!(#ms))));
    field("retries", terms.retries.map(|count| some(quote!(#count))));
    field("serial", some_text(&terms.serial));
    field(
        "ignore",
        terms.ignore.as_ref().map(|mark| {
            marked(
                mark,
                |text| quote!(::phasegate::__private::Ignore { reason: #text }),
            )
        }),
    );
    field(
        "should_panic",
        terms.should_panic.as_ref().map(|mark| {
            marked(
                mark,
                |text| quote!(::phasegate::__private::ShouldPanic { expected: #text }),
            )
        }),
    );
    // With each field said there is no rest, and lints would say so.
    let rest = (fields.len() < FIELDS).then(|| quote!(..::phasegate::__private::Attrs::NONE));
    quote!(::phasegate::__private::Attrs { #(#fields)* #rest })
}

/// `Some(value)` by its full name.
pub(crate) fn some(value: TokenStream) -> TokenStream {
    quote!(::core::option::Option::Some(#value))
}

/// An optional value as an expression.
pub(crate) fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(::core::option::Option::None), some)
}

fn some_text(text: &Option<String>) -> Option<TokenStream> {
    text.as_ref().map(|text| some(quote!(#text)))
}

fn list(texts: &[String]) -> Option<TokenStream> {
    (!texts.is_empty()).then(|| quote!(&[#(#texts),*]))
}

fn isolation(isolation: Isolation) -> TokenStream {
    match isolation {
        Isolation::Thread => quote!(::phasegate::__private::Isolation::Thread),
        Isolation::Process => quote!(::phasegate::__private::Isolation::Process),
    }
}

fn marked(mark: &Marked, literal: impl FnOnce(TokenStream) -> TokenStream) -> TokenStream {
    let text = option(mark.text.as_ref().map(|text| quote!(#text)));
    some(literal(text))
}
