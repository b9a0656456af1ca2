//! Ten trivial tests: the small binary beside which the large one is measured.
#![allow(missing_docs)]

#[macro_use]
#[path = "../suites/many.rs"]
#[allow(unused_macros)]
mod many;

phasegate::main!();

ten!(
    #[phasegate::test]
    {}
);
