#[phasegate::test(phase)]
fn missing() {}

#[phasegate::test(phase =)]
fn nothing_after_equals() {}

#[phasegate::test(phase = C)]
fn unquoted() {}

#[phasegate::test(phase = "")]
fn empty() {}

#[phasegate::test(phase("C"))]
fn in_parentheses() {}

#[phasegate::test(serial = 3)]
fn number() {}

#[phasegate::test(phase = concat!("C", "D"))]
fn computed() {}

fn main() {}
