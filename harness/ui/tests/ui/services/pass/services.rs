//! Services as users declare them, under the strictest lints that a user may have.
#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications)]
#![deny(unused, clippy::all)]
#![forbid(unsafe_code)]

use phasegate::__private::{RESTARTS, ServiceDecl, Which, inventory};
use phasegate::services::{Embedded, Host, Service};
use phasegate::{Context, Lease};

/// A service that lives in the test's own process.
#[derive(Debug)]
pub struct Memory(&'static str);

impl Service for Memory {
    const KIND: &'static str = "memory";
    const EMBEDDED: bool = true;
    type Running = Embedded;
    type Handle = &'static str;

    async fn start(&self, _: &Host) -> phasegate::Result<Embedded> {
        Ok(Embedded)
    }

    async fn open(&self, (): (), _: &Context, _: &'static str) -> phasegate::Result<&'static str> {
        Ok(self.0)
    }
}

#[phasegate::service(boundary = "database")]
fn database() -> Memory {
    Memory("database")
}

/// Documented, public and everything said.
#[phasegate::service(
    boundary = ["cache", "sessions"],
    after = ["database", "type"],
    fallback = stand_ins::memory,
    restarts = 3,
    timeout = "1m 30s",
)]
#[must_use]
pub fn cache() -> Memory {
    Memory("cache")
}

#[phasegate::service(boundary = "odd")]
fn r#type() -> Memory {
    Memory("type")
}

#[phasegate::service(boundary = "elsewhere")]
#[cfg(target_os = "none")]
fn left_out() -> Nowhere {
    Nowhere
}

mod stand_ins {
    pub(super) fn memory() -> super::Memory {
        super::Memory("stand-in")
    }
}

#[phasegate::test]
fn takes_them_by_name(
    database: &Lease<Memory, database>,
    cache: Lease<Memory, cache>,
    _odd: Lease<Memory, r#type>,
) {
    assert_eq!((**database, *cache), ("database", "cache"));
}

fn main() {
    let all: Vec<&ServiceDecl> = inventory::iter::<ServiceDecl>
        .into_iter()
        .collect();
    assert_eq!(all.len(), 3);
    let named = |name| *all.iter().find(|decl| decl.name == name).unwrap();

    let database = named("database");
    assert!(database.path.ends_with("::database"), "{}", database.path);
    assert_eq!((database.kind, database.embedded), ("memory", true));
    assert_eq!(database.boundaries, ["database"]);
    assert_eq!(database.after, [""; 0]);
    assert!(database.fallback.is_none());
    assert_eq!((database.restarts, database.timeout_ms), (RESTARTS, None));
    assert!(database.file.ends_with("services.rs") && database.line > 1);

    let cache = named("cache");
    assert_eq!(cache.boundaries, ["cache", "sessions"]);
    assert_eq!(cache.after, ["database", "type"]);
    assert_eq!((cache.restarts, cache.timeout_ms), (3, Some(90_000)));
    assert_eq!((cache.type_id)(), std::any::TypeId::of::<Memory>());
    assert!((cache.type_name)().ends_with("Memory"));
    let _ = (cache.make)();
    let _ = cache.fallback.unwrap()();

    assert_eq!(<database as Which>::NAME, Some("database"));
    assert_eq!(<r#type as Which>::NAME, Some("type"));
}
