//! SQLite databases: migrated once, copied for each test.
//!
//! * [`Sqlite`] – the service. [`SqliteDatabase`] – what a test holds of it.
//! * [`rusqlite`] – the library that opens them.
//!
//! The guide is `docs/drivers/sqlite.md`.

mod database;
mod service;
mod template;

pub use database::SqliteDatabase;
pub use rusqlite;
pub use service::{Sqlite, SqliteRunning, SqliteShare};
