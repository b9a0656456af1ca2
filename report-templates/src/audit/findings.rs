//! What an audit says.

use serde::Serialize;
use std::fmt;
use std::ops::Range;

/// The result of auditing one document.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Audit {
    /// Numbers that take part in at least one judged claim.
    pub recognised: usize,
    /// Numbers set aside before reading: dates, versions, paths, code.
    pub skipped: usize,
    /// Numbers that no check could place.
    pub unrecognised: usize,
    /// The skipped numbers by reason, in a fixed order.
    #[serde(skip)]
    pub skipped_by_reason: Vec<Skipped>,
    /// Where the unrecognised numbers stand.
    #[serde(skip)]
    pub unrecognised_at: Vec<Unrecognised>,
    /// Byte ranges of the recognised numbers, in reading order.
    #[serde(skip)]
    pub recognised_at: Vec<Range<usize>>,
    /// All judged claims in reading order, the consistent ones included.
    pub findings: Vec<Finding>,
}

impl Audit {
    /// The findings that say a number cannot be true.
    pub fn inconsistent(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.verdict == Verdict::Inconsistent)
    }
}

/// How many numbers were skipped for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Why, in words.
    pub reason: &'static str,
    /// How many.
    pub count: usize,
}

/// A number that no check could place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unrecognised {
    /// 1-based line.
    pub line: usize,
    /// 1-based column in characters.
    pub column: usize,
    /// The digits as printed.
    pub digits: String,
}

/// One judged claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// 1-based line of the claim.
    pub line: usize,
    /// 1-based column in characters.
    pub column: usize,
    /// The claim as printed, cut to its line.
    pub quote: String,
    /// What sort of claim it is.
    pub kind: Kind,
    /// What the arithmetic says.
    pub verdict: Verdict,
    /// What the claim should say, where that is known.
    pub expected: String,
    /// The reason in one sentence.
    pub why: String,
    /// 1-based lines of the numbers that the claim was held against.
    pub related_lines: Vec<usize>,
    /// Whether the error flips a decision: a gate or target that is said to be met and is not.
    pub decision_error: bool,
    /// Byte range of the quote in the document.
    #[serde(skip)]
    pub span: Range<usize>,
}

/// The sort of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// `18/32 (56.3%)`: a percentage beside its fraction.
    RatioPercent,
    /// `74 → 84 (+10)`: a difference beside its ends.
    Delta,
    /// A total beside its parts.
    Sum,
    /// What is left to reach a total or a target.
    Remaining,
    /// How much of the way to a target is done.
    Progress,
    /// A headline count over the list that it counts.
    ChecklistCount,
    /// Two statements that cannot both hold.
    Contradiction,
    /// A relative change: `3x faster`, `27% smaller`.
    Speedup,
    /// `58.3% → 66.1% (+7.8%)`: a change of a percentage.
    PpDelta,
    /// Any other arithmetic.
    Other,
}

impl Kind {
    /// The name that the JSON form uses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RatioPercent => "ratio_percent",
            Self::Delta => "delta",
            Self::Sum => "sum",
            Self::Remaining => "remaining",
            Self::Progress => "progress",
            Self::ChecklistCount => "checklist_count",
            Self::Contradiction => "contradiction",
            Self::Speedup => "speedup",
            Self::PpDelta => "pp_delta",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the arithmetic says of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Cannot be true.
    Inconsistent,
    /// Right only if digits were cut off instead of rounded.
    Truncated,
    /// Right within what its hedge (`~`, `about`) leaves open.
    Approximate,
    /// Does not fit, but scope or meaning is open.
    Unresolved,
    /// Right.
    Consistent,
}

impl Verdict {
    /// The name that the JSON form uses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inconsistent => "inconsistent",
            Self::Truncated => "truncated",
            Self::Approximate => "approximate",
            Self::Unresolved => "unresolved",
            Self::Consistent => "consistent",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
