//! PostgreSQL: a database of its own for each test, cloned from a migrated template.
//!
//! * `service` – [`Postgres`], the description; `handle` – [`Database`], what a test is handed.
//! * `binaries` – where the programs lie; `cluster` – a data directory for a run; `local` –
//!   starting and stopping a server of our own; `external` – one that somebody else runs.
//! * `template` – the database that all others are clones of; `preparation` – what is done to it.
//! * `site` – one server and our names on it; `clones` – making, resetting, removing databases;
//!   `pool` – clones made before they are asked for; `budget` – the server's connections, shared
//!   out.
//! * `running` – the started service.
//! * `lane` – a connection of ours that comes back; `secret` – passwords; `sql` – quoting.

mod binaries;
mod budget;
mod clones;
mod cluster;
mod external;
mod handle;
mod lane;
mod local;
mod pool;
mod preparation;
mod running;
mod secret;
mod service;
mod site;
mod sql;
mod template;

pub use handle::Database;
pub use running::Server;
pub use service::Postgres;
