//! Reads all record files of a run.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::ReadError;
use super::file::{RecordFile, read_file};
use super::output::{OutputError, read_output};
use super::problem::Problem;
use crate::event::{Event, Output};

/// Everything that the processes of one run wrote.
#[derive(Debug, Clone)]
pub struct RunRecord {
    /// Directory of the run.
    pub dir: PathBuf,
    /// Its record files, sorted by name, so that the order is the same everywhere.
    pub files: Vec<RecordFile>,
}

/// Reads every `*.ndjson` directly in `dir`, sorted by name.
///
/// # Errors
/// [`ReadError::NoRecord`] when there is none, and those of [`read_file`](super::read_file).
pub fn read_run(dir: &Path) -> Result<RunRecord, ReadError> {
    let io = |cause| ReadError::Io {
        path: dir.to_path_buf(),
        cause,
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "ndjson")
            && path.is_file()
        {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() {
        let directory = dir.to_path_buf();
        return Err(ReadError::NoRecord { directory });
    }
    let files = paths
        .iter()
        .map(|path| read_file(path))
        .collect::<Result<_, _>>()?;
    let dir = dir.to_path_buf();
    Ok(RunRecord { dir, files })
}

impl RunRecord {
    /// All events, file after file, each in the order of its file.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.files
            .iter()
            .flat_map(|file| file.lines.iter().map(|line| &line.event))
    }

    /// All problems, file after file.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.files.iter().flat_map(|file| &file.problems)
    }

    /// The bytes of a captured stream of this run, checked against their digest.
    ///
    /// # Errors
    /// Those of [`read_output`](super::read_output).
    pub fn output_bytes<'o>(&self, output: &'o Output) -> Result<Cow<'o, [u8]>, OutputError> {
        read_output(output, &self.dir)
    }
}
