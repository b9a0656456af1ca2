//! Object stores by URL, and one lease's part of them.

use std::path::PathBuf;
use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreScheme};
use url::Url;

use crate::terms::{Error, Result};

/// A store, and the place in it below which everything is made.
#[derive(Clone)]
pub(super) struct Store {
    inner: Arc<dyn ObjectStore>,
    base: Path,
    /// The directory behind a `file://` store.
    directory: Option<PathBuf>,
    url: Url,
}

/// Words that the settings of cloud stores begin with, in the environment.
const SETTINGS: [&str; 3] = ["aws_", "azure_", "google_"];

/// The features that bring cloud stores.
const FEATURES: &str = "`file:///dir` and `memory:///` are built in; `s3://`, `gs://` and `az://` need phasegate's features `files-aws`, `files-gcp` and `files-azure`";

impl Store {
    /// Settings of cloud stores, keys among them, come from the environment under the names that
    /// their own tools use.
    pub(super) fn open(url: &str) -> Result<Self> {
        let form = || {
            Error::new(format_args!(
                "the store's URL is of no known form; {FEATURES}"
            ))
        };
        let url = Url::parse(url).map_err(|_| form())?;
        let (scheme, path) = ObjectStoreScheme::parse(&url).map_err(|_| form())?;
        if scheme == ObjectStoreScheme::Local {
            return Self::directory(url);
        }
        let settings = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?.to_ascii_lowercase();
            let ours = SETTINGS.iter().any(|word| name.starts_with(word));
            Some((name, value.into_string().ok()?)).filter(|_| ours)
        });
        let (inner, _) = object_store::parse_url_opts(&url, settings).map_err(|error| {
            Error::from(error).context(format_args!("the store cannot be reached; {FEATURES}"))
        })?;
        Ok(Self {
            inner: Arc::from(inner),
            base: path,
            directory: None,
            url,
        })
    }

    fn directory(url: Url) -> Result<Self> {
        let directory = url
            .to_file_path()
            .map_err(|()| Error::new(format_args!("{url} names no directory of this machine")))?;
        let inner = LocalFileSystem::new_with_prefix(&directory).map_err(|error| {
            Error::from(error).context(format_args!(
                "{} cannot be used as a store; create the directory",
                directory.display()
            ))
        })?;
        Ok(Self {
            inner: Arc::new(inner),
            base: Path::default(),
            directory: Some(directory),
            url,
        })
    }

    /// The URL without user and password.
    pub(super) fn url(&self) -> String {
        let mut url = self.url.clone();
        // URLs that cannot carry a user have none.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url.as_str().trim_end_matches('/').to_owned()
    }

    /// The directory behind a part, where there is one.
    pub(super) fn directory_of(&self, part: &str) -> Option<PathBuf> {
        self.directory.as_ref().map(|dir| dir.join(part))
    }

    /// A part of the store as a store of its own: no path in it leads out of it.
    pub(super) fn part(&self, part: &str) -> Arc<dyn ObjectStore> {
        let prefix: Path = self.base.parts().chain([part.into()]).collect();
        Arc::new(PrefixStore::new(Arc::clone(&self.inner), prefix))
    }

    /// Whether it answers: something is listed, be it nothing.
    pub(super) async fn probe(&self) -> Result {
        let mut listed = self.inner.list(Some(&self.base));
        listed.next().await.transpose()?;
        Ok(())
    }

    /// Removes a part with everything in it. It may be gone already.
    pub(super) async fn remove(&self, part: &str) -> Result {
        // Without a name of its own it would be the whole store.
        if part.is_empty() || part.contains('/') {
            return Err(Error::new(format_args!(
                "{part:?} is no part of a store; this is a bug in phasegate"
            )));
        }
        empty(&self.part(part))
            .await
            .map_err(|error| error.context(format_args!("cannot clear {}/{part}", self.url())))?;
        // Directories are nothing that a store would list.
        match self.directory_of(part) {
            Some(dir) if dir.exists() => Ok(std::fs::remove_dir_all(&dir).map_err(|error| {
                Error::from(error).context(format_args!("cannot remove {}", dir.display()))
            })?),
            _ => Ok(()),
        }
    }
}

/// Deletes everything in a store.
pub(super) async fn empty(store: &Arc<dyn ObjectStore>) -> Result {
    let listed = store.list(None).map_ok(|object| object.location).boxed();
    let mut deleted = store.delete_stream(listed);
    while let Some(one) = deleted.next().await {
        match one {
            // Somebody else was faster, or an earlier attempt at the same.
            Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[cfg(feature = "files-aws")]
    #[test]
    fn a_bucket_is_opened_by_its_url() {
        let store = Store::open("s3://key:s3cret@bucket/base/").unwrap();
        assert_eq!(store.url(), "s3://bucket/base");
        assert_eq!(store.base.as_ref(), "base");
        assert_eq!(store.directory_of("part"), None);
        let part = store.part("part").to_string();
        assert!(part.contains("base/part"), "{part}");
    }

    #[cfg(not(feature = "files-aws"))]
    #[test]
    fn a_bucket_names_the_feature_that_it_needs() {
        let error = Store::open("s3://bucket/base").err().unwrap().to_string();
        assert!(
            error.contains("need phasegate's features `files-aws`"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn no_part_is_the_whole_store() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("of-others"), "x").unwrap();
        let store = Store::open(&format!("file://{}", dir.path().display())).unwrap();
        for part in ["", "/", "../x"] {
            store.remove(part).await.unwrap_err();
        }
        assert!(dir.path().join("of-others").exists());
    }
}
