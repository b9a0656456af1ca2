struct Catalogue;

#[phasegate::preload(timeout = "5s")]
fn arguments() -> Catalogue {
    Catalogue
}

#[phasegate::preload]
async fn asynchronous() -> Catalogue {
    Catalogue
}

#[phasegate::preload]
fn parameters(cx: phasegate::Context) -> Catalogue {
    Catalogue
}

#[phasegate::preload]
fn nothing() {}

#[phasegate::preload]
fn fallible() -> Result<Catalogue, String> {
    Ok(Catalogue)
}

#[phasegate::preload]
fn nameless() -> impl Send + Sync {
    Catalogue
}

fn main() {}
