#[phasegate::test(boundary = [])]
fn empty() {}

#[phasegate::test(boundary = ["cache", "cache"])]
fn repeated() {}

#[phasegate::test(tags = ["slow" "nightly"])]
fn no_comma() {}

#[phasegate::test(tags = [slow])]
fn unquoted() {}

#[phasegate::test(criterion = ("C-3"))]
fn in_parentheses() {}

fn main() {}
