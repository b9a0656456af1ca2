//! The files that criteria count.

use std::path::Path;

use phasegate_record::event::FileSet;
use phasegate_record::project::Phase;

/// Expands every glob that a criterion names, once. Globs are relative to `phasegate.toml`; the
/// files are named as the compiler names them, relative to the workspace, so that they can be
/// compared with those in which tests are declared.
pub(crate) fn expand(root: &Path, workspace: &Path, phases: &[Phase]) -> Vec<FileSet> {
    let mut globs: Vec<&str> = phases
        .iter()
        .flat_map(|p| &p.criteria)
        .filter_map(|c| c.files.as_deref())
        .collect();
    globs.sort_unstable();
    globs.dedup();
    globs
        .into_iter()
        .map(|glob| FileSet {
            glob: glob.to_owned(),
            files: matches(root, workspace, glob),
        })
        .collect()
}

fn matches(root: &Path, workspace: &Path, glob: &str) -> Vec<String> {
    let pattern = format!("{}/{glob}", glob::Pattern::escape(&root.to_string_lossy()));
    // The configuration has checked that it is a glob; directories that cannot be read hold no
    // files that could be counted.
    let mut files: Vec<String> = glob::glob(&pattern)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|path| path.is_file())
        .filter_map(|path| {
            Some(
                path.strip_prefix(workspace)
                    .ok()?
                    .to_string_lossy()
                    .replace('\\', "/"),
            )
        })
        .collect();
    files.sort_unstable();
    files
}
