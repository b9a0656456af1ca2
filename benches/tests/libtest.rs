//! 2,000 trivial tests under the standard harness.
#![allow(missing_docs)]

#[macro_use]
#[path = "../suites/many.rs"]
mod many;

within!([c0 c1] { thousand!(#[test] {}); });
