//! Services that tests make in their own process: nothing is started for them.
#![allow(missing_docs)]

use phasegate::prelude::*;
use phasegate::services::{Embedded, Host, Service};

phasegate::main!();

struct Words(&'static str);

impl Service for Words {
    const KIND: &'static str = "words";
    const EMBEDDED: bool = true;
    type Running = Embedded;
    type Handle = String;

    async fn start(&self, _: &Host) -> phasegate::Result<Embedded> {
        unreachable!("nobody starts what is embedded")
    }

    async fn open(&self, (): (), cx: &Context, service: &'static str) -> phasegate::Result<String> {
        Ok(format!("{} {service} {}", self.0, cx.test()))
    }
}

#[phasegate::service(boundary = ["text", "words"])]
fn long() -> Words {
    Words("long")
}

#[phasegate::service(boundary = "words", after = ["long"], fallback = long)]
fn short() -> Words {
    Words("short")
}

struct Counter;

impl Service for Counter {
    const KIND: &'static str = "counter";
    const EMBEDDED: bool = true;
    type Running = Embedded;
    type Handle = u32;

    async fn start(&self, _: &Host) -> phasegate::Result<Embedded> {
        Ok(Embedded)
    }

    async fn open(&self, (): (), _: &Context, _: &'static str) -> phasegate::Result<u32> {
        Ok(7)
    }
}

#[phasegate::service(boundary = "numbers")]
fn counter() -> Counter {
    Counter
}

#[derive(Fixture)]
struct Library {
    short: Lease<Words, short>,
    long: Lease<Words, long>,
}

#[phasegate::test(boundary = ["extra"])]
fn takes_one_by_type(counter: Lease<Counter>) {
    assert_eq!(*counter, 7);
    assert_eq!(counter.service(), "counter");
}

#[phasegate::test]
async fn takes_two_by_name(library: Library, again: &Lease<Words, short>) {
    assert_eq!(*library.short, "short short takes_two_by_name");
    assert_eq!(*library.long, "long long takes_two_by_name");
    assert!(
        std::ptr::eq(&**again, &*library.short),
        "one share a service and test"
    );
}

#[phasegate::test]
fn takes_none() {}
