//! The bytes of a captured stream.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::digest::{is_sha256_hex, sha256_hex, sha256_hex_of};
use crate::event::Output;
use crate::write::BLOBS;

/// A captured stream is not there or not what it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// The operating system refused.
    #[error("cannot read {}: {cause}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The operating system's own words.
        #[source]
        cause: io::Error,
    },
    /// The file is gone.
    #[error("{} is gone; copy the whole run directory, blobs included", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file is not what it was.
    #[error("{} was edited: its content no longer hashes to its name", path.display())]
    Edited {
        /// The file.
        path: PathBuf,
    },
    /// The record names a digest or holds base64 that is none.
    #[error("the record is damaged: {what}")]
    Malformed {
        /// What is wrong with it.
        what: &'static str,
    },
}

/// The bytes of `output`, from the line itself or from the blob in the run directory `dir`.
///
/// An output that is empty or was not captured has none.
///
/// # Errors
/// When the blob is not there or no longer hashes to its name, or the base64 is none.
pub fn read_output<'o>(output: &'o Output, dir: &Path) -> Result<Cow<'o, [u8]>, OutputError> {
    match output {
        Output::Empty | Output::NotCaptured => Ok(Cow::Borrowed(&[])),
        Output::Text { text } => Ok(Cow::Borrowed(text.as_bytes())),
        Output::Base64 { data } => {
            STANDARD
                .decode(data)
                .map(Cow::Owned)
                .map_err(|_| OutputError::Malformed {
                    what: "an output is no base64",
                })
        }
        Output::Blob { sha256, bytes } => {
            let path = blob_path(dir, sha256)?;
            check_length(&path, *bytes)?;
            let content = fs::read(&path).map_err(|cause| io_error(&path, cause))?;
            if sha256_hex(&content) != *sha256 {
                return Err(OutputError::Edited { path });
            }
            Ok(Cow::Owned(content))
        }
    }
}

/// Whether a blob is what it was, without keeping it in memory.
pub(super) fn check_blob(dir: &Path, sha256: &str, bytes: u64) -> Result<(), OutputError> {
    let path = blob_path(dir, sha256)?;
    check_length(&path, bytes)?;
    let digest = File::open(&path).and_then(sha256_hex_of);
    let (digest, _) = digest.map_err(|cause| io_error(&path, cause))?;
    if digest == sha256 {
        Ok(())
    } else {
        Err(OutputError::Edited { path })
    }
}

/// The digest becomes part of a path, so it must be nothing but a digest.
fn blob_path(dir: &Path, sha256: &str) -> Result<PathBuf, OutputError> {
    if !is_sha256_hex(sha256) {
        return Err(OutputError::Malformed {
            what: "an output names a digest that is none",
        });
    }
    Ok(dir.join(BLOBS).join(sha256))
}

fn check_length(path: &Path, bytes: u64) -> Result<(), OutputError> {
    let found = fs::metadata(path).map_err(|cause| io_error(path, cause))?;
    if found.is_file() && found.len() == bytes {
        return Ok(());
    }
    let path = path.to_path_buf();
    Err(OutputError::Edited { path })
}

fn io_error(path: &Path, cause: io::Error) -> OutputError {
    let path = path.to_path_buf();
    match cause.kind() {
        io::ErrorKind::NotFound => OutputError::Missing { path },
        _ => OutputError::Io { path, cause },
    }
}
