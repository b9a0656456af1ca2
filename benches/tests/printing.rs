//! 20,000 tests that print 1 kB each.
#![allow(missing_docs, clippy::print_stdout)]

#[macro_use]
#[path = "../suites/many.rs"]
mod many;

phasegate::main!();

/// Prints ten lines of a hundred characters, newlines counted.
fn print_a_kilobyte() {
    for line in 0..10 {
        println!("{line}{:.<98}", "");
    }
}

within!([d0 d1] {
    within!([c0 c1 c2 c3 c4 c5 c6 c7 c8 c9] {
        thousand!(#[phasegate::test] { crate::print_a_kilobyte(); });
    });
});
