//! What every test begins with.

use std::path::{Path, PathBuf};

use object_store::ObjectStore;

use crate::terms::{Error, Result};

fn cannot(what: &str, path: &Path, error: std::io::Error) -> Error {
    Error::from(error).context(format_args!("cannot {what} {}", path.display()))
}

/// Something in a seed, with its path below it.
enum Found {
    Directory(PathBuf),
    File(PathBuf),
}

/// Everything in the seed, directories before what is in them. Links are followed.
fn walk(seed: &Path) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(below) = open.pop() {
        let dir = seed.join(&below);
        for entry in std::fs::read_dir(&dir).map_err(|e| cannot("read the seed", &dir, e))? {
            let entry = entry.map_err(|e| cannot("read the seed", &dir, e))?;
            let path = below.join(entry.file_name());
            let whole = seed.join(&path);
            let about = whole
                .metadata()
                .map_err(|e| cannot("read the seed", &whole, e))?;
            if about.is_dir() {
                found.push(Found::Directory(path.clone()));
                open.push(path);
            } else {
                found.push(Found::File(path));
            }
        }
    }
    Ok(found)
}

/// Copies the seed into a directory.
pub(super) fn copy(seed: &Path, to: &Path) -> Result {
    for found in walk(seed)? {
        match found {
            Found::Directory(path) => {
                let to = to.join(path);
                std::fs::create_dir(&to).map_err(|e| cannot("create", &to, e))?;
            }
            Found::File(path) => {
                let (from, to) = (seed.join(&path), to.join(path));
                std::fs::copy(&from, &to).map_err(|e| cannot("copy the seed to", &to, e))?;
            }
        }
    }
    Ok(())
}

/// Puts the files of the seed into a store, under their paths below it.
pub(super) async fn upload(seed: &Path, store: &dyn ObjectStore) -> Result {
    for found in walk(seed)? {
        let Found::File(path) = found else { continue };
        let from = seed.join(&path);
        let name = path.to_str().ok_or_else(|| {
            Error::new(format_args!(
                "{} cannot be put into a store: its name is no UTF-8; rename it",
                from.display()
            ))
        })?;
        let content = std::fs::read(&from).map_err(|e| cannot("read the seed", &from, e))?;
        store
            .put(&object_store::path::Path::from(name), content.into())
            .await
            .map_err(|error| {
                Error::from(error).context(format_args!("cannot put {name} into the store"))
            })?;
    }
    Ok(())
}

/// Removes everything in a directory; the directory stays.
pub(super) fn clear(dir: &Path) -> Result {
    for entry in std::fs::read_dir(dir).map_err(|e| cannot("read", dir, e))? {
        let path = entry.map_err(|e| cannot("read", dir, e))?.path();
        let about = path
            .symlink_metadata()
            .map_err(|e| cannot("read", &path, e))?;
        let removed = if about.is_dir() {
            std::fs::remove_dir_all(&path)
        } else {
            std::fs::remove_file(&path)
        };
        removed.map_err(|e| cannot("remove", &path, e))?;
    }
    Ok(())
}
