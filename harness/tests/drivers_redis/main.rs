//! The driver `redis` against real servers. Needs `redis-server` 7 or newer; without it every test
//! here fails with the command that installs it.
#![allow(missing_docs)]

mod dedicated;
mod external;
mod local;
mod support;
mod walls;
