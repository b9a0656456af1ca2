//! Figures and reports computed from phasegate records.
//!
//! * [`figures`] – events become numbers, in integer arithmetic, with every table adding up.
//! * [`view`] – numbers become statements, worded and decided.
//! * [`render`] – statements become Markdown.
//! * [`write_reports`] – the completion reports of a run, as files.
//! * [`sources`] – a record as read becomes the sources of figures.

pub mod figures;
pub mod render;
pub mod view;

mod error;
mod report;
mod source;

pub use error::ReportError;
pub use report::{Rendered, Written, render_reports, write_report, write_reports};
pub use source::sources;
