//! Why a report could not be made.

use std::io;
use std::path::PathBuf;

use phasegate_record::read::ReadError;

use crate::figures::Uneven;
use crate::render::RenderError;

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The record cannot be read at all. (A record that was changed can; the report says so.)
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The figures do not add up.
    #[error(transparent)]
    Uneven(#[from] Uneven),
    /// A template does not fit.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// A file could not be written.
    #[error("cannot write {}: {cause}; choose a directory that can be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The operating system's own words.
        #[source]
        cause: io::Error,
    },
    /// An export could not be put together.
    #[error("cannot write the {format} export: {cause}; this is a defect of phasegate, report it")]
    Export {
        /// The format.
        format: &'static str,
        /// What went wrong.
        #[source]
        cause: io::Error,
    },
}
