//! The target directory and the run in question.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use phasegate_report::{newest_run, runs_dir};

use crate::args::Place;
use crate::error::CliError;

/// Cargo's target directory: as given, by `CARGO_TARGET_DIR`, as Cargo says, or beside the nearest
/// `Cargo.lock`.
pub(crate) fn target_dir(place: &Place) -> Result<PathBuf, CliError> {
    if let Some(given) = &place.target_dir {
        return Ok(given.clone());
    }
    let set = std::env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty());
    if let Some(set) = set {
        return Ok(set.into());
    }
    ask_cargo().or_else(|why| beside_lock_file().ok_or(CliError::NoTarget(why)))
}

fn ask_cargo() -> Result<PathBuf, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cargo cannot be called: {error}"))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        let first = stderr.lines().find(|line| !line.trim().is_empty());
        return Err(first.unwrap_or("cargo metadata failed").trim().to_owned());
    }
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    let target = metadata["target_directory"].as_str();
    target
        .map(PathBuf::from)
        .ok_or_else(|| "cargo metadata names none".to_owned())
}

fn beside_lock_file() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let workspace = here
        .ancestors()
        .find(|dir| dir.join("Cargo.lock").is_file())?;
    Some(workspace.join("target")).filter(|target| target.is_dir())
}

/// The directory of the run that is meant: a path, the id of a run, or the newest one.
pub(crate) fn run_dir(run: Option<&str>, place: &Place) -> Result<PathBuf, CliError> {
    if let Some(path) = run.map(Path::new)
        && path.is_dir()
    {
        return Ok(path.to_path_buf());
    }
    let runs = runs_dir(&target_dir(place)?);
    let Some(run) = run else {
        let newest = newest_run(&runs).map_err(|cause| CliError::Io {
            path: runs.clone(),
            cause,
        })?;
        return newest.ok_or(CliError::NoRun { runs });
    };
    let path = runs.join(run);
    let is_id = Path::new(run).components().count() == 1;
    if is_id && path.is_dir() {
        return Ok(path);
    }
    let run = run.to_owned();
    Err(CliError::UnknownRun { run, runs })
}
