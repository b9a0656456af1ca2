#[phasegate::test(ignore = "here")]
#[ignore = "and here"]
fn ignored_twice() {}

#[phasegate::test]
#[ignore("why")]
fn reason_in_parentheses() {}

#[phasegate::test]
#[should_panic(message = "boom")]
fn unknown_key() {}

#[phasegate::test(should_panic(expected = "boom"))]
fn standard_form_in_our_attribute() {}

fn main() {}
