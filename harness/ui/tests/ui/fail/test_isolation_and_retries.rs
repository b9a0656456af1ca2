#[phasegate::test(isolation = "sandbox")]
fn later() {}

#[phasegate::test(isolation = "proces")]
fn misspelt() {}

#[phasegate::test(isolation = "container")]
fn unknown() {}

#[phasegate::test(retries = "2")]
fn quoted() {}

#[phasegate::test(retries = -1)]
fn negative() {}

#[phasegate::test(retries = 99999999999)]
fn too_many() {}

fn main() {}
