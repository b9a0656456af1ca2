//! The process that starts services, and outlives the harness to stop them.

use std::path::Path;

use crate::terms::{Error, Result};

/// Tells the re-executed binary that it is a supervisor.
pub(crate) const ROLE: &str = "PHASEGATE_SUPERVISOR";

/// Makes a directory that others may pass through and not look into: services run as another user
/// when this one is root.
pub(crate) fn open_directory(path: &Path) -> Result {
    use std::os::unix::fs::DirBuilderExt;
    let mode = if crate::kernel::detach::is_root() {
        0o711
    } else {
        0o700
    };
    std::fs::DirBuilder::new()
        .mode(mode)
        .create(path)
        .map_err(|error| {
            Error::from(error).context(format_args!("cannot create {}", path.display()))
        })
}
