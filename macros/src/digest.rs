//! The digest of a function's source, for telling whether a test changed between two runs.

use std::fmt::Write as _;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use sha2::{Digest, Sha256};

/// SHA-256 of the tokens in lower-case hexadecimal; layout and plain comments do not count.
pub(crate) fn of(parts: &[&TokenStream]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        feed(&mut hash, (*part).clone());
        hash.update([0]);
    }
    let mut text = String::with_capacity(64);
    for byte in hash.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Token by token: how a compiler prints a whole stream changes from release to release.
fn feed(hash: &mut Sha256, tokens: TokenStream) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                hash.update(open);
                feed(hash, group.stream());
                hash.update(close);
            }
            TokenTree::Punct(punct) => hash.update(punct.as_char().to_string()),
            TokenTree::Ident(ident) => hash.update(format!("{ident} ")),
            TokenTree::Literal(literal) => hash.update(format!("{literal} ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::of;

    #[test]
    fn layout_does_not_count() {
        let one: proc_macro2::TokenStream = "fn a() { b( 1 ) }".parse().unwrap();
        let two: proc_macro2::TokenStream = "fn a(){\n  b(1) // why\n}".parse().unwrap();
        assert_eq!(of(&[&one]), of(&[&two]));
        assert_eq!(of(&[&one]).len(), 64);
    }

    #[test]
    fn tokens_count() {
        let digests = [
            of(&[&quote!(a b)]),
            of(&[&quote!(ab)]),
            of(&[&quote!(a), &quote!(b)]),
            of(&[&quote!("a b")]),
            of(&[&quote!((a) b)]),
            of(&[&quote!((a b))]),
        ];
        for (i, one) in digests.iter().enumerate() {
            assert!(!digests[i + 1..].contains(one), "{i}");
        }
    }
}
