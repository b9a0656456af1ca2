//! What is remembered of the last run of a binary, to arrange the next one.

use std::path::{Path, PathBuf};

use crate::plan::order::History;

/// Reads it; nothing is remembered when there is nothing or it is damaged, since only the order
/// of tests depends on it.
pub(crate) fn load(home: &Path, stem: &str) -> History {
    std::fs::read(path(home, stem))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Writes it, whole or not at all. Losing it costs nothing but the order of tests.
pub(crate) fn store(home: &Path, stem: &str, history: &History) {
    let path = path(home, stem);
    let draft = path.with_extension(format!("{}.tmp", std::process::id()));
    let written = std::fs::create_dir_all(home.join("last"))
        .and_then(|()| std::fs::write(&draft, serde_json::to_vec(history)?))
        .and_then(|()| std::fs::rename(&draft, &path));
    if written.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
}

fn path(home: &Path, stem: &str) -> PathBuf {
    home.join("last").join(format!("{stem}.json"))
}
