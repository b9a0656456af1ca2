//! Names that clash with what generated code uses, and names that are no plain identifiers.
#![deny(warnings)]
#![allow(non_camel_case_types, dead_code)]

use phasegate::__private::TestDecl;

mod core {}
mod std {}
mod phasegate_ {}
struct Option;
struct Some;
struct Result;
struct Box;
struct usize;
struct Session;
trait Fixture {}

#[phasegate::test]
fn r#type() {}

#[phasegate::test]
fn run() {}

#[phasegate::test]
fn needs(_: phasegate::Context) {}

#[phasegate::test]
#[case::r#match(1)]
#[case::größe(2)]
fn prüfung(#[case] r#in: u8) {
    assert!(r#in > 0);
}

/// A helper of the same name lives in another module.
#[phasegate::test]
fn recursive() {
    if false {
        recursive();
    }
}

fn main() {
    let mut all: Vec<_> = phasegate::__private::inventory::iter::<TestDecl>
        .into_iter()
        .map(|test| (test.path.split_once("::").unwrap().1, test.cases))
        .collect();
    all.sort();
    assert_eq!(
        all,
        [
            ("needs", &[][..]),
            ("prüfung", &["match", "größe"]),
            ("recursive", &[]),
            ("run", &[]),
            ("type", &[]),
        ]
    );
}
