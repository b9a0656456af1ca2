//! Figures and reports computed from phasegate records.
//!
//! * [`figures`] – events become numbers, in integer arithmetic, with every table adding up.
//! * [`view`] – numbers become statements, worded and decided.
//! * [`render`] – statements become Markdown.
//! * [`write_reports`] – the completion reports of a run, as files.

pub mod figures;
pub mod render;
pub mod view;
