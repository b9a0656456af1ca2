//! A back end where people request films and series.
//!
//! A member signs in, looks a title up and requests it; an editor approves; the media server
//! fetches it and calls back; the member is notified. What it is built of:
//!
//! * [`accounts`], [`password`] – who people are (PostgreSQL, Argon2).
//! * [`sessions`], [`tokens`] – who they are just now (JWT, Redis).
//! * [`rate_limit`] – how often they may try (Redis).
//! * [`devices`], [`vault`] – tokens of the media server, kept sealed (PostgreSQL, Redis, AES-GCM).
//! * [`metadata`], [`catalogue`] – what there is to request (HTTP, with Redis in front).
//! * [`request`], [`requests`], [`desk`] – who asked for what, and what becomes of it (PostgreSQL).
//! * [`media_server`] – who fetches it (HTTP).
//! * [`notifications`], [`gateway`] – telling people (PostgreSQL, websockets in and out).
//! * [`posters`] – pictures (files, and a record of each in PostgreSQL).
//! * [`audit`], [`health`] – telling operators.
//! * [`http`] – all of it for browsers; [`state`] – all of it in one place; [`config`], [`clock`],
//!   [`error`] – what every room uses.
//!
//! The feature `defects` breaks it in ways that only show across boundaries; see README.md.

pub mod accounts;
pub mod audit;
pub mod catalogue;
pub mod clock;
pub mod config;
pub mod desk;
pub mod devices;
pub mod error;
pub mod gateway;
pub mod health;
pub mod http;
pub mod media_server;
pub mod metadata;
pub mod notifications;
pub mod password;
pub mod posters;
mod random;
pub mod rate_limit;
pub mod request;
pub mod requests;
pub mod sessions;
pub mod state;
pub mod title;
pub mod tokens;
mod upstream;
pub mod vault;

pub use config::Config;
pub use error::{Error, Result};
pub use http::{router, serve};
pub use state::App;
