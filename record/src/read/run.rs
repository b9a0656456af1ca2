//! Reads all record files of a run.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::ReadError;
use super::file::{RecordFile, read_file};
use super::output::{OutputError, read_output};
use super::problem::{Flaw, Problem};
use crate::event::{Event, Output};
use crate::heads;

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
    let mut record = RunRecord {
        dir: dir.to_path_buf(),
        files,
    };
    record.compare_heads();
    Ok(record)
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

    /// Holds the files against the list of what was sealed. What is wrong with the run as a whole
    /// is told with its first file.
    fn compare_heads(&mut self) {
        let problem = |path: PathBuf, line, flaw| Problem { path, line, flaw };
        let sealed = |file: &RecordFile| {
            file.lines
                .iter()
                .any(|line| matches!(line.event, Event::Seal { .. }))
        };
        let heads = match heads::read(&self.dir) {
            Ok(Some(heads)) => Ok(heads),
            Ok(None) if !self.files.iter().any(sealed) => Ok(Vec::new()),
            Ok(None) => Err("it is gone".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        let mut of_run = Vec::new();
        let heads = heads.unwrap_or_else(|why| {
            let path = self.dir.join(heads::FILE);
            of_run.push(problem(path, 0, Flaw::HeadsUnreadable { why }));
            Vec::new()
        });
        for head in heads {
            let path = self.dir.join(&head.file);
            let Some(file) = self.files.iter_mut().find(|file| file.path == path) else {
                let gone = problem(path, 0, Flaw::FileMissing);
                if !of_run.contains(&gone) {
                    of_run.push(gone);
                }
                continue;
            };
            let number = usize::try_from(head.lines).unwrap_or(usize::MAX);
            let line = file.lines.iter().find(|line| line.number == number);
            if line.is_none_or(|line| line.digest != head.head) {
                let differs = Flaw::HeadDiffers { says: head.head };
                file.problems.push(problem(path, number, differs));
            }
        }
        self.files[0].problems.append(&mut of_run);
    }

    /// The bytes of a captured stream of this run, checked against their digest.
    ///
    /// # Errors
    /// Those of [`read_output`](super::read_output).
    pub fn output_bytes<'o>(&self, output: &'o Output) -> Result<Cow<'o, [u8]>, OutputError> {
        read_output(output, &self.dir)
    }
}
