//! What is expensive to build and the same for every run.

use std::fs::{File, OpenOptions};
use std::future::Future;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::journal::{Journal, Made};
use super::user::User;
use crate::kernel::detach;
use crate::terms::{Error, Result};

/// The directory below which builds are kept, of this user alone: `PHASEGATE_CACHE_DIR`, else
/// `$XDG_CACHE_HOME/phasegate` or `~/.cache/phasegate`; for root `/var/cache/phasegate`, which a
/// user without privileges can reach where root's home is closed.
pub(crate) fn root() -> PathBuf {
    let variable = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    if let Some(dir) = variable("PHASEGATE_CACHE_DIR") {
        return dir;
    }
    if detach::is_root() {
        return PathBuf::from("/var/cache/phasegate");
    }
    variable("XDG_CACHE_HOME")
        .or_else(|| variable("HOME").map(|home| home.join(".cache")))
        .unwrap_or_else(std::env::temp_dir)
        .join("phasegate")
}

/// The build of that key, made by `build` in an empty directory if nobody has made it yet. Two
/// processes never build at the same time, and half a build is never seen.
pub(crate) async fn get<F>(
    journal: &Journal,
    key: &str,
    user: Option<&User>,
    build: impl FnOnce(PathBuf) -> F,
) -> Result<PathBuf>
where
    F: Future<Output = Result>,
{
    let root = root();
    let cannot = |error: std::io::Error| {
        Error::from(error).context(format_args!(
            "cannot use the cache {}; set PHASEGATE_CACHE_DIR to a directory that can be written",
            root.display()
        ))
    };
    directory(&root).map_err(cannot)?;
    let ready = root.join(key);
    if ready.is_dir() {
        return Ok(ready);
    }
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(root.join(format!("{key}.lock")))
        .map_err(cannot)?;
    let lock = tokio::task::spawn_blocking(move || -> std::io::Result<File> {
        detach::lock(&lock)?;
        Ok(lock)
    })
    .await??;
    if ready.is_dir() {
        return Ok(ready);
    }
    let partial = root.join(format!("{key}.partial-{}", std::process::id()));
    let intent = journal.intend(Made::Path {
        path: partial.clone(),
    })?;
    super::undo::remove(&partial)?;
    std::fs::create_dir(&partial).map_err(cannot)?;
    if let Some(user) = user {
        user.own(&partial)?;
    }
    let built = build(partial.clone()).await;
    let kept = match built {
        Ok(()) => std::fs::rename(&partial, &ready).map_err(cannot),
        Err(error) => {
            super::undo::remove(&partial)?;
            Err(error)
        }
    };
    intent.undone()?;
    drop(lock);
    kept.map(|()| ready)
}

/// Makes the directory where it is missing. One that belongs to somebody else is refused: what is
/// found in it would be executed.
fn directory(root: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o755)
        .create(root)?;
    let owner = root.metadata()?.uid();
    let mine = detach::effective_user();
    if owner != mine {
        return Err(std::io::Error::other(format!(
            "it belongs to user {owner}, not to {mine}"
        )));
    }
    Ok(())
}
