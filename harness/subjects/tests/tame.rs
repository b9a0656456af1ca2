//! Well-behaved tests: what the contract of a custom harness is tried on.
#![allow(missing_docs, clippy::print_stdout)]

use phasegate::prelude::*;

phasegate::main!();

#[phasegate::test]
fn alpha() {
    println!("alpha speaks");
}

#[phasegate::test(phase = "A", boundary = ["database"], tags = ["quick"])]
fn beta(dir: TempDir) -> phasegate::Result {
    std::fs::write(dir.join("x"), "y")?;
    Ok(())
}

mod nested {
    #[phasegate::test(phase = "B")]
    async fn gamma() {
        tokio::task::yield_now().await;
    }

    #[phasegate::test(phase = "B", ignore = "not today")]
    fn delta() {
        panic!("delta was asked for");
    }
}

#[phasegate::test]
#[case::empty("")]
#[case::unicode("Amélie")]
fn lengths(#[case] title: &str) {
    assert_eq!(
        title.len(),
        title.chars().map(char::len_utf8).sum::<usize>()
    );
}

#[phasegate::test(should_panic = "on purpose")]
fn panics_as_it_should() {
    panic!("on purpose");
}

#[phasegate::test]
fn says_it_does_not_apply() {
    phasegate::skip!("no {} here", "gpu");
}
