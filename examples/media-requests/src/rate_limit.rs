//! How often somebody may try.

use redis::aio::ConnectionManager;

use crate::clock::Clock;
use crate::config::Limit;
use crate::error::{Error, Result};

/// Counts attempts in Redis, in windows of a fixed length.
#[derive(Clone)]
pub struct RateLimit {
    redis: ConnectionManager,
    clock: Clock,
}

impl RateLimit {
    /// Counts there, by that clock.
    #[must_use]
    pub fn new(redis: ConnectionManager, clock: Clock) -> Self {
        Self { redis, clock }
    }

    /// Counts one attempt of `who` at `what`; says how many are left in this window.
    ///
    /// # Errors
    /// [`Error::TooMany`] when none was left. When the cache refuses: nobody is let through
    /// uncounted.
    pub async fn spend(&self, what: &str, who: &str, limit: Limit) -> Result<u64> {
        let window = limit.window.as_secs().max(1);
        let now = self.clock.now();
        let key = format!("rate:{what}:{}:{}", who.to_lowercase(), now / window);
        let (used,): (u64,) = redis::pipe()
            .atomic()
            .incr(&key, 1)
            // The window itself ends by the name of the key; this only clears it away.
            .expire(&key, i64::try_from(window).unwrap_or(i64::MAX))
            .ignore()
            .query_async(&mut self.redis.clone())
            .await?;
        if used > limit.count {
            return Err(Error::TooMany {
                retry_after: window - now % window,
            });
        }
        Ok(limit.count - used)
    }
}

impl std::fmt::Debug for RateLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RateLimit").finish_non_exhaustive()
    }
}
