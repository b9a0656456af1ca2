//! Whether the parts answer.

use std::time::Duration;

use deadpool_postgres::Pool;
use redis::aio::ConnectionManager;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::media_server::MediaServer;
use crate::metadata::Metadata;

/// How long a part may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// How one part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It answers.
    Up,
    /// It does not.
    Down,
}

/// How all parts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// PostgreSQL; without it nothing works.
    pub database: State,
    /// Redis; without it nobody can sign in.
    pub cache: State,
    /// Without it there are only titles that the cache has.
    pub metadata: State,
    /// Without it nothing can be approved.
    pub media_server: State,
}

impl Health {
    /// Whether people should be sent here.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.database == State::Up && self.cache == State::Up
    }
}

/// Asks the parts.
#[derive(Clone)]
pub struct Monitor {
    pub(crate) pool: Pool,
    pub(crate) redis: ConnectionManager,
    pub(crate) metadata: Metadata,
    pub(crate) media_server: MediaServer,
}

impl Monitor {
    /// How all parts are, asked at once.
    pub async fn check(&self) -> Health {
        let (database, cache, metadata, media_server) = tokio::join!(
            state(self.database()),
            state(self.cache()),
            state(self.metadata.ping()),
            state(self.media_server.ping()),
        );
        Health {
            database,
            cache,
            metadata,
            media_server,
        }
    }

    async fn database(&self) -> Result {
        self.pool.get().await?.simple_query("SELECT 1").await?;
        Ok(())
    }

    async fn cache(&self) -> Result {
        let mut redis = self.redis.clone();
        redis::cmd("PING").query_async::<()>(&mut redis).await?;
        Ok(())
    }
}

async fn state(part: impl Future<Output = Result>) -> State {
    match tokio::time::timeout(PATIENCE, part).await {
        Ok(Ok(())) => State::Up,
        _ => State::Down,
    }
}

impl std::fmt::Debug for Monitor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Monitor").finish_non_exhaustive()
    }
}
