//! `#[case(…)]` and `#[case::name(…)]`, one run of a test each.

use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, MacroDelimiter, Meta, Path, Token};

use crate::errors::Errors;

/// One case: its name and a value for each `#[case]` parameter.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) values: Vec<Expr>,
    /// What to point at when the case is at fault.
    pub(crate) path: Path,
}

/// Whether an attribute of a function is a case.
pub(crate) fn is_case(attr: &Attribute) -> bool {
    let path = attr.path();
    path.leading_colon.is_none() && path.segments.first().is_some_and(|one| one.ident == "case")
}

/// Reads the cases in the order of the source.
pub(crate) fn cases(attrs: &[Attribute], errors: &mut Errors) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (index, attr) in attrs.iter().enumerate() {
        let Some(case) = errors.keep(parse(attr, index + 1)) else {
            continue;
        };
        if cases.iter().any(|other| other.name == case.name) {
            errors.on(
                &case.path,
                format_args!(
                    "a second case is named `{}`: give each case a name of its own",
                    case.name
                ),
            );
        }
        cases.push(case);
    }
    cases
}

fn parse(attr: &Attribute, number: usize) -> syn::Result<Case> {
    let path = attr.path();
    let name = match path.segments.len() {
        1 => format!("case_{number}"),
        2 => path.segments[1].ident.unraw().to_string(),
        _ => {
            return Err(syn::Error::new_spanned(
                path,
                "a case has a single name: write `#[case::name(…)]`",
            ));
        }
    };
    let values = match &attr.meta {
        Meta::List(list) if matches!(list.delimiter, MacroDelimiter::Paren(_)) => {
            attr.parse_args_with(Punctuated::<Expr, Token![,]>::parse_terminated)?
        }
        _ => {
            return Err(syn::Error::new_spanned(
                &attr.meta,
                "a case needs its values in parentheses: write `#[case::name(value)]`",
            ));
        }
    };
    Ok(Case {
        name,
        values: values.into_iter().collect(),
        path: path.clone(),
    })
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    fn named(attrs: &[Attribute]) -> (Vec<(String, usize)>, Vec<String>) {
        let mut errors = Errors::default();
        let cases = cases(attrs, &mut errors)
            .into_iter()
            .map(|case| (case.name, case.values.len()))
            .collect();
        (cases, errors.messages())
    }

    #[test]
    fn names_are_given_or_counted() {
        let (cases, said) = named(&[
            parse_quote!(#[case::empty("")]),
            parse_quote!(#[case("x", 1 + 2,)]),
            parse_quote!(#[case::r#type()]),
        ]);
        assert!(said.is_empty(), "{said:?}");
        assert_eq!(
            cases,
            [
                ("empty".into(), 1),
                ("case_2".into(), 2),
                ("type".into(), 0)
            ]
        );
    }

    #[test]
    fn names_do_not_repeat_even_when_counted() {
        let (_, said) = named(&[parse_quote!(#[case::case_2(1)]), parse_quote!(#[case(2)])]);
        assert_eq!(
            said,
            ["a second case is named `case_2`: give each case a name of its own"]
        );
    }

    #[test]
    fn values_stand_in_parentheses() {
        let (_, said) = named(&[parse_quote!(#[case]), parse_quote!(#[case::a = 1])]);
        assert_eq!(said.len(), 2);
        assert!(said[0].starts_with("a case needs its values in parentheses"));
    }
}
