//! Figures become views: everything that a template prints, already decided and worded.
//!
//! * [`completion`](mod@completion) – the completion report of one phase, put together.
//! * [`status`] – the opening paragraph, the cautions and the headline.
//! * [`gate`] – achievements, criteria, and what remains to be done.
//! * [`table`] – metrics by boundary, file and pattern.
//! * [`failures`] – tests that failed, timed out or crashed.
//! * [`attention`] – what else needs a look.
//! * [`services`], [`waterfall`] – what tests lease, and how it started.
//! * [`listing`], [`naming`] – lists of tests, and what tests are called.
//! * [`output`] – captured output, cut to a readable length.
//! * [`provenance`] – where the figures come from.
//! * [`words`] – numbers, lists and plurals in English.

pub mod attention;
pub mod completion;
pub mod failures;
pub mod gate;
pub mod listing;
pub mod naming;
pub mod output;
pub mod provenance;
pub mod services;
pub mod status;
pub mod table;
pub mod waterfall;
pub mod words;

pub use completion::{Completion, completion};
