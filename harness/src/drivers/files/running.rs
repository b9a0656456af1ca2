//! The supervisor's side: parts of a store are made and removed here.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::seed;
use super::store::Store;
use crate::services::journal::Intent;
use crate::services::{Ask, Host, Running};
use crate::terms::{Error, Result};

/// Files that are ready to be leased.
pub struct FilesRunning {
    host: Host,
    seed: Option<PathBuf>,
    /// None where each test has a directory or a memory of its own.
    store: Option<Store>,
    intents: Mutex<HashMap<String, Intent>>,
}

/// One test's part.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FilesShare {
    /// The seed, where the test makes its part by itself.
    pub(super) seed: Option<PathBuf>,
    /// Name of the part of the store.
    pub(super) part: Option<String>,
}

impl FilesRunning {
    pub(super) fn new(host: &Host, seed: Option<PathBuf>, store: Option<Store>) -> Self {
        Self {
            host: host.clone(),
            seed,
            store,
            intents: Mutex::default(),
        }
    }

    fn intents(&self) -> std::sync::MutexGuard<'_, HashMap<String, Intent>> {
        self.intents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn fill(&self, store: &Store, part: &str) -> Result {
        if let Some(dir) = store.directory_of(part) {
            std::fs::create_dir(&dir).map_err(|error| {
                Error::from(error).context(format_args!("cannot create {}", dir.display()))
            })?;
            return match &self.seed {
                Some(from) => seed::copy(from, &dir),
                None => Ok(()),
            };
        }
        match &self.seed {
            Some(from) => seed::upload(from, &store.part(part)).await,
            None => Ok(()),
        }
    }
}

impl Running for FilesRunning {
    type Share = FilesShare;

    fn url(&self) -> Option<String> {
        self.store.as_ref().map(Store::url)
    }

    async fn probe(&self) -> Result {
        match &self.store {
            Some(store) => store.probe().await,
            None => Ok(()),
        }
    }

    async fn lease(&self, ask: &Ask) -> Result<FilesShare> {
        let Some(store) = &self.store else {
            return Ok(FilesShare {
                seed: self.seed.clone(),
                part: None,
            });
        };
        let part = ask.namespace.clone();
        // The test may write there at once, and nobody else will clear it away.
        let intent = self.host.intend(json!({ "part": part }))?;
        self.intents().insert(part.clone(), intent);
        let share = FilesShare {
            seed: None,
            part: Some(part.clone()),
        };
        match (self.fill(store, &part).await, &share) {
            (Ok(()), _) => Ok(share),
            (Err(error), half) => Err(match self.reclaim(half).await {
                Ok(()) => error,
                Err(left) => {
                    Error::new(format_args!("{error}; and what was begun is left: {left}"))
                }
            }),
        }
    }

    async fn reset(&self, share: &FilesShare) -> Result {
        let (Some(store), Some(part)) = (&self.store, &share.part) else {
            return Ok(());
        };
        store.remove(part).await?;
        self.fill(store, part).await
    }

    async fn reclaim(&self, share: &FilesShare) -> Result {
        let (Some(store), Some(part)) = (&self.store, &share.part) else {
            return Ok(());
        };
        store.remove(part).await?;
        let intent = self.intents().remove(part);
        match intent {
            Some(intent) => intent.undone(),
            None => Ok(()),
        }
    }

    async fn stop(&self) -> Result {
        Ok(())
    }
}
