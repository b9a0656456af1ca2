//! What a test is handed.

use std::fmt;

use serde::{Deserialize, Serialize};
use tokio_postgres::{Client, Config};

use super::{lane, sql};
use crate::terms::Result;

/// A test's own database, with a role that can enter no other.
///
/// ```text
/// #[phasegate::test(phase = "A")]
/// async fn titles_are_unique(db: Lease<Postgres>) -> phasegate::Result {
///     let client = db.client().await?;                     // tokio-postgres
///     let pool = sqlx::PgPool::connect(db.url()).await?;   // sqlx, or whatever takes a URL
///     Ok(())
/// }
/// ```
#[derive(Clone, Serialize, Deserialize)]
pub struct Database {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) password: String,
    pub(super) url: String,
}

impl Database {
    /// `postgres://user:password@host:port/database`, for any client.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Name of the database.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same as [`Database::url`] for `tokio-postgres` and pools above it.
    #[must_use]
    pub fn config(&self) -> Config {
        let mut config = Config::new();
        config
            .host(&self.host)
            .port(self.port)
            .user(&self.role)
            .password(&self.password)
            .dbname(&self.name);
        config
    }

    /// A new connection, driven by a task of the current runtime until the client is dropped.
    ///
    /// # Errors
    /// The server's. More connections than the lease's share
    /// ([`Postgres::connections_per_lease`](super::Postgres::connections_per_lease)) are refused.
    pub async fn client(&self) -> Result<Client> {
        lane::connect(&self.config())
            .await
            .map_err(sql::cannot(format_args!("connect to {}", self.name)))
    }
}

/// Without its password.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("name", &self.name)
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}
