//! The one door to the reports, behind the feature `report`.

use std::path::Path;

#[cfg(feature = "report")]
use crate::terms::shown;

/// One line a phase, and whether everything could be written.
#[cfg(feature = "report")]
pub(crate) fn write(run_dir: &Path, out_dir: &Path) -> Result<Vec<String>, String> {
    let written = phasegate_report::write_reports(run_dir, out_dir).map_err(|e| e.to_string())?;
    remove_stale(out_dir, &written);
    Ok(written
        .into_iter()
        .map(|report| {
            let phase = report
                .phase
                .map_or_else(|| "no phase".to_owned(), |id| format!("phase {id}"));
            let path = shown(&report.path);
            format!(
                "{phase}: {} – {} – {}",
                report.verdict.as_str(),
                report.headline,
                path.display()
            )
        })
        .collect())
}

#[cfg(not(feature = "report"))]
pub(crate) fn write(_run_dir: &Path, _out_dir: &Path) -> Result<Vec<String>, String> {
    Ok(Vec::new())
}

/// The results as JUnit XML.
#[cfg(feature = "report")]
pub(crate) fn junit(run_dir: &Path, package: &str, binary: &str) -> Result<String, String> {
    phasegate_report::junit_from_run(run_dir, Some((package, binary))).map_err(|e| e.to_string())
}

#[cfg(not(feature = "report"))]
pub(crate) fn junit(_run_dir: &Path, _package: &str, _binary: &str) -> Result<String, String> {
    Err("JUnit output needs phasegate's feature `report`; enable it in Cargo.toml".to_owned())
}

/// Removes reports of phases that the run does not know any more: what is left in the directory
/// would read as if it were of this run.
#[cfg(feature = "report")]
fn remove_stale(out_dir: &Path, written: &[phasegate_report::Written]) {
    for entry in std::fs::read_dir(out_dir).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_report =
            name == "no-phase.md" || (name.starts_with("phase-") && name.ends_with(".md"));
        if is_report && !written.iter().any(|report| report.path == entry.path()) {
            // Nothing depends on it but its reader; a later run tries again.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
