//! `#[ignore]` and `#[should_panic]` as the standard harness knows them.
//!
//! `#[cfg_attr]` is never met: the compiler decides it before it calls a macro, as it does `#[cfg]`.

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, MetaNameValue, Token};

use super::terms::{Marked, Terms};
use crate::errors::Errors;

/// Takes the standard attributes out of `attrs` and into `terms`.
pub(crate) fn absorb(attrs: &mut Vec<Attribute>, terms: &mut Terms, errors: &mut Errors) {
    attrs.retain(|attr| {
        let path = attr.path();
        let taken = path.is_ident("ignore") || path.is_ident("should_panic");
        if taken {
            mark(&attr.meta, terms, errors);
        }
        !taken
    });
}

fn mark(meta: &Meta, terms: &mut Terms, errors: &mut Errors) {
    let (slot, text) = if meta.path().is_ident("ignore") {
        (&mut terms.ignore, reason(meta))
    } else {
        (&mut terms.should_panic, expected(meta))
    };
    let Some(text) = errors.keep(text) else {
        return;
    };
    if slot.is_some() {
        let name = meta.path().to_token_stream();
        errors.on(meta, format_args!("`{name}` is given twice: keep one"));
        return;
    }
    *slot = Some(Marked { text });
}

fn reason(meta: &Meta) -> syn::Result<Option<String>> {
    match meta {
        Meta::Path(_) => Ok(None),
        Meta::NameValue(pair) => string(&pair.value).map(Some).ok_or_else(|| {
            syn::Error::new_spanned(
                &pair.value,
                "expected a string: write `#[ignore = \"why\"]`",
            )
        }),
        Meta::List(list) => Err(syn::Error::new_spanned(
            list,
            "`ignore` takes its reason after `=`: write `#[ignore = \"why\"]`",
        )),
    }
}

fn expected(meta: &Meta) -> syn::Result<Option<String>> {
    const ADVICE: &str = "write `#[should_panic(expected = \"part of the message\")]`";
    let value = match meta {
        Meta::Path(_) => return Ok(None),
        Meta::NameValue(pair) => pair.value.clone(),
        Meta::List(list) => {
            let unknown = || {
                syn::Error::new_spanned(list, format!("unknown form of `should_panic`: {ADVICE}"))
            };
            // One pair, and perhaps a comma after it.
            let pairs = list
                .parse_args_with(Punctuated::<MetaNameValue, Token![,]>::parse_terminated)
                .map_err(|_| unknown())?;
            let mut pairs = pairs.into_iter();
            let (Some(pair), None) = (pairs.next(), pairs.next()) else {
                return Err(unknown());
            };
            if !pair.path.is_ident("expected") {
                return Err(syn::Error::new_spanned(
                    &pair.path,
                    format!("`should_panic` knows only `expected`: {ADVICE}"),
                ));
            }
            pair.value
        }
    };
    string(&value)
        .map(Some)
        .ok_or_else(|| syn::Error::new_spanned(&value, format!("expected a string: {ADVICE}")))
}

fn string(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value()),
        Expr::Group(group) => string(&group.expr),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;
    use syn::parse_quote;

    use super::*;

    fn absorbed(mut attrs: Vec<Attribute>) -> (Terms, Vec<String>, Vec<String>) {
        let (mut terms, mut errors) = (Terms::default(), Errors::default());
        absorb(&mut attrs, &mut terms, &mut errors);
        let kept = attrs
            .iter()
            .map(|attr| attr.to_token_stream().to_string())
            .collect();
        (terms, kept, errors.messages())
    }

    #[test]
    fn understands_the_standard_forms() {
        for (attr, ignore, should_panic) in [
            (parse_quote!(#[ignore]), Some(None), None),
            (parse_quote!(#[ignore = "why"]), Some(Some("why")), None),
            (parse_quote!(#[should_panic]), None, Some(None)),
            (
                parse_quote!(#[should_panic = "boom"]),
                None,
                Some(Some("boom")),
            ),
            (
                parse_quote!(#[should_panic(expected = "boom")]),
                None,
                Some(Some("boom")),
            ),
            (
                parse_quote!(#[should_panic(expected = "boom",)]),
                None,
                Some(Some("boom")),
            ),
        ] {
            let (terms, kept, said) = absorbed(vec![attr]);
            assert!(said.is_empty() && kept.is_empty(), "{said:?} {kept:?}");
            let text = |mark: &Option<Marked>| mark.clone().map(|mark| mark.text);
            let owned = |text: Option<Option<&str>>| text.map(|text| text.map(str::to_owned));
            assert_eq!(text(&terms.ignore), owned(ignore));
            assert_eq!(text(&terms.should_panic), owned(should_panic));
        }
    }

    #[test]
    fn keeps_what_is_not_its_own() {
        let (terms, kept, said) = absorbed(vec![
            parse_quote!(#[allow(dead_code)]),
            parse_quote!(#[ignore]),
            parse_quote!(#[inline]),
        ]);
        assert!(said.is_empty(), "{said:?}");
        let expected = [quote!(#[allow(dead_code)]), quote!(#[inline])];
        assert_eq!(kept, expected.map(|attr| attr.to_string()));
        assert!(terms.ignore.is_some() && terms.should_panic.is_none());
    }
}
