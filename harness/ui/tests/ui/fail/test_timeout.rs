#[phasegate::test(timeout = "0s")]
fn zero() {}

#[phasegate::test(timeout = 5)]
fn number() {}

#[phasegate::test(timeout = "5")]
fn no_unit() {}

#[phasegate::test(timeout = "5 sec")]
fn unknown_unit() {}

#[phasegate::test(timeout = "1.5s")]
fn fraction() {}

#[phasegate::test(timeout = "soon")]
fn words() {}

fn main() {}
