#[phasegate::test]
fn text(title: &str) {}

#[phasegate::test]
fn number(count: u32) {}

#[phasegate::test]
fn anything(fixture: impl phasegate::Fixture) {}

#[phasegate::test]
fn sometimes(#[cfg(unix)] cx: phasegate::Context) {}

#[phasegate::test]
fn for_ever(cx: &'static phasegate::Context) {}

fn main() {}
