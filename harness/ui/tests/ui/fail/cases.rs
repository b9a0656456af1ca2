#[phasegate::test]
#[case::few("a")]
#[case::many("a", 1, 2)]
#[case::right("a", 1)]
fn counts(#[case] title: &str, #[case] number: u8) {}

#[phasegate::test]
#[case::one(1)]
fn no_parameter() {}

#[phasegate::test]
fn no_case(#[case] number: u8) {}

#[phasegate::test]
#[case::one(1)]
#[case::one(2)]
fn same_name(#[case] number: u8) {}

#[phasegate::test]
#[case]
#[case::equals = 1]
#[case::very::long(1)]
fn forms(#[case] number: u8) {}

#[phasegate::test]
#[case::one(1)]
fn value_on_the_parameter(#[case(1)] number: u8) {}

fn main() {}
