//! Outputs too large for a line, kept beside the record under the digest of their content.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::WriteError;
use crate::digest::sha256_hex;
use crate::event::Output;

/// Name of the directory beside the record files.
pub(crate) const BLOBS: &str = "blobs";

/// Tells the writers of one process apart.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// The directory of blobs beside `record`.
fn directory(record: &Path) -> PathBuf {
    record.parent().unwrap_or(Path::new("")).join(BLOBS)
}

/// Keeps `content` beside `record`.
pub(super) fn keep(record: &Path, content: &[u8]) -> Result<Output, WriteError> {
    let sha256 = sha256_hex(content);
    let directory = directory(record);
    let path = directory.join(&sha256);
    let bytes = content.len() as u64;
    let is_there = fs::metadata(&path).is_ok_and(|found| found.len() == bytes);
    if !is_there {
        fs::create_dir_all(&directory).map_err(WriteError::io("create", &directory))?;
        // A name of its own for each writer: whoever renames last replaces equal content.
        let (process, number) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let temporary = directory.join(format!("{sha256}.{process}-{number}.tmp"));
        let written = fs::write(&temporary, content).and_then(|()| fs::rename(&temporary, &path));
        written.map_err(|cause| {
            let _ = fs::remove_file(&temporary);
            WriteError::io("write", &path)(cause)
        })?;
    }
    Ok(Output::Blob { sha256, bytes })
}
