//! The package that is meant.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::manifest::Misunderstood;
use crate::error::CliError;

/// A package and its workspace.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) manifest: PathBuf,
    pub(super) dir: PathBuf,
    pub(super) workspace: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Found>,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Found {
    name: String,
    manifest_path: PathBuf,
}

#[derive(Deserialize)]
struct Located {
    root: PathBuf,
}

impl Package {
    /// The package of this name in the workspace at `dir`, or the one whose manifest is nearest.
    pub(super) fn find(dir: &Path, name: Option<&str>) -> Result<Self, CliError> {
        let metadata: Metadata = ask(dir, &["metadata", "--no-deps", "--format-version", "1"])?;
        let located: Located = ask(dir, &["locate-project"])?;
        let names: Vec<&str> = metadata.packages.iter().map(|p| p.name.as_str()).collect();
        let known = names.join(", ");
        let found = metadata.packages.into_iter().find(|package| match name {
            Some(name) => package.name == name,
            None => package.manifest_path == located.root,
        });
        let Some(found) = found else {
            return Err(match name {
                Some(name) => Misunderstood::NoPackage {
                    name: name.to_owned(),
                    known,
                },
                None => Misunderstood::Virtual {
                    manifest: located.root,
                    known,
                },
            }
            .into());
        };
        let dir = found.manifest_path.parent().unwrap_or(Path::new("."));
        Ok(Self {
            name: found.name,
            dir: dir.to_owned(),
            manifest: found.manifest_path,
            workspace: metadata.workspace_root,
        })
    }
}

fn ask<T: for<'de> Deserialize<'de>>(dir: &Path, question: &[&str]) -> Result<T, CliError> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(question)
        .current_dir(dir)
        .stdin(Stdio::null())
        .output()
        .map_err(CliError::Cargo)?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Misunderstood::Cargo { why }.into());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| {
        let why = format!("`cargo {}` says what is no JSON: {error}", question[0]);
        Misunderstood::Cargo { why }.into()
    })
}
