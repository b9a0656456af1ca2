//! `cfg` takes away all that is generated, wherever it stands; `cfg_attr` decides late.
#![deny(warnings)]

use phasegate::__private::{HookDecl, PreloadDecl, SuiteDecl, TestDecl, inventory::iter};

#[cfg(any())]
#[phasegate::test]
fn before(_: NoSuchType) {}

#[phasegate::test]
#[cfg(any())]
fn after(_: NoSuchType) {}

#[phasegate::test]
#[cfg_attr(all(), cfg(any()))]
fn conditionally(_: NoSuchType) {}

#[phasegate::suite(phase = "C")]
#[cfg(any())]
mod suite {
    #[phasegate::test]
    fn inside(_: NoSuchType) {}
}

#[phasegate::hook(before_run)]
#[cfg(any())]
fn hook(_: NoSuchType) {}

#[phasegate::preload]
#[cfg(any())]
fn preload() -> NoSuchType {}

#[phasegate::test]
#[cfg_attr(any(), ignore = "never")]
#[cfg_attr(all(), ignore = "always", allow(unused_variables))]
fn kept() {
    let nothing = ();
}

fn main() {
    let tests: Vec<_> = iter::<TestDecl>.into_iter().collect();
    assert_eq!(tests.len(), 1);
    assert_eq!(tests[0].attrs.ignore.unwrap().reason, Some("always"));
    assert_eq!(iter::<SuiteDecl>.into_iter().count(), 0);
    assert_eq!(iter::<HookDecl>.into_iter().count(), 0);
    assert_eq!(iter::<PreloadDecl>.into_iter().count(), 0);
}
