//! The driver `postgres` against a real server. Needs PostgreSQL's programs: without them each test
//! fails with the command that installs them.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "drivers_postgres/local.rs"]
mod local;
