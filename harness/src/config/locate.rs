//! Where the configuration and the target directory are.

use std::path::{Path, PathBuf};

const FILE: &str = "phasegate.toml";

/// The nearest `phasegate.toml` from the package upwards, not beyond the workspace.
pub(super) fn config_file(manifest_dir: &Path) -> Option<PathBuf> {
    let root = workspace_root(manifest_dir);
    manifest_dir
        .ancestors()
        .take_while(|dir| dir.starts_with(&root))
        .map(|dir| dir.join(FILE))
        .find(|file| file.exists())
}

/// The directory of the nearest `Cargo.lock` above the package, which is the workspace's; without
/// one that of the nearest `phasegate.toml`, or the package's own.
pub(super) fn workspace_root(manifest_dir: &Path) -> PathBuf {
    let nearest = |file: &str| manifest_dir.ancestors().find(|dir| dir.join(file).exists());
    nearest("Cargo.lock")
        .or_else(|| nearest(FILE))
        .unwrap_or(manifest_dir)
        .to_owned()
}

/// Cargo's target directory: the one that this binary was built into, where records and reports
/// go. Cargo marks it with a `CACHEDIR.TAG`.
pub(crate) fn target_dir(root: &Path) -> PathBuf {
    let built = std::env::current_exe().ok().and_then(|exe| {
        exe.ancestors()
            .find(|dir| dir.join("CACHEDIR.TAG").exists())
            .map(Path::to_owned)
    });
    built
        .or_else(|| std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from))
        .unwrap_or_else(|| root.join("target"))
}
