//! One test's own files.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;

use super::seed;
use super::store::{self, Store};
use crate::terms::{Error, Result};

/// One test's own files. What a [`Lease<Files>`](super::Files) dereferences to.
#[derive(Clone)]
pub struct FileArea {
    store: Arc<dyn ObjectStore>,
    path: Option<PathBuf>,
    url: String,
    /// Who resets it, where that is not the supervisor.
    own: Option<Own>,
}

/// A part that the test's process made.
#[derive(Clone)]
struct Own {
    seed: Option<PathBuf>,
}

impl FileArea {
    /// A directory that the test has just made.
    pub(super) fn directory(dir: PathBuf, seed: Option<PathBuf>) -> Result<Self> {
        if let Some(from) = &seed {
            seed::copy(from, &dir)?;
        }
        let url = url::Url::from_directory_path(&dir)
            .map_err(|()| Error::new(format_args!("{} is not absolute", dir.display())))?;
        Ok(Self {
            store: Arc::new(LocalFileSystem::new_with_prefix(&dir)?),
            path: Some(dir),
            url: url.as_str().trim_end_matches('/').to_owned(),
            own: Some(Own { seed }),
        })
    }

    /// A memory that no other test reaches.
    pub(super) async fn memory(seed: Option<PathBuf>) -> Result<Self> {
        let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
        if let Some(from) = &seed {
            seed::upload(from, &store).await?;
        }
        Ok(Self {
            store,
            path: None,
            url: "memory:///".to_owned(),
            own: Some(Own { seed }),
        })
    }

    /// A part of a store, which the supervisor has made.
    pub(super) fn part(store: &Store, part: &str) -> Self {
        Self {
            store: store.part(part),
            path: store.directory_of(part),
            url: format!("{}/{part}", store.url()),
            own: None,
        }
    }

    /// The directory.
    ///
    /// # Panics
    /// The files lie in a store that is no directory: see [`FileArea::store`].
    #[must_use]
    #[track_caller]
    pub fn path(&self) -> &Path {
        match &self.path {
            Some(path) => path,
            None => panic!(
                "the files are at {}, which is no directory; use `.store()`, or declare `Files::directory()`",
                self.url
            ),
        }
    }

    /// The files as an object store, in which every path is the test's own.
    #[must_use]
    pub fn store(&self) -> Arc<dyn ObjectStore> {
        Arc::clone(&self.store)
    }

    /// Where the files are, as a URL for code under test that opens a store by itself:
    /// `file:///tmp/…`, `s3://bucket/…`. No slash at its end, and no password. `memory:///` names a
    /// memory that only [`FileArea::store`] reaches.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Back to the seed, where the supervisor has not done it.
    pub(super) async fn reset(&self) -> Result {
        let Some(Own { seed }) = &self.own else {
            return Ok(());
        };
        match (&self.path, seed) {
            (Some(dir), seed) => {
                seed::clear(dir)?;
                match seed {
                    Some(from) => seed::copy(from, dir),
                    None => Ok(()),
                }
            }
            (None, seed) => {
                store::empty(&self.store).await?;
                match seed {
                    Some(from) => seed::upload(from, &self.store).await,
                    None => Ok(()),
                }
            }
        }
    }
}

impl fmt::Debug for FileArea {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileArea")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
