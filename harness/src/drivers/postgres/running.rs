//! The started service.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::task::JoinHandle;

use super::budget::Budget;
use super::clones::{self, Spare};
use super::handle::Database;
use super::lane::Lane;
use super::local::Local;
use super::pool::Pool;
use super::site::Site;
use super::sql::cannot;
use super::template::Template;
use crate::services::journal::Intent;
use crate::services::{Ask, Running};
use crate::terms::{Error, Result};

/// Databases that may queue up for their removal: then whoever takes back another waits.
const QUEUE: usize = 16;

/// What databases may take up on a server of ours before they are removed, in databases and bytes:
/// removing one takes as long as a short test, and they go with the server anyway.
const KEPT: (usize, u64) = (64, 256 << 20);

/// A started PostgreSQL, or one that somebody else has started.
pub struct Server {
    site: Arc<Site>,
    local: Option<Local>,
    template: Template,
    pool: Pool,
    budget: Budget,
    leases: Mutex<HashMap<String, Held>>,
    /// Databases to be removed when there is time.
    removals: Mutex<Option<mpsc::Sender<Spare>>>,
    remover: Mutex<Option<JoinHandle<Result>>>,
}

/// What a server needs before it can be leased from.
pub(super) struct Furnished {
    pub(super) site: Arc<Site>,
    pub(super) template: Template,
    pub(super) pool: Pool,
    pub(super) budget: Budget,
}

/// What a lease holds besides its database.
struct Held {
    intent: Option<Intent>,
    room: OwnedSemaphorePermit,
}

impl Server {
    pub(super) fn new(local: Option<Local>, furnished: Furnished) -> Self {
        let Furnished {
            site,
            template,
            pool,
            budget,
        } = furnished;
        let (removals, queue) = mpsc::channel(QUEUE);
        let kept = match site.foreign {
            Some(_) => 0,
            None => usize::try_from(KEPT.1 / template.size.max(1))
                .unwrap_or(0)
                .min(KEPT.0),
        };
        let remover = tokio::spawn(keep_removing(Arc::clone(&site), queue, kept));
        Self {
            site,
            local,
            template,
            pool,
            budget,
            leases: Mutex::default(),
            removals: Mutex::new(Some(removals)),
            remover: Mutex::new(Some(remover)),
        }
    }

    fn held(&self) -> std::sync::MutexGuard<'_, HashMap<String, Held>> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes it when there is time; waits while too many are waiting.
    async fn remove_later(&self, spare: Spare) -> Result {
        let queue = self
            .removals
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let refused = match queue {
            Some(queue) => queue.send(spare).await.err().map(|refused| refused.0),
            None => Some(spare),
        };
        match refused {
            Some(spare) => clones::remove(&self.site, &self.site.front, spare).await,
            None => Ok(()),
        }
    }

    /// Removes all that we made on a server that stays.
    async fn leave(&self) -> Result {
        let mut outcome = self.pool.drain().await;
        let left: Vec<(String, Held)> = self.held().drain().collect();
        for (name, held) in left {
            let removed = clones::drop_both(&self.site.front, &self.site.admin, &name, &name).await;
            let done = removed.and_then(|()| held.intent.map_or(Ok(()), Intent::undone));
            outcome = outcome.and(done);
        }
        let remover = self.end_removals();
        if let Some(remover) = remover {
            outcome = outcome.and(remover.await?);
        }
        outcome.and(self.template.remove().await)
    }

    fn end_removals(&self) -> Option<JoinHandle<Result>> {
        self.removals
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        self.remover
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

/// Removes databases until no more come, all but the last few; the first error is told in the end.
async fn keep_removing(site: Arc<Site>, mut queue: mpsc::Receiver<Spare>, kept: usize) -> Result {
    let lane = Lane::new(&site.admin);
    let mut outcome = Ok(());
    let mut waiting = VecDeque::new();
    while let Some(spare) = queue.recv().await {
        waiting.push_back(spare);
        if waiting.len() > kept
            && let Some(spare) = waiting.pop_front()
        {
            outcome = outcome.and(clones::remove(&site, &lane, spare).await);
        }
    }
    outcome
}

impl Running for Server {
    type Share = Database;

    fn url(&self) -> Option<String> {
        Some(self.site.address())
    }

    async fn probe(&self) -> Result {
        let answer = self.site.front.run("SELECT 1").await;
        answer.map_err(cannot("ask the server"))
    }

    async fn lease(&self, _: &Ask) -> Result<Database> {
        let room = self.budget.admit().await?;
        let spare = self.pool.take().await?;
        let held = Held {
            intent: spare.intent,
            room,
        };
        self.held().insert(spare.database.name.clone(), held);
        Ok(spare.database)
    }

    async fn reset(&self, share: &Database) -> Result {
        if !self.held().contains_key(&share.name) {
            return Err(Error::new(format_args!(
                "{} is no database of this server any more",
                share.name
            )));
        }
        let spare = self.pool.take().await?;
        // Swapped, it is what the test had; otherwise it is a spare that may be half renamed.
        let swapped = clones::swap(&self.site, share, &spare).await;
        swapped.and(self.remove_later(spare).await)
    }

    async fn reclaim(&self, share: &Database) -> Result {
        let Some(held) = self.held().remove(&share.name) else {
            // Taken back before, or of a server that died.
            return Ok(());
        };
        let site = &self.site;
        let quiet = clones::quiesce(&site.front, &site.admin, &share.name, &share.role).await;
        if let Err(error) = quiet {
            self.held().insert(share.name.clone(), held);
            return Err(error);
        }
        let spare = Spare {
            database: share.clone(),
            intent: held.intent.clone(),
        };
        if site.foreign.is_none() {
            drop(held.room);
            return self.remove_later(spare).await;
        }
        let removed = clones::remove(site, &site.front, spare).await;
        if removed.is_err() {
            self.held().insert(share.name.clone(), held);
        }
        removed
    }

    async fn stop(&self) -> Result {
        match &self.local {
            None => self.leave().await,
            Some(local) => {
                self.pool.abandon();
                if let Some(remover) = self.end_removals() {
                    remover.abort();
                }
                local.stop().await
            }
        }
    }
}
