#[phasegate::test(timout = "5s")]
fn misspelt() {}

#[phasegate::test(colour = "red")]
fn unknown() {}

#[phasegate::test("C")]
fn nameless() {}

#[phasegate::test(phase = "C", phase = "D")]
fn twice() {}

#[phasegate::test(phase = "C" tags = ["slow"])]
fn no_comma() {}

#[phasegate::test(phase "C")]
fn no_equals() {}

fn main() {}
