//! Why a record could not be written.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A record could not be written. The record's reader copes with whatever was left behind.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The operating system refused.
    #[error("cannot {doing} {}: {cause}; check free space and permissions", path.display())]
    Io {
        /// What was attempted, as a verb: `write`, `create`.
        doing: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The operating system's own words.
        #[source]
        cause: Arc<io::Error>,
    },
    /// The file to append to is no record.
    #[error(
        "{} does not end in a line of a phasegate record, so nothing was appended; \
         move the file away or name another one",
        path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// An event is longer than a reader would accept.
    #[error(
        "an event of {bytes} bytes does not fit a line of {}; pass large texts through `Writer::output`",
        path.display()
    )]
    TooLong {
        /// The file.
        path: PathBuf,
        /// Length of the line that was refused.
        bytes: usize,
    },
    /// An event could not be turned into JSON.
    #[error("an event for {} has no JSON form: {cause}; this is a defect of phasegate", path.display())]
    Encode {
        /// The file.
        path: PathBuf,
        /// The serialiser's own words.
        #[source]
        cause: Arc<serde_json::Error>,
    },
}

impl WriteError {
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |cause| Self::Io {
            doing,
            path,
            cause: Arc::new(cause),
        }
    }
}
