//! Where the runs of a target directory are kept.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The directory of runs below a Cargo target directory.
#[must_use]
pub fn runs_dir(target_dir: &Path) -> PathBuf {
    target_dir.join("phasegate").join("runs")
}

/// The directory of reports below a Cargo target directory.
#[must_use]
pub fn reports_dir(target_dir: &Path) -> PathBuf {
    target_dir.join("phasegate").join("reports")
}

/// The run whose record was written to last; `None` when there is none. Ids do not sort by time:
/// some come from the runner.
///
/// # Errors
///
/// When a directory cannot be read; a directory of runs that is not there has none.
pub fn newest_run(runs_dir: &Path) -> io::Result<Option<PathBuf>> {
    let entries = match fs::read_dir(runs_dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        entries => entries?,
    };
    let mut newest: Option<(SystemTime, PathBuf)> = None;
    for entry in entries {
        let path = entry?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if hidden || !path.is_dir() {
            continue;
        }
        if let Some(written) = last_written(&path)? {
            newest = newest.max(Some((written, path)));
        }
    }
    Ok(newest.map(|(_, path)| path))
}

fn last_written(run: &Path) -> io::Result<Option<SystemTime>> {
    let mut last = None;
    for entry in fs::read_dir(run)? {
        let entry = entry?;
        if entry.path().extension().is_some_and(|e| e == "ndjson") {
            last = last.max(Some(entry.metadata()?.modified()?));
        }
    }
    Ok(last)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_run_that_was_written_to_last_is_the_newest() {
        let target = tempfile::tempdir().unwrap();
        let runs = runs_dir(target.path());
        assert_eq!(newest_run(&runs).unwrap(), None);
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        for (seconds, name) in [(5, "zz"), (9, "aa"), (7, ".hidden"), (8, "mm")] {
            fs::create_dir_all(runs.join(name)).unwrap();
            let file = fs::File::create(runs.join(name).join("x.ndjson")).unwrap();
            file.set_modified(start + Duration::from_secs(seconds))
                .unwrap();
        }
        fs::create_dir(runs.join("empty")).unwrap();
        assert_eq!(newest_run(&runs).unwrap(), Some(runs.join("aa")));
    }
}
