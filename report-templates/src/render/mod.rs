//! Prepared views become Markdown.
//!
//! * [`markdown`] – foreign text made harmless: text, code spans, fences.
//! * [`template`] – the templates and the helpers that they may call.

pub mod markdown;
pub mod template;

pub use template::{RenderError, Templates};
