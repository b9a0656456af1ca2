phasegate::main!();

#[phasegate::test]
fn one() {}
