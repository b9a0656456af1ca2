//! The driver `postgres` against a real server. Needs PostgreSQL's programs: without them each test
//! fails with the command that installs them.
#![allow(missing_docs, clippy::unwrap_used)]

mod budget;
mod external;
mod isolation;
mod local;
mod migrations;
mod missing;
mod stage;
