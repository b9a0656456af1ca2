//! The server's connections, shared out.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::lane::Lane;
use super::sql::cannot;
use crate::terms::{Error, Result};

/// Connections of our own: the front, makers, the remover, and two that come and go.
pub(super) const OWN: usize = 6;

/// How many connections leases may have together, and each.
pub(super) struct Budget {
    room: Arc<Semaphore>,
    pub(super) share: u32,
}

impl Budget {
    /// Asks the server. A share that is larger than all there is shrinks to it.
    pub(super) async fn ask(lane: &Lane, wanted: u32, foreign: bool) -> Result<Self> {
        let others = if foreign {
            "(SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid())"
        } else {
            "0"
        };
        let free = lane
            .column(&format!(
                "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - {others}"
            ))
            .await
            .map_err(cannot("ask how many connections there may be"))?;
        let free: usize = free.first().and_then(|n| n.parse().ok()).unwrap_or(0);
        Self::of(free, wanted)
    }

    fn of(free: usize, wanted: u32) -> Result<Self> {
        let room = free.saturating_sub(OWN).min(Semaphore::MAX_PERMITS);
        if room == 0 {
            return Err(Error::new(format_args!(
                "the server has {free} connections left and {OWN} are needed beside those of the tests; raise max_connections"
            )));
        }
        Ok(Self {
            room: Arc::new(Semaphore::new(room)),
            share: wanted.clamp(1, u32::try_from(room).unwrap_or(u32::MAX)),
        })
    }

    /// Waits for a share, in the order of asking.
    pub(super) async fn admit(&self) -> Result<OwnedSemaphorePermit> {
        let room = Arc::clone(&self.room);
        Ok(room.acquire_many_owned(self.share).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_more_than_there_is() {
        assert_eq!(Budget::of(20, 10).unwrap().share, 10);
        assert_eq!(Budget::of(9, 10).unwrap().share, 3);
        let none = Budget::of(6, 10).err().unwrap().to_string();
        assert!(none.contains("raise max_connections"), "{none}");
    }
}
