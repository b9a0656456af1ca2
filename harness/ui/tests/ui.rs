//! What the attributes accept, and what they say about the rest.
//!
//! The wording of the messages is pinned; after a change on purpose run this test with
//! `TRYBUILD=overwrite` and read the difference.

#[test]
fn attributes() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/fail/*.rs");
}

#[test]
fn services() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/services/pass/*.rs");
    cases.compile_fail("tests/ui/services/fail/*.rs");
}
