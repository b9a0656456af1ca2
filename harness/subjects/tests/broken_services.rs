//! Services that cannot stand, and leases of what is not there.
#![allow(missing_docs)]

use phasegate::services::{Embedded, Host, Service};
use phasegate::{Context, Lease};

phasegate::main!();

struct Memory;
struct Disk;
struct Nowhere;

macro_rules! driver {
    ($name:ident) => {
        impl Service for $name {
            const KIND: &'static str = "none";
            const EMBEDDED: bool = true;
            type Running = Embedded;
            type Handle = ();

            async fn start(&self, _: &Host) -> phasegate::Result<Embedded> {
                Ok(Embedded)
            }

            async fn open(&self, (): (), _: &Context, _: &'static str) -> phasegate::Result {
                Ok(())
            }
        }
    };
}

driver!(Memory);
driver!(Disk);
driver!(Nowhere);

#[phasegate::service(boundary = "database")]
fn database() -> Disk {
    Disk
}

mod elsewhere {
    #[phasegate::service(boundary = "database")]
    fn database() -> super::Disk {
        super::Disk
    }
}

#[phasegate::service(boundary = "cache", after = ["databse"])]
fn cache() -> Memory {
    Memory
}

#[phasegate::service(boundary = "cache", after = ["second"])]
fn first() -> Memory {
    Memory
}

#[phasegate::service(boundary = "cache", after = ["first"])]
fn second() -> Memory {
    Memory
}

#[phasegate::test]
fn could_be_any(_: Lease<Memory>) {}

#[phasegate::test]
fn is_none(_: Lease<Nowhere>) {}

#[phasegate::test]
fn is_of_another_type(_: Lease<Disk, cache>) {}
