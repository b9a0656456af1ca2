//! 2,000 trivial tests, each in a process of its own.
#![allow(missing_docs)]

#[macro_use]
#[path = "../suites/many.rs"]
mod many;

phasegate::main!();

within!([c0 c1] { thousand!(#[phasegate::test] {}); });
