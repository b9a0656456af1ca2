#[phasegate::suite(phase = "C")]
fn no_module() {}

#[phasegate::suite(should_panic)]
mod panics {}

#[phasegate::suite(boundery = "auth")]
mod misspelt {
    // No further error: the module exists all the same.
    pub fn helper() {}
}

fn main() {
    misspelt::helper();
}
