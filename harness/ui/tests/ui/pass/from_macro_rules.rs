//! Tests written by a macro of the user's: fragments arrive in invisible groups.
#![deny(warnings)]

use phasegate::__private::TestDecl;

macro_rules! phase_test {
    ($name:ident, $phase:literal, $tags:tt, $ty:ty, $value:expr) => {
        #[phasegate::test(phase = $phase, tags = $tags)]
        #[case::only($value)]
        fn $name(_: &$ty, #[case] value: u8) {
            assert_eq!(value, 2);
        }
    };
}

phase_test!(one, "A", ["x", "y"], phasegate::Context, 1 + 1);
phase_test!(two, "B", "z", phasegate::TempDir, 2);

fn main() {
    let mut all: Vec<_> = phasegate::__private::inventory::iter::<TestDecl>
        .into_iter()
        .map(|test| (test.attrs.phase.unwrap(), test.attrs.tags))
        .collect();
    all.sort();
    assert_eq!(all, [("A", &["x", "y"][..]), ("B", &["z"])]);
}
