//! The completion reports of a run, as files.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use phasegate_record::read::read_run;

use crate::ReportError;
use crate::figures::{PhaseFigures, RunFigures, Verdict, fold};
use crate::render::Templates;
use crate::source::sources;
use crate::view::{completion, status};

/// Bytes of a phase's id that become part of a file name.
const MAX_NAME: usize = 80;

/// A completion report, rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Name for its file: `phase-<ID>.md`, or `no-phase.md` for tests that belong to none.
    pub file_name: String,
    /// Id of the phase; `None` for tests that belong to none.
    pub phase: Option<String>,
    /// What the gate's criteria compute.
    pub verdict: Verdict,
    /// Tests that passed.
    pub passed: u64,
    /// Tests that the pass rate counts over.
    pub total: u64,
    /// One line for a console.
    pub headline: String,
    /// The report, in GitHub-flavoured Markdown.
    pub markdown: String,
}

/// A completion report that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub path: PathBuf,
    /// Id of the phase; `None` for tests that belong to none.
    pub phase: Option<String>,
    /// What the gate's criteria compute.
    pub verdict: Verdict,
    /// Tests that passed.
    pub passed: u64,
    /// Tests that the pass rate counts over: the planned ones without those that are ignored.
    pub total: u64,
    /// One line for a console: `12 of 15 tests pass (80.0 %); needs 1 more to reach 85 %`.
    pub headline: String,
}

/// Renders the completion report of every phase: those that are configured, even without a test,
/// and one for the tests that belong to none. Same figures, same bytes.
///
/// `dir` is the run's directory, where large outputs lie; without it they are only named.
///
/// # Errors
///
/// [`ReportError::Uneven`] and [`ReportError::Render`], which are defects of this crate.
pub fn render_reports(
    run: &RunFigures<'_>,
    dir: Option<&Path>,
) -> Result<Vec<Rendered>, ReportError> {
    let templates = Templates::new()?;
    let mut taken = BTreeSet::new();
    let mut reports = Vec::new();
    for phase in &run.phases()? {
        let view = completion(run, phase, dir)?;
        reports.push(Rendered {
            file_name: file_name(phase, &mut taken),
            phase: phase.id().map(str::to_owned),
            verdict: phase.verdict,
            passed: phase.rate.part(),
            total: phase.rate.whole(),
            headline: status::headline(run, phase),
            markdown: templates.completion(&view)?,
        });
    }
    Ok(reports)
}

/// Reads the record of a run and writes the completion report of every phase to `out_dir`, which
/// is made when it is not there. Each file is replaced at once: a reader sees the old one or the
/// new one, whole.
///
/// A record that is unsealed, interrupted or changed still gets its reports; they say so, and
/// their verdict is not computed.
///
/// # Errors
///
/// [`ReportError::Read`] when there is no readable record, [`ReportError::Write`] when a file
/// cannot be written.
///
/// # Example
///
/// ```no_run
/// use std::path::Path;
///
/// let run = Path::new("target/phasegate/runs/01J9");
/// for report in phasegate_report::write_reports(run, Path::new("target/phasegate/reports"))? {
///     println!("{}: {}", report.path.display(), report.headline);
/// }
/// # Ok::<(), phasegate_report::ReportError>(())
/// ```
pub fn write_reports(run_dir: &Path, out_dir: &Path) -> Result<Vec<Written>, ReportError> {
    let record = read_run(run_dir)?;
    let reports = render_reports(&fold(&sources(&record)), Some(run_dir))?;
    reports
        .into_iter()
        .map(|report| write_report(report, out_dir))
        .collect()
}

/// Writes one rendered report to `out_dir`.
///
/// # Errors
///
/// [`ReportError::Write`] when the file cannot be written.
pub fn write_report(report: Rendered, out_dir: &Path) -> Result<Written, ReportError> {
    let path = out_dir.join(&report.file_name);
    write_file(&path, &report.markdown)?;
    Ok(Written {
        path,
        phase: report.phase,
        verdict: report.verdict,
        passed: report.passed,
        total: report.total,
        headline: report.headline,
    })
}

/// Writes a file at once: a reader sees the old one or the new one, whole. Its directory is made
/// when it is not there.
///
/// # Errors
///
/// [`ReportError::Write`] when the file cannot be written.
pub fn write_file(path: &Path, content: &str) -> Result<(), ReportError> {
    replace(path, content.as_bytes()).map_err(|cause| ReportError::Write {
        path: path.to_path_buf(),
        cause,
    })
}

/// Writes beside the file and renames over it. The name beside it is that of this process, so
/// that processes of one run that write the same report do not meet.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.tmp", std::process::id()));
    let beside = PathBuf::from(beside);
    let done = fs::write(&beside, content).and_then(|()| fs::rename(&beside, path));
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done
}

/// Ids become file names: letters, digits, `.`, `_` and `-` stay. Names that would fall together,
/// also where upper and lower case are the same, get a number.
fn file_name(phase: &PhaseFigures<'_, '_>, taken: &mut BTreeSet<String>) -> String {
    let stem = match phase.id() {
        None => "no-phase".to_owned(),
        Some(id) => {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
            let safe: String = id.chars().map(|c| if plain(c) { c } else { '_' }).collect();
            format!("phase-{}", &safe[..safe.len().min(MAX_NAME)])
        }
    };
    let numbered = |n: u32| match n {
        1 => stem.clone(),
        n => format!("{stem}-{n}"),
    };
    let free = (1..)
        .map(numbered)
        .find(|name| taken.insert(name.to_lowercase()));
    format!("{}.md", free.unwrap_or(stem))
}
