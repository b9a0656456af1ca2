//! `#[ignore]` and `#[should_panic]` as the standard harness knows them, plain or in `#[cfg_attr]`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, Token};

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
            let pair: syn::MetaNameValue = list.parse_args().map_err(|_| {
                syn::Error::new_spanned(list, format!("unknown form of `should_panic`: {ADVICE}"))
            })?;
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
