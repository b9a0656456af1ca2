//! Figures and reports computed from phasegate records.
//!
//! * [`figures`] – events become numbers, in integer arithmetic, with every table adding up.
//! * [`view`] – numbers become statements, worded and decided.
//! * [`render`] – statements become Markdown.
//! * [`write_reports`] – the completion reports of a run, as files.
//! * [`junit`](junit()) – the tests of a run for other tools.
//! * [`runs_dir`], [`newest_run`] – where runs are kept.
//! * [`sources`] – a record as read becomes the sources of figures.

#[cfg(feature = "audit")]
pub mod audit;
pub mod export;
pub mod figures;
pub mod render;
pub mod view;

mod error;
mod report;
mod runs;
mod source;

pub use error::ReportError;
pub use export::{junit, junit_from_run};
pub use report::{Rendered, Written, render_reports, write_file, write_report, write_reports};
pub use runs::{newest_run, reports_dir, runs_dir};
pub use source::sources;
