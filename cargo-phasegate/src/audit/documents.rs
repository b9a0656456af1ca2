//! The documents that a command line names.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::error::CliError;

/// Largest document that is read.
const LIMIT: u64 = 64 * 1024 * 1024;
/// Deepest directory below the one that is named.
const DEPTH: usize = 32;

/// A document as read.
pub(super) struct Document {
    /// The path as given, or `-`.
    pub(super) name: String,
    pub(super) text: String,
}

/// Reads all documents; what cannot be read is told beside the rest.
pub(super) fn read(paths: &[PathBuf]) -> (Vec<Document>, Vec<CliError>) {
    let (mut files, mut errors) = (Vec::new(), Vec::new());
    for path in paths {
        if path.is_dir() {
            let mut below = BTreeSet::new();
            collect(path, DEPTH, &mut below, &mut errors);
            files.extend(below);
        } else {
            files.push(path.clone());
        }
    }
    let mut documents = Vec::new();
    for path in files {
        match document(&path) {
            Ok(document) => documents.push(document),
            Err(cause) => errors.push(CliError::Io { path, cause }),
        }
    }
    (documents, errors)
}

/// Markdown files below a directory; hidden directories and build output are left out.
fn collect(dir: &Path, depth: usize, files: &mut BTreeSet<PathBuf>, errors: &mut Vec<CliError>) {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(cause) => {
            let path = dir.to_path_buf();
            return errors.push(CliError::Io { path, cause });
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type();
        if kind.as_ref().is_ok_and(fs::FileType::is_dir) {
            let left_out = name.starts_with('.') || name == "node_modules" || name == "target";
            if depth > 0 && !left_out {
                collect(&path, depth - 1, files, errors);
            }
        } else if is_markdown(&path) {
            files.insert(path);
        }
    }
}

fn is_markdown(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| matches!(extension, "md" | "markdown" | "mdown"))
}

fn document(path: &Path) -> io::Result<Document> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().lock().take(LIMIT + 1).read_to_end(&mut bytes)?;
    } else {
        fs::File::open(path)?
            .take(LIMIT + 1)
            .read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > LIMIT {
        return Err(io::Error::other("it is larger than 64 MiB; split it"));
    }
    let text = String::from_utf8_lossy(&bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
    let name = path.display().to_string();
    Ok(Document { name, text })
}
