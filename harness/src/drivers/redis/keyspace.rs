//! What a test is handed.

use std::fmt;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client};

use super::share::Share;
use crate::terms::{Error, Result};

/// A test's keys: a logical database that nobody else can reach, or a whole server.
///
/// ```no_run
/// # use phasegate::drivers::redis::Keyspace;
/// # async fn example(cache: &Keyspace) -> phasegate::Result {
/// let mut client = cache.client().await?;
/// redis::cmd("SET").arg("session").arg("1").exec_async(&mut client).await?;
/// // The code under test connects by URL, and needs no prefix for its keys.
/// my_app::run(cache.url());
/// # Ok(())
/// # }
/// # mod my_app { pub fn run(_: &str) {} }
/// ```
#[derive(Clone)]
pub struct Keyspace {
    url: String,
    share: Share,
}

impl Keyspace {
    pub(super) fn new(share: Share) -> Self {
        Self {
            url: share.url(),
            share,
        }
    }

    /// `redis://user:password@host:port/database`. Clients take the database from it; one that
    /// drops it ends up in database 0, which is nobody's.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The number of the database; 0 where the server is the test's own.
    #[must_use]
    pub fn database(&self) -> u32 {
        self.share.database
    }

    /// The server's port on [`Keyspace::host`].
    #[must_use]
    pub fn port(&self) -> u16 {
        self.share.port
    }

    /// The host that the server runs on.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.share.host
    }

    /// Connects. Each call is a connection of its own; clones of one share it. It waits for answers
    /// without a limit of its own: the test has one.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn client(&self) -> Result<MultiplexedConnection> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(None)
            .set_response_timeout(None);
        let connected = match Client::open(self.url.as_str()) {
            Ok(client) => {
                client
                    .get_multiplexed_async_connection_with_config(&config)
                    .await
            }
            Err(error) => Err(error),
        };
        connected.map_err(|error| {
            Error::from(error).context(format_args!("cannot connect to {:?}", self.share))
        })
    }
}

/// Without the password.
impl fmt::Debug for Keyspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Keyspace").field(&self.share).finish()
    }
}
