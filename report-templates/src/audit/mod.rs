//! Reads a report that somebody wrote by hand and says which of its numbers cannot be true.
//!
//! [`audit`] takes any Markdown and checks the numbers in it against each other: ratios against
//! their percentages, totals against their parts, deltas against their ends, headlines against
//! the lists under them. Arithmetic is exact; what is open in scope or meaning is listed as
//! [`Verdict::Unresolved`] and never as an error. Every number ends up recognised, skipped (with
//! the reason) or unrecognised, and the three counts are part of the result.
//!
//! ```
//! use phasegate_report::audit::{Verdict, audit};
//!
//! let audit = audit("- **Progress**: 12/20 routes (64%)\n");
//! let finding = &audit.findings[0];
//! assert_eq!(finding.verdict, Verdict::Inconsistent);
//! assert_eq!((finding.line, finding.expected.as_str()), (1, "60%"));
//! ```

mod against;
mod claims;
mod document;
mod examine;
mod findings;
mod judge;
mod numbers;
pub mod output;
mod power;
mod reading;

pub use against::audit_against;
pub use examine::{audit, audit_bytes};
pub use findings::{Audit, Finding, Kind, Skipped, Unrecognised, Verdict};
pub use power::{Power, power};
