//! Which test binaries a project has: those that have run before.
//!
//! No process knows which binaries `cargo test` will start. Each one leaves a note of itself, so
//! that the others can say which are still awaited in a run.

use std::path::Path;

use serde::{Deserialize, Serialize};

/// A test binary that has run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    pub(crate) package: String,
    pub(crate) binary: String,
    /// Directory of the project that it belongs to, within the workspace.
    pub(crate) project: Option<String>,
    /// A source file of it, relative to the workspace; when that is gone, so is the binary.
    pub(crate) source: String,
}

impl Seen {
    /// The name by which records call it.
    pub(crate) fn name(&self) -> String {
        format!("{}::{}", self.package, self.binary)
    }

    /// The beginning of the names of its record files.
    pub(crate) fn stem(&self) -> String {
        format!("{}--{}", self.package, self.binary)
    }
}

/// Leaves the note of this binary. Losing it costs a warning in a later run, no evidence.
pub(crate) fn leave(home: &Path, me: &Seen) {
    let path = home.join("last").join(format!("{}.seen", me.stem()));
    let written = std::fs::create_dir_all(home.join("last"))
        .and_then(|()| Ok(serde_json::to_vec(me)?))
        .and_then(|bytes| std::fs::write(path, bytes));
    drop(written);
}

/// Names of the other binaries of the project that are still awaited in the run at `run_dir`.
pub(crate) fn awaited(home: &Path, workspace: &Path, run_dir: &Path, me: &Seen) -> Vec<String> {
    let started = file_names(run_dir);
    let mut names: Vec<String> = file_names(&home.join("last"))
        .into_iter()
        .filter(|name| name.ends_with(".seen"))
        .filter_map(|name| std::fs::read(home.join("last").join(name)).ok())
        .filter_map(|bytes| serde_json::from_slice::<Seen>(&bytes).ok())
        .filter(|seen| seen.project == me.project && seen.name() != me.name())
        .filter(|seen| workspace.join(&seen.source).exists())
        .filter(|seen| !started.iter().any(|file| file.starts_with(&seen.stem())))
        .map(|seen| seen.name())
        .collect();
    names.sort_unstable();
    names
}

fn file_names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_is_awaited_until_it_has_run_or_its_source_is_gone() {
        let home = tempfile::tempdir().unwrap();
        let workspace = tempfile::tempdir().unwrap();
        let seen = |binary: &str| Seen {
            package: "p".to_owned(),
            binary: binary.to_owned(),
            project: None,
            source: format!("{binary}.rs"),
        };
        for binary in ["alpha", "beta", "gone"] {
            leave(home.path(), &seen(binary));
        }
        for source in ["alpha.rs", "beta.rs"] {
            std::fs::write(workspace.path().join(source), "").unwrap();
        }
        let run = tempfile::tempdir().unwrap();
        let ask = || awaited(home.path(), workspace.path(), run.path(), &seen("alpha"));
        assert_eq!(ask(), ["p::beta"]);
        std::fs::write(run.path().join("p--beta.ndjson"), "").unwrap();
        assert!(ask().is_empty());
    }
}
