//! What a run is measured against: phases, criteria, boundaries and policies, as resolved from
//! `phasegate.toml`. It travels inside the record, so that a report needs nothing else.

mod criterion;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use criterion::{Criterion, Each, Metric, Threshold};

/// Phases, criteria, boundaries and policies in force.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Project {
    /// Name for headings; the package's name when nothing is configured.
    pub name: String,
    /// Directory of `phasegate.toml` relative to the workspace, with `/`; `None` when it lies at
    /// the workspace's root or does not exist. Projects of one workspace are recorded apart.
    #[serde(default)]
    pub dir: Option<String>,
    /// What "before" means: a run id, a git revision or a tag.
    pub baseline: Option<String>,
    /// Phases, each after those that it depends on. Those that only tests name are included.
    pub phases: Vec<Phase>,
    /// Boundaries by name. Those that only tests name are included.
    pub boundaries: BTreeMap<String, Boundary>,
    /// Whether a phase below its target blocks the phases after it.
    pub progressive: bool,
}

/// An ordered stage of delivery, with a gate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Phase {
    /// Short id: `C`.
    pub id: String,
    /// Title for headings.
    pub title: Option<String>,
    /// Ids of the phases that must come first.
    pub after: Vec<String>,
    /// Share of the phase's tests that must pass; all of them when `None`.
    pub target_pass_rate: Option<Percent>,
    /// Whether a test that passed on the stand-in of a service counts as passed.
    #[serde(default)]
    pub allow_fallback: bool,
    /// Conditions of the gate beside the pass rate.
    pub criteria: Vec<Criterion>,
}

/// A named service boundary that tests cross.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Boundary {
    /// Title for tables.
    pub title: Option<String>,
    /// Boundaries whose services must be there first.
    pub depends_on: Vec<String>,
    /// Boundaries whose reset resets this one too.
    pub invalidated_by: Vec<String>,
    /// Row of the executive summary that it counts under.
    pub category: Option<String>,
}

/// A percentage in whole ten-thousandths (`85 %` is 8 500): exact, and fine enough for two
/// decimals. Written as `"85%"` or `"99.95%"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(u32);

impl Percent {
    /// From ten-thousandths; `None` above 10 000.
    #[must_use]
    pub fn from_basis_points(basis_points: u32) -> Option<Self> {
        (basis_points <= 10_000).then_some(Self(basis_points))
    }

    /// In ten-thousandths.
    #[must_use]
    pub fn basis_points(self) -> u32 {
        self.0
    }

    /// Whether `part` of `whole` is at least this share. Nothing of nothing is no share at all.
    #[must_use]
    pub fn is_reached_by(self, part: u64, whole: u64) -> bool {
        whole > 0 && u128::from(part) * 10_000 >= u128::from(self.0) * u128::from(whole)
    }

    /// The smallest part of `whole` that reaches this share.
    #[must_use]
    pub fn needed_of(self, whole: u64) -> u64 {
        let product = u128::from(self.0) * u128::from(whole);
        u64::try_from(product.div_ceil(10_000)).unwrap_or(whole)
    }
}

impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match rest {
            0 => write!(f, "{whole}%"),
            r if r % 10 == 0 => write!(f, "{whole}.{}%", r / 10),
            r => write!(f, "{whole}.{r:02}%"),
        }
    }
}

/// The text is no percentage from 0 % to 100 % with at most two decimals.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no percentage; write a number from 0 to 100 with at most two decimals, such as \"85%\""
)]
pub struct NoPercent(pub String);

impl std::str::FromStr for Percent {
    type Err = NoPercent;

    fn from_str(text: &str) -> Result<Self, NoPercent> {
        let refuse = || NoPercent(text.to_owned());
        let number = text.trim().strip_suffix('%').ok_or_else(refuse)?.trim_end();
        let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let dangling = number.contains('.') && decimals.is_empty();
        if whole.is_empty() || whole.len() > 3 || decimals.len() > 2 || dangling {
            return Err(refuse());
        }
        if !digits(whole) || !digits(decimals) {
            return Err(refuse());
        }
        format!("{whole}{decimals:0<2}")
            .parse()
            .ok()
            .and_then(Self::from_basis_points)
            .ok_or_else(refuse)
    }
}

impl Serialize for Percent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Percent {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Percent".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]{1,3}(\\.[0-9]{1,2})?%$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_reads_what_it_writes() {
        for text in ["0%", "85%", "99.5%", "99.95%", "100%", "0.05%"] {
            assert_eq!(text.parse::<Percent>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "85",
            "101%",
            "-1%",
            "1.234%",
            "1.%",
            "%",
            ".5%",
            "1e2%",
            "9999999999%",
        ] {
            assert!(text.parse::<Percent>().is_err(), "{text}");
        }
    }

    #[test]
    fn needed_of_is_the_smallest_part_that_reaches() {
        let target: Percent = "90%".parse().unwrap();
        assert_eq!(target.needed_of(738), 665);
        assert!(target.is_reached_by(665, 738) && !target.is_reached_by(664, 738));
        assert!(!target.is_reached_by(0, 0));
    }
}
