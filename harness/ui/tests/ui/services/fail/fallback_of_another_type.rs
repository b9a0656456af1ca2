use phasegate::services::{Embedded, Host, Service};

struct Memory;

impl Service for Memory {
    const KIND: &'static str = "memory";
    type Running = Embedded;
    type Handle = ();

    async fn start(&self, _: &Host) -> phasegate::Result<Embedded> {
        Ok(Embedded)
    }

    async fn open(&self, (): (), _: &phasegate::Context, _: &'static str) -> phasegate::Result {
        Ok(())
    }
}

#[phasegate::service(boundary = "cache", fallback = other)]
fn cache() -> Memory {
    Memory
}

fn other() -> &'static str {
    "no memory"
}

fn main() {}
