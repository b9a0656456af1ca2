//! What there is to request: the metadata API, with a cache in front and our editors' notes on top.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deadpool_postgres::Pool;
use redis::AsyncCommands;
use redis::aio::ConnectionManager;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::metadata::{Found, Metadata};
use crate::title::{Title, TitleRef};

/// How long the cache keeps what.
#[derive(Debug, Clone, Copy)]
pub struct Keep {
    /// A title, and what a search found.
    pub title: Duration,
    /// That there is no such title.
    pub missing: Duration,
}

/// Titles: what the API says, kept in Redis, with notes from PostgreSQL.
///
/// The cache is a convenience: when it cannot be reached, the API is asked each time.
#[derive(Clone)]
pub struct Catalogue {
    api: Metadata,
    redis: ConnectionManager,
    pool: Pool,
    keep: Keep,
    /// Titles that are being asked for, so that a crowd asks once.
    asking: Arc<Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>>,
}

impl Catalogue {
    /// A catalogue over an API, a cache and a database.
    #[must_use]
    pub fn new(api: Metadata, redis: ConnectionManager, pool: Pool, keep: Keep) -> Self {
        Self {
            api,
            redis,
            pool,
            keep,
            asking: Arc::default(),
        }
    }

    /// What is known of a title.
    ///
    /// # Errors
    /// [`Error::Unknown`] when the API does not know it; the API's and the database's.
    pub async fn title(&self, title: TitleRef) -> Result<Title> {
        let key = key(title);
        if let Some(kept) = self.kept::<Option<Title>>(&key).await {
            return kept.ok_or_else(|| Error::no_title(title));
        }
        let turn = self.turn(&key);
        let _mine = turn.lock().await;
        // Whoever had the turn before may have brought it.
        let found = match self.kept::<Option<Title>>(&key).await {
            Some(kept) => kept,
            None => self.fetch(title).await?,
        };
        self.turn_is_over(&key);
        found.ok_or_else(|| Error::no_title(title))
    }

    /// Titles whose name is like a text; pages count from 1.
    ///
    /// # Errors
    /// When the text is empty; the API's.
    pub async fn search(&self, text: &str, page: u32) -> Result<Found> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return Err(Error::invalid("query", "is empty; say what to look for"));
        }
        let key = format!("search:{page}:{}", text.to_lowercase());
        if let Some(kept) = self.kept(&key).await {
            return Ok(kept);
        }
        let found = self.api.search(&text, page.max(1)).await?;
        self.put(&key, &found, self.keep.title).await;
        Ok(found)
    }

    /// Says something of a title in place of the API's overview.
    ///
    /// # Errors
    /// The database's and the cache's.
    pub async fn annotate(&self, title: TitleRef, overview: &str) -> Result {
        self.pool
            .get()
            .await?
            .execute(
                "INSERT INTO title_note (kind, title_id, overview) VALUES ($1, $2, $3)
                 ON CONFLICT (kind, title_id) DO UPDATE SET overview = excluded.overview",
                &[&title.kind.as_str(), &title.id, &overview],
            )
            .await?;
        // Defect: the database knows better, the cache goes on with what it had.
        if cfg!(feature = "defects") {
            return Ok(());
        }
        self.forget(title).await
    }

    /// Forgets what the cache keeps of a title.
    ///
    /// # Errors
    /// When the cache refuses: then it is still there.
    pub async fn forget(&self, title: TitleRef) -> Result {
        Ok(self.redis.clone().del(key(title)).await?)
    }

    async fn fetch(&self, title: TitleRef) -> Result<Option<Title>> {
        let mut found = self.api.title(title).await?;
        if let Some(found) = &mut found {
            let note = self
                .pool
                .get()
                .await?
                .query_opt(
                    "SELECT overview FROM title_note WHERE kind = $1 AND title_id = $2",
                    &[&title.kind.as_str(), &title.id],
                )
                .await?;
            if let Some(note) = note {
                found.overview = note.get(0);
            }
        }
        let keep = match found {
            Some(_) => self.keep.title,
            None => self.keep.missing,
        };
        self.put(&key(title), &found, keep).await;
        Ok(found)
    }

    /// What the cache has, if it answers and what it has can be read.
    async fn kept<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        let text: Option<String> = self.redis.clone().get(key).await.ok()?;
        serde_json::from_str(&text?).ok()
    }

    /// A cache that does not take it costs us another call, no more.
    async fn put<T: Serialize>(&self, key: &str, value: &T, keep: Duration) {
        if let Ok(text) = serde_json::to_string(value) {
            let seconds = keep.as_secs().max(1);
            let _: redis::RedisResult<()> = self.redis.clone().set_ex(key, text, seconds).await;
        }
    }

    fn turn(&self, key: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(asking.entry(key.to_owned()).or_default())
    }

    fn turn_is_over(&self, key: &str) {
        let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        asking.remove(key);
    }
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalogue")
            .field("keep", &self.keep)
            .finish_non_exhaustive()
    }
}

fn key(title: TitleRef) -> String {
    format!("title:{title}")
}
