//! Redis: a logical database for each test, or a server.
//!
//! * `description` – what a service function returns: [`Redis`].
//! * `started` – the running service, in one of three forms: `local`, `external`,
//!   `dedicated`.
//! * `share` – what one test gets of it; `keyspace` – what the test is handed: [`Keyspace`].
//! * `server` – starting and stopping a server; `admin` – talking to one; `rules` – what a
//!   test may do there; `numbers` – which databases are free; `secret` – passwords.

mod admin;
mod dedicated;
mod description;
mod external;
mod keyspace;
mod local;
mod numbers;
mod rules;
mod secret;
mod server;
mod share;
mod started;

pub use description::Redis;
pub use keyspace::Keyspace;
pub use share::Share;
pub use started::Started;
