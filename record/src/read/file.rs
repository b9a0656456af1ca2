//! Reads one record file, line by line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::blobs;
use super::error::ReadError;
use super::problem::Problem;
use super::reading::Reading;
use crate::event::Event;
use crate::line::MAX_LINE;

/// One record file as it is now.
#[derive(Debug, Clone)]
pub struct RecordFile {
    /// The file.
    pub path: PathBuf,
    /// Its readable lines, in the order of the file.
    pub lines: Vec<Line>,
    /// What is not as the writers left it, by line.
    pub problems: Vec<Problem>,
    /// SHA-256 of the last line's bytes, hexadecimal; that of no line is 64 zeros.
    pub head: String,
}

/// One readable line.
#[derive(Debug, Clone)]
pub struct Line {
    /// Line number in the file, from 1.
    pub number: usize,
    /// Sequence number that it claims, from 0.
    pub seq: u64,
    /// What it says.
    pub event: Event,
    /// SHA-256 of its bytes, hexadecimal.
    pub digest: String,
}

/// Reads a record file and checks its chain, its seals and the outputs kept beside it.
///
/// Memory grows with the events that are kept, not with what is skipped.
///
/// # Errors
/// When nothing of it can be read: [`ReadError::Io`], [`ReadError::Newer`],
/// [`ReadError::Foreign`], [`ReadError::Damaged`], [`ReadError::TooLong`]. All else is a [`Problem`].
pub fn read_file(path: &Path) -> Result<RecordFile, ReadError> {
    let io = |cause| ReadError::Io {
        path: path.to_path_buf(),
        cause,
    };
    let file = File::open(path).map_err(io)?;
    let mut record = read_from(path, BufReader::with_capacity(64 << 10, file))?;
    blobs::check(&mut record).map_err(io)?;
    record.problems.sort_by_key(|problem| problem.line);
    Ok(record)
}

/// Reads a record from `source` and checks its chain and its seals; outputs kept beside it are not
/// looked at. `path` is what errors and problems call it.
///
/// # Errors
/// As [`read_file`].
pub fn read_from(path: &Path, mut source: impl BufRead) -> Result<RecordFile, ReadError> {
    let mut reading = Reading::new(path);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let mut limited = (&mut source).take(MAX_LINE as u64 + 1);
        let read = limited.read_until(b'\n', &mut bytes);
        let read = read.map_err(|cause| ReadError::Io {
            path: path.to_path_buf(),
            cause,
        })?;
        if read == 0 {
            return reading.finish();
        }
        let whole = bytes.last() == Some(&b'\n');
        if whole {
            bytes.pop();
        } else if bytes.len() > MAX_LINE {
            let (path, line) = (path.to_path_buf(), reading.next_number());
            return Err(ReadError::TooLong {
                path,
                line,
                limit: MAX_LINE,
            });
        }
        reading.take(&bytes, whole)?;
    }
}
