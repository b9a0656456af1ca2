//! Clones that are made before they are asked for.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;

use super::clones::{self, Spare};
use super::lane::Lane;
use super::site::Site;
use crate::terms::{Error, Result};

/// Clones that are made at once: a server copies one with one processor.
const MAKERS: usize = 2;

/// Spares, and the tasks that see to it that there are always some.
pub(super) struct Pool {
    site: Arc<Site>,
    spares: Mutex<mpsc::Receiver<Result<Spare>>>,
    makers: std::sync::Mutex<Vec<JoinHandle<Result>>>,
}

impl Pool {
    /// Makes the first, which proves that it can be done, and starts to fill. The makers hold one
    /// spare each before there is room for it.
    pub(super) async fn fill(site: &Arc<Site>, size: usize) -> Result<Self> {
        let first = site
            .host
            .step("pool", clones::make(site, &site.front))
            .await?;
        let makers = MAKERS.min(size).max(1);
        let (give, take) = mpsc::channel(size.saturating_sub(makers).max(1));
        give.try_send(Ok(first))
            .map_err(|_| Error::new("an empty pool has room for one"))?;
        let makers = (0..makers)
            .map(|_| tokio::spawn(keep_making(Arc::clone(site), give.clone())))
            .collect();
        Ok(Self {
            site: Arc::clone(site),
            spares: Mutex::new(take),
            makers: std::sync::Mutex::new(makers),
        })
    }

    /// The next spare, in the order of asking; made on demand when there is none.
    pub(super) async fn take(&self) -> Result<Spare> {
        let next = self.spares.lock().await.recv().await;
        match next {
            Some(Ok(spare)) => Ok(spare),
            // Whatever was wrong then may be right by now.
            Some(Err(_)) => clones::make(&self.site, &Lane::new(&self.site.admin)).await,
            None => Err(Error::new("the server is being stopped")),
        }
    }

    /// Makes no more, and removes what was not taken.
    pub(super) async fn drain(&self) -> Result {
        let mut spares = self.spares.lock().await;
        spares.close();
        let makers = std::mem::take(
            &mut *self
                .makers
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        );
        let mut outcome = Ok(());
        while let Some(spare) = spares.recv().await {
            if let Ok(spare) = spare {
                outcome = outcome.and(clones::remove(&self.site, &self.site.front, spare).await);
            }
        }
        for maker in makers {
            outcome = outcome.and(maker.await?);
        }
        outcome
    }

    /// Makes no more: the server goes, and all that is on it.
    pub(super) fn abandon(&self) {
        for maker in self
            .makers
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .drain(..)
        {
            maker.abort();
        }
    }
}

/// Makes spares until nobody takes them any more.
async fn keep_making(site: Arc<Site>, give: mpsc::Sender<Result<Spare>>) -> Result {
    let lane = Lane::new(&site.admin);
    loop {
        let spare = clones::make(&site, &lane).await;
        if let Err(refused) = give.send(spare).await {
            return match refused.0 {
                Ok(spare) => clones::remove(&site, &lane, spare).await,
                Err(_) => Ok(()),
            };
        }
    }
}
