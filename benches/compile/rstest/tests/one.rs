#[rstest::rstest]
fn one() {}
