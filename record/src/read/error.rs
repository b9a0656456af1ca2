//! Why nothing could be read.

use std::io;
use std::path::PathBuf;

/// A record could not be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The operating system refused.
    #[error("cannot read {}: {cause}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The operating system's own words.
        #[source]
        cause: io::Error,
    },
    /// The directory holds no record.
    #[error(
        "{} holds no record (no file ends in .ndjson); name the directory of a run, \
         such as target/phasegate/runs/<run-id>",
        directory.display()
    )]
    NoRecord {
        /// The directory.
        directory: PathBuf,
    },
    /// The record was written by a later version.
    #[error(
        "{}:{line}: written by phasegate {harness} in record schema {found}, and this version reads \
         up to schema {supported}; upgrade cargo-phasegate",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// Schema of the record.
        found: u64,
        /// Newest schema that this version reads.
        supported: u32,
        /// Version of the harness that wrote it.
        harness: String,
    },
    /// The file is something else.
    #[error("{} is no phasegate record: no line of its beginning reads as one", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Too little of the file reads.
    #[error("{}:{line}: too many lines so far do not read; the file is damaged, restore it", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line where reading stopped, from 1.
        line: usize,
    },
    /// A line is longer than any writer writes.
    #[error(
        "{}:{line}: longer than {limit} bytes, which no phasegate record is; the file is damaged \
         or something else",
        path.display()
    )]
    TooLong {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// Longest line that is read, in bytes.
        limit: usize,
    },
}
