//! Where a run is kept, and which run this process belongs to.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::surroundings::Surroundings;
use crate::terms::mix;

/// A run and its directory.
#[derive(Debug, Clone)]
pub(crate) struct RunDir {
    pub(crate) id: String,
    pub(crate) path: PathBuf,
}

/// Joins the run of the caller, or begins one: all binaries of one `cargo test` share a run, and
/// so do all processes of one `cargo nextest run`.
/// Projects of one workspace, each with a `phasegate.toml` of its own, have runs of their own.
pub(crate) fn join(
    home: &Path,
    around: &Surroundings,
    project: Option<&str>,
) -> io::Result<RunDir> {
    let runs = home.join("runs");
    let id = if let Some(given) = &around.given_run {
        checked(given)?
    } else if let Some(nextest) = &around.nextest_run {
        checked(&format!("nextest-{nextest}"))?
    } else if let Some(caller) = caller() {
        shared(&runs, &caller)?
    } else {
        fresh()
    };
    let id = match project {
        Some(dir) => checked(&format!("{id}--{}", dir.replace('/', "-")))?,
        None => id,
    };
    let path = runs.join(&id);
    Ok(RunDir { id, path })
}

/// Says whether the run that `PHASEGATE_RUN_ID` names can be one.
pub(crate) fn check(around: &Surroundings) -> io::Result<()> {
    around
        .given_run
        .as_deref()
        .map_or(Ok(()), |id| checked(id).map(drop))
}

fn checked(id: &str) -> io::Result<String> {
    let plain = id
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    if plain && !id.starts_with('.') && (1..=160).contains(&id.len()) {
        Ok(id.to_owned())
    } else {
        Err(io::Error::other(format!(
            "`{id}` is no run id; use up to 160 letters, digits, `.`, `_` and `-`, not starting with `.`"
        )))
    }
}

/// A new id: the time, so that ids sort, and six hexadecimal digits of chance.
fn fresh() -> String {
    let now = SystemTime::now();
    let nanos = now
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_nanos();
    let chance = mix(
        u64::try_from(nanos & u128::from(u64::MAX)).unwrap_or(0),
        &std::process::id().to_le_bytes(),
    );
    let time: String = humantime::format_rfc3339_seconds(now)
        .to_string()
        .chars()
        .filter(|c| !"-:".contains(*c))
        .collect();
    format!("{time}-{:06x}", chance & 0xff_ffff)
}

/// Names the `cargo` process that started this one, with its start time, because process ids
/// come round. `None` when the parent is no `cargo`.
#[cfg(target_os = "linux")]
fn caller() -> Option<String> {
    let parent = std::os::unix::process::parent_id();
    let stat = std::fs::read_to_string(format!("/proc/{parent}/stat")).ok()?;
    let (start, end) = (stat.find('(')?, stat.rfind(')')?);
    if &stat[start + 1..end] != "cargo" {
        return None;
    }
    // Field 22 of proc(5), counted from the state, which is field 3.
    let started = stat[end + 1..].split_whitespace().nth(19)?;
    Some(format!("{parent}-{started}"))
}

#[cfg(not(target_os = "linux"))]
fn caller() -> Option<String> {
    // Start times of processes have no portable source; the binaries of one `cargo test` are
    // separate runs here unless PHASEGATE_RUN_ID joins them.
    None
}

/// The id that the first process of this caller wrote down.
fn shared(runs: &Path, caller: &str) -> io::Result<String> {
    std::fs::create_dir_all(runs)?;
    let note = runs.join(format!(".caller-{caller}"));
    // Written whole under another name and then linked, so that nobody reads half of it.
    let draft = runs.join(format!(".draft-{}", std::process::id()));
    let id = fresh();
    std::fs::File::create(&draft)?.write_all(id.as_bytes())?;
    let linked = std::fs::hard_link(&draft, &note);
    std::fs::remove_file(&draft)?;
    match linked {
        Ok(()) => {
            forget_old_callers(runs);
            Ok(id)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            checked(std::fs::read_to_string(&note)?.trim())
        }
        Err(error) => Err(error),
    }
}

/// Removes the notes of callers that ended long ago.
fn forget_old_callers(runs: &Path) {
    const LONG: Duration = Duration::from_secs(24 * 60 * 60);
    for entry in std::fs::read_dir(runs).into_iter().flatten().flatten() {
        let is_note = entry
            .file_name()
            .to_str()
            .is_some_and(|n| n.starts_with(".caller-"));
        let age = entry
            .metadata()
            .and_then(|m| m.modified())
            .ok()
            .and_then(|t| t.elapsed().ok());
        if is_note && age.is_some_and(|age| age > LONG) {
            // Another process may have removed it first.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_caller_has_one_run() {
        let home = tempfile::tempdir().unwrap();
        let first = shared(home.path(), "1-2").unwrap();
        assert_eq!(shared(home.path(), "1-2").unwrap(), first);
        assert_ne!(shared(home.path(), "1-3").unwrap(), first);
    }

    #[test]
    fn an_id_is_never_a_path() {
        for id in ["", "..", ".x", "a/b", "a\\b", "a b", &"x".repeat(161)] {
            assert!(checked(id).is_err(), "{id}");
        }
        assert!(checked(&fresh()).is_ok());
    }
}
