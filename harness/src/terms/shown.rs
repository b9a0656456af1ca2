//! Paths as their reader would write them.

use std::path::{Path, PathBuf};

/// The path relative to where the command was given, if it lies below. `cargo test` runs binaries
/// in the package's directory; the shell's own directory is still in `PWD`.
pub(crate) fn shown(path: &Path) -> PathBuf {
    let given_in = std::env::var_os("PWD").map(PathBuf::from);
    let here = given_in.or_else(|| std::env::current_dir().ok());
    here.and_then(|here| path.strip_prefix(here).ok())
        .filter(|rest| !rest.as_os_str().is_empty())
        .unwrap_or(path)
        .to_owned()
}
