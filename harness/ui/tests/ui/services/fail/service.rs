use phasegate::services::{Ask, Embedded, Host, Service};

struct Memory;

impl Service for Memory {
    const KIND: &'static str = "memory";
    type Running = Embedded;
    type Handle = ();

    async fn start(&self, _: &Host) -> phasegate::Result<Embedded> {
        Ok(Embedded)
    }

    async fn open(&self, (): (), _: &phasegate::Context, _: &'static str) -> phasegate::Result {
        let _: Option<Ask> = None;
        Ok(())
    }
}

#[phasegate::service]
fn no_boundary() -> Memory {
    Memory
}

#[phasegate::service(boundry = "cache")]
fn misspelt() -> Memory {
    Memory
}

#[phasegate::service(boundary = [])]
fn empty() -> Memory {
    Memory
}

#[phasegate::service(boundary = "cache", restarts = -1, timeout = 30)]
fn numbers() -> Memory {
    Memory
}

#[phasegate::service(boundary = "cache", fallback = "other")]
fn quoted() -> Memory {
    Memory
}

#[phasegate::service(boundary = "cache", fallback = other())]
fn called() -> Memory {
    Memory
}

#[phasegate::service(boundary = "cache", fallback)]
fn nothing_to_fall_back_on() -> Memory {
    Memory
}

#[phasegate::service(boundary = "cache")]
async fn asynchronous() -> Memory {
    Memory
}

#[phasegate::service(boundary = "cache")]
fn parameters(cx: phasegate::Context) -> Memory {
    Memory
}

#[phasegate::service(boundary = "cache")]
fn generic<T>() -> Memory {
    Memory
}

#[phasegate::service(boundary = "cache")]
fn nothing() {}

#[phasegate::service(boundary = "cache")]
fn fallible() -> phasegate::Result<Memory> {
    Ok(Memory)
}

#[phasegate::service(boundary = "cache")]
fn nameless() -> impl Service {
    Memory
}

#[phasegate::service(boundary = "cache")]
struct NoFunction;

fn main() {}
