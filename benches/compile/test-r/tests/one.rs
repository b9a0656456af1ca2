test_r::enable!();

#[test_r::test]
fn one() {}
