//! Files as a service.

use std::fmt;
use std::path::PathBuf;

use serde_json::Value;

use super::area::FileArea;
use super::running::{FilesRunning, FilesShare};
use super::store::Store;
use crate::fixture::Context;
use crate::services::{Host, Service};
use crate::terms::{Error, Result};

/// Files: each test has a directory of its own, or a part of an object store.
///
/// ```
/// use phasegate::Files;
///
/// fn posters() -> Files {
///     Files::directory().seed("tests/fixtures/posters")
/// }
///
/// fn archive() -> Files {
///     Files::store_from_env("ARCHIVE_URL")
/// }
/// # let _ = (posters(), archive());
/// ```
#[derive(Clone)]
pub struct Files {
    place: Place,
    seed: Option<PathBuf>,
}

#[derive(Clone)]
enum Place {
    Directory,
    Store(String),
    StoreFromEnv(String),
}

/// Where the files of a service are.
enum Opened {
    Directory,
    Memory,
    Store(Store),
}

impl Files {
    /// A directory, which goes with the test.
    #[must_use]
    pub fn directory() -> Self {
        Self {
            place: Place::Directory,
            seed: None,
        }
    }

    /// An object store by URL. Each test has a part of it below that URL, under a name of its own,
    /// which is removed after the test even when the harness is killed. `file:///directory` (which
    /// must exist) and `memory:///` are built in; `s3://bucket/path`, `gs://bucket/path` and
    /// `az://container/path` come with the features `files-aws`, `files-gcp`, `files-azure`, with
    /// keys and settings from the environment variables that these clouds' own tools read.
    #[must_use]
    pub fn store(url: impl Into<String>) -> Self {
        Self {
            place: Place::Store(url.into()),
            seed: None,
        }
    }

    /// As [`Files::store`], with the URL in an environment variable.
    #[must_use]
    pub fn store_from_env(variable: impl Into<String>) -> Self {
        Self {
            place: Place::StoreFromEnv(variable.into()),
            seed: None,
        }
    }

    /// Every test begins with a copy of what is in this directory. A relative path is relative to
    /// the package.
    #[must_use]
    pub fn seed(mut self, dir: impl Into<PathBuf>) -> Self {
        self.seed = Some(dir.into());
        self
    }

    fn open_place(&self) -> Result<Opened> {
        let url = match &self.place {
            Place::Directory => return Ok(Opened::Directory),
            Place::Store(url) => url.clone(),
            Place::StoreFromEnv(variable) => std::env::var(variable).map_err(|_| {
                Error::new(format_args!(
                    "the URL of the store stands in the environment variable {variable}, which is not set; write `{variable}=file:///directory cargo test`, or the URL of a bucket"
                ))
            })?,
        };
        // Each process would have another memory: the test's own makes it.
        if url.starts_with("memory:") {
            return Ok(Opened::Memory);
        }
        Store::open(&url).map(Opened::Store)
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Directory => f.write_str("Files(directory)"),
            Place::Store(_) => f.write_str("Files(store)"),
            Place::StoreFromEnv(variable) => write!(f, "Files(store: ${variable})"),
        }
    }
}

impl Service for Files {
    const KIND: &'static str = "files";

    type Running = FilesRunning;
    type Handle = FileArea;

    async fn start(&self, host: &Host) -> Result<FilesRunning> {
        let seed = self.seed.as_ref().map(|seed| host.path(seed));
        if let Some(dir) = seed.as_ref().filter(|dir| !dir.is_dir()) {
            return Err(Error::new(format_args!(
                "the seed {} is no directory; create it, or leave `.seed` out",
                dir.display()
            )));
        }
        let store = match self.open_place()? {
            Opened::Directory | Opened::Memory => None,
            Opened::Store(store) => Some(store),
        };
        if let Some(store) = &store {
            let probe = host.ready("list the store", || store.probe());
            host.step("probe", probe).await?;
        }
        Ok(FilesRunning::new(host, seed, store))
    }

    async fn open(
        &self,
        share: FilesShare,
        cx: &Context,
        service: &'static str,
    ) -> Result<FileArea> {
        match (self.open_place()?, share.part) {
            (Opened::Store(store), Some(part)) => Ok(FileArea::part(&store, &part)),
            (Opened::Memory, _) => FileArea::memory(share.seed).await,
            (Opened::Directory, _) => FileArea::directory(cx.private_dir(service)?, share.seed),
            (Opened::Store(_), None) => Err(Error::new(format_args!(
                "`{service}` is a store in the test and none in the supervisor: its function does not return the same in both"
            ))),
        }
    }

    async fn reset(&self, area: &FileArea) -> Result {
        area.reset().await
    }

    async fn undo(&self, left: Value) -> Result {
        let part = left["part"].as_str().ok_or_else(|| {
            Error::new(format_args!("the journal names no part of a store: {left}"))
        })?;
        match self.open_place()? {
            Opened::Store(store) => store.remove(part).await,
            Opened::Directory | Opened::Memory => Err(Error::new(format_args!(
                "`{part}` was made in a store that is no longer declared; remove it there by hand"
            ))),
        }
    }
}
