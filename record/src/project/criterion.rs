//! Conditions of a phase's gate.

use serde::{Deserialize, Serialize};

use super::Percent;

/// One condition of a gate. It evaluates to met, not met or not computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Criterion {
    /// Id that tests and documents refer to: `C-1`.
    pub id: String,
    /// The condition in words.
    pub title: String,
    /// What is counted.
    pub metric: Metric,
    /// Which tests it is counted over (scope language); the phase's tests when `None`.
    pub scope: Option<String>,
    /// Whether the threshold holds for each group by itself rather than for the sum.
    pub each: Option<Each>,
    /// Glob of files, for `migrated_files`.
    pub files: Option<String>,
    /// The bound.
    pub threshold: Threshold,
}

/// What a criterion counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Tests that passed; a share of the tests in scope when the threshold is a percentage.
    PassingTests,
    /// Tests that failed, timed out, crashed or were blocked.
    FailingTests,
    /// Tests in scope that were planned.
    PlannedTests,
    /// Tests that are ignored or skipped.
    SkippedTests,
    /// Tests that passed only after a failed attempt.
    FlakyTests,
    /// Tests that left something behind which another test could have met.
    ContaminatedTests,
    /// Files matched by `files` in which at least one test is declared.
    MigratedFiles,
}

impl Metric {
    /// All metrics, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::PassingTests,
        Self::FailingTests,
        Self::PlannedTests,
        Self::SkippedTests,
        Self::FlakyTests,
        Self::ContaminatedTests,
        Self::MigratedFiles,
    ];

    /// The name used in `phasegate.toml` and in records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PassingTests => "passing_tests",
            Self::FailingTests => "failing_tests",
            Self::PlannedTests => "planned_tests",
            Self::SkippedTests => "skipped_tests",
            Self::FlakyTests => "flaky_tests",
            Self::ContaminatedTests => "contaminated_tests",
            Self::MigratedFiles => "migrated_files",
        }
    }
}

/// The groups that a threshold holds for one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Each {
    /// Each boundary that the scope names, or that a test in scope crosses.
    Boundary,
    /// Each source file with a test in scope.
    File,
}

/// The bound of a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Threshold {
    /// At least so many.
    AtLeast(u64),
    /// At most so many.
    AtMost(u64),
    /// At least this share of what is in scope.
    AtLeastShare(Percent),
    /// At most this share of what is in scope.
    AtMostShare(Percent),
}
