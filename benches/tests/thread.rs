//! 10,000 trivial tests in the harness's own process.
#![allow(missing_docs)]

#[macro_use]
#[path = "../suites/many.rs"]
mod many;

phasegate::main!();

within!([c0 c1 c2 c3 c4 c5 c6 c7 c8 c9] { thousand!(#[phasegate::test(isolation = "thread")] {}); });
