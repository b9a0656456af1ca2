#[phasegate::hook]
fn no_point() {}

#[phasegate::hook(before_run, after_run)]
fn two_points() {}

#[phasegate::hook(before_run = "C")]
fn run_has_no_phase() {}

#[phasegate::hook(before_pahse = "C")]
fn misspelt() {}

#[phasegate::hook(before_phase = C)]
fn unquoted() {}

#[phasegate::hook(before_test)]
fn cases(#[case] number: u8) {}

#[phasegate::hook(after_test)]
fn generic<T>(value: T) {}

fn main() {}
