//! `#[ignore]` and `#[should_panic]` as the standard harness knows them, plain or in `#[cfg_attr]`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, MetaNameValue, Token};

use super::terms::{Marked, Terms};
use crate::errors::Errors;

/// Takes the standard attributes out of `attrs` and into `terms`.
pub(crate) fn absorb(attrs: &mut Vec<Attribute>, terms: &mut Terms, errors: &mut Errors) {
    let mut kept = Vec::with_capacity(attrs.len());
    for mut attr in attrs.drain(..) {
        if is_mark(&attr.meta) {
            mark(&attr.meta, None, terms, errors);
        } else if attr.path().is_ident("cfg_attr") {
            if absorb_conditional(&mut attr, terms, errors) {
                kept.push(attr);
            }
        } else {
            kept.push(attr);
        }
    }
    *attrs = kept;
}

fn is_mark(meta: &Meta) -> bool {
    meta.path().is_ident("ignore") || meta.path().is_ident("should_panic")
}

/// `#[cfg_attr(condition, ignore, …)]`; `false` when nothing is left of it.
fn absorb_conditional(attr: &mut Attribute, terms: &mut Terms, errors: &mut Errors) -> bool {
    let Some((condition, metas)) = conditional(attr) else {
        // The compiler will say what is wrong with it.
        return true;
    };
    let (marks, others): (Vec<_>, Vec<_>) = metas.into_iter().partition(is_mark);
    for meta in &marks {
        mark(meta, Some(condition.to_token_stream()), terms, errors);
    }
    if !marks.is_empty() && !others.is_empty() {
        *attr = syn::parse_quote!(#[cfg_attr(#condition, #(#others),*)]);
    }
    marks.is_empty() || !others.is_empty()
}

/// The condition of a `cfg_attr` and what it adds.
pub(crate) fn conditional(attr: &Attribute) -> Option<(Meta, Vec<Meta>)> {
    if !attr.path().is_ident("cfg_attr") {
        return None;
    }
    let all = attr
        .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
        .ok()?;
    let mut all = all.into_iter();
    Some((all.next()?, all.collect()))
}

fn mark(meta: &Meta, when: Option<TokenStream>, terms: &mut Terms, errors: &mut Errors) {
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
    *slot = Some(Marked { text, when });
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
            parse_quote!(#[cfg_attr(unix, ignore = "why", allow(unused))]),
            parse_quote!(#[cfg_attr(windows, inline)]),
        ]);
        assert!(said.is_empty(), "{said:?}");
        let expected = [
            quote!(#[allow(dead_code)]),
            quote!(#[cfg_attr(unix, allow(unused))]),
            quote!(#[cfg_attr(windows, inline)]),
        ];
        assert_eq!(kept, expected.map(|attr| attr.to_string()));
        assert_eq!(terms.ignore.unwrap().when.unwrap().to_string(), "unix");
    }
}
