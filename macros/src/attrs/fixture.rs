//! `#[fixture(…)]`, the helper attribute of `#[derive(Fixture)]`.

use syn::{Attribute, Meta};

use super::argument::{split, unknown};
use crate::errors::Errors;

/// The boundaries that `#[fixture(boundary = […])]` among these attributes adds.
pub(crate) fn boundaries(attrs: &[Attribute], errors: &mut Errors) -> Vec<String> {
    let mut found = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("fixture")) {
        let Meta::List(list) = &attr.meta else {
            errors.on(
                attr,
                "`#[fixture]` needs arguments: write `#[fixture(boundary = [\"files\"])]`",
            );
            continue;
        };
        for argument in split(list.tokens.clone(), errors) {
            if argument.key != "boundary" {
                errors.add(unknown(&argument.key, &["boundary"]));
                continue;
            }
            let named = argument.texts("boundary = [\"files\"]");
            found.extend(errors.keep(named).unwrap_or_default());
        }
    }
    found
}
