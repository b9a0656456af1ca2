//! Kinds of services, each behind a cargo feature of its name.

#[cfg(feature = "command")]
pub mod command;
#[cfg(feature = "files")]
pub mod files;
#[cfg(feature = "http")]
pub mod http;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) mod migrations;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "redis")]
pub mod redis;
#[cfg(feature = "sqlite")]
pub mod sqlite;
#[cfg(feature = "websocket")]
pub mod websocket;
