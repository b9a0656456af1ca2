//! Packages, as Cargo describes them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::args::Place;
use crate::error::CliError;

/// What is needed of `cargo metadata`.
#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
}

/// A package, with what Cargo tells its tests about it.
#[derive(Debug, Deserialize)]
pub(super) struct Package {
    id: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) manifest_path: PathBuf,
    pub(super) authors: Vec<String>,
    pub(super) description: Option<String>,
    pub(super) homepage: Option<String>,
    pub(super) repository: Option<String>,
    pub(super) license: Option<String>,
    pub(super) license_file: Option<String>,
    pub(super) rust_version: Option<String>,
    pub(super) readme: Option<String>,
}

/// The packages here and where they are built.
#[derive(Debug)]
pub(super) struct Workspace {
    pub(super) packages: BTreeMap<String, Package>,
    pub(super) target: PathBuf,
}

/// The program that called this one, or the one that is found.
pub(super) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Cargo, told of the target directory that was given.
pub(super) fn cargo_command(place: &Place) -> Command {
    let mut command = Command::new(cargo());
    if let Some(target) = &place.target_dir {
        command.env("CARGO_TARGET_DIR", target);
    }
    command
}

impl Workspace {
    pub(super) fn read(place: &Place) -> Result<Self, CliError> {
        let output = cargo_command(place)
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(CliError::Cargo)?;
        if !output.status.success() {
            return Err(CliError::Build(format!(
                "`cargo metadata` ended with {}; see above",
                output.status
            )));
        }
        let metadata: Metadata = serde_json::from_slice(&output.stdout).map_err(|error| {
            CliError::Build(format!("`cargo metadata` cannot be understood: {error}"))
        })?;
        let packages = metadata.packages.into_iter();
        Ok(Self {
            packages: packages.map(|p| (p.id.clone(), p)).collect(),
            target: metadata.target_directory,
        })
    }
}
