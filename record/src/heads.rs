//! The list of heads: which files a run has, and what each ended with when it was sealed.
//!
//! A chain shows what happened inside a file, but not that a whole file is gone, or that another
//! took its place. Every writer that seals its file therefore adds a line to `heads.jsonl` beside
//! it: the file's name, its number of lines and the digest of the last. Whoever changes both can
//! still not be found out by the run alone; that takes a digest kept elsewhere, as reports do.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

/// Name of the list within a run's directory.
pub(crate) const FILE: &str = "heads.jsonl";

/// What a file ended with when it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    /// Name of the file.
    pub(crate) file: String,
    /// Lines up to and including the seal.
    pub(crate) lines: u64,
    /// Digest of the seal.
    pub(crate) head: String,
}

/// Adds a line to the list beside `record`. One write, so that writers do not mix.
pub(crate) fn add(record: &Path, lines: u64, head: &str) -> io::Result<()> {
    let file = record
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let entry = Head {
        file,
        lines,
        head: head.to_owned(),
    };
    let mut text = serde_json::to_string(&entry)?;
    text.push('\n');
    let list = record.with_file_name(FILE);
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(list)?
        .write_all(text.as_bytes())
}

/// Reads the list of a run's directory; `None` when there is none. A line that cannot be read is
/// an error: nobody but a writer has anything to write there.
pub(crate) fn read(dir: &Path) -> io::Result<Option<Vec<Head>>> {
    let file = match File::open(dir.join(FILE)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut heads = Vec::new();
    for line in BufReader::new(file).lines() {
        heads.push(serde_json::from_str(&line?)?);
    }
    Ok(Some(heads))
}
