//! One phase: tally, pass rate, criteria, verdict.

use phasegate_record::project::{Criterion, Metric, Percent, Phase, Threshold};

use super::criterion::{CriterionFigure, Finding, gap, judge};
use super::fold::RunFigures;
use super::group::{Breakdown, Grouping};
use super::scope::{InScope, select};
use super::{Gap, Ratio, Status, Tally, TestFigure, Uneven};

/// Id of the implicit first criterion of every phase.
pub const PASS_RATE: &str = "pass-rate";

/// What the criteria of a phase's gate compute together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Every criterion is met.
    Go,
    /// A criterion is not met.
    Hold,
    /// No criterion is known not to be met, but evidence is missing. Never a `go`.
    NotComputed,
}

impl Verdict {
    /// The words used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::Hold => "hold",
            Self::NotComputed => "not computed",
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// All that a run shows about one phase, or about the tests that belong to none.
#[derive(Debug, Clone)]
pub struct PhaseFigures<'r, 'a> {
    /// The phase; `None` for the tests that belong to none.
    pub phase: Option<&'r Phase>,
    /// Its tests, sorted by package, binary and name.
    pub tests: Vec<&'r TestFigure<'a>>,
    /// Their outcomes.
    pub tally: Tally,
    /// Passed tests of all required ones.
    pub rate: Ratio,
    /// Share of the required tests that must pass.
    pub target: Percent,
    /// Evidence that the phase lacks.
    pub gap: Option<Gap>,
    /// The pass rate, then the configured criteria.
    pub criteria: Vec<CriterionFigure>,
    /// What they compute together.
    pub verdict: Verdict,
    /// Outcomes by boundary.
    pub boundaries: Breakdown,
    /// Outcomes by source file.
    pub files: Breakdown,
    /// Outcomes by pattern.
    pub patterns: Breakdown,
}

impl PhaseFigures<'_, '_> {
    /// Id of the phase.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.phase.map(|phase| phase.id.as_str())
    }

    /// How many of the criteria are met.
    #[must_use]
    pub fn criteria_met(&self) -> usize {
        let met = |figure: &&CriterionFigure| figure.finding == Finding::Met;
        self.criteria.iter().filter(met).count()
    }

    /// Passing tests that are missing from the target.
    #[must_use]
    pub fn missing_passes(&self) -> u64 {
        let needed = self.target.needed_of(self.rate.whole());
        needed.saturating_sub(self.rate.part())
    }
}

impl<'a> RunFigures<'a> {
    /// Every phase of the project in the order of delivery, then the tests that belong to none,
    /// if there are any or the run has no phases at all.
    ///
    /// # Errors
    ///
    /// When counts do not add up, which is a defect of this crate.
    pub fn phases(&self) -> Result<Vec<PhaseFigures<'_, 'a>>, Uneven> {
        let phases = &self.header.project.phases;
        let known = |id: &str| phases.iter().any(|phase| phase.id == id);
        let mut figures = Vec::new();
        for phase in phases {
            let belongs = |test: &&TestFigure<'a>| test.plan.phase.as_ref() == Some(&phase.id);
            let tests = self.tests.iter().filter(belongs).collect();
            figures.push(self.phase(Some(phase), tests)?);
        }
        let loose: Vec<_> = self
            .tests
            .iter()
            .filter(|test| test.plan.phase.as_deref().is_none_or(|id| !known(id)))
            .collect();
        if !loose.is_empty() || phases.is_empty() {
            figures.push(self.phase(None, loose)?);
        }
        Ok(figures)
    }

    fn phase<'r>(
        &'r self,
        phase: Option<&'r Phase>,
        tests: Vec<&'r TestFigure<'a>>,
    ) -> Result<PhaseFigures<'r, 'a>, Uneven> {
        let tally = Tally::of(tests.iter().copied())?;
        let target = phase.and_then(|phase| phase.target_pass_rate);
        let target = target.unwrap_or_else(all_of_them);
        let gap = gap(&tally);
        let mut criteria = Vec::new();
        let configured = phase.map_or(&[][..], |phase| &phase.criteria);
        for criterion in std::iter::once(&pass_rate(target)).chain(configured) {
            let scope = match &criterion.scope {
                Some(scope) => select(scope, &self.tests),
                None if criterion.metric == Metric::MigratedFiles => Ok(InScope {
                    tests: self.tests.iter().collect(),
                    named_boundaries: Vec::new(),
                }),
                None => Ok(InScope {
                    tests: tests.clone(),
                    named_boundaries: Vec::new(),
                }),
            };
            let mut figure = judge(criterion, scope, self)?;
            if let Some(why) = self.obstacle(gap) {
                figure.finding = Finding::NotComputed(why);
            }
            criteria.push(figure);
        }
        Ok(PhaseFigures {
            phase,
            rate: tally.pass_rate()?,
            target,
            verdict: verdict(&criteria),
            boundaries: Breakdown::of(Grouping::Boundary, &tests)?,
            files: Breakdown::of(Grouping::File, &tests)?,
            patterns: Breakdown::of(Grouping::Pattern, &tests)?,
            tests,
            tally,
            gap,
            criteria,
        })
    }

    /// Why nothing at all can be computed for a phase with this gap; `None` when nothing stands in
    /// the way.
    #[must_use]
    pub fn obstacle(&self, gap: Option<Gap>) -> Option<String> {
        let first = self
            .shortcomings
            .first()
            .map(|first| first.reason().to_owned());
        first.or_else(|| gap.map(|gap| gap.to_string()))
    }

    /// Distinct tests by status, over all phases.
    ///
    /// # Errors
    ///
    /// When counts do not add up, which is a defect of this crate.
    pub fn tally(&self) -> Result<Tally, Uneven> {
        Tally::of(&self.tests)
    }

    /// Whether any test of the run failed, timed out, crashed or was blocked.
    #[must_use]
    pub fn has_failures(&self) -> bool {
        let bad =
            |test: &TestFigure<'_>| test.status.is_failure() || test.status == Status::Blocked;
        self.tests.iter().any(bad)
    }
}

fn pass_rate(target: Percent) -> Criterion {
    let title = if target == all_of_them() {
        "Every test passes".to_owned()
    } else {
        format!(
            "At least {} of the tests pass",
            target.to_string().replace('%', " %")
        )
    };
    Criterion {
        id: PASS_RATE.to_owned(),
        title,
        metric: Metric::PassingTests,
        scope: None,
        each: None,
        files: None,
        threshold: Threshold::AtLeastShare(target),
    }
}

fn all_of_them() -> Percent {
    Percent::from_basis_points(10_000).expect("10 000 is in range")
}

fn verdict(criteria: &[CriterionFigure]) -> Verdict {
    let any = |is: fn(&Finding) -> bool| criteria.iter().any(|figure| is(&figure.finding));
    if any(|finding| matches!(finding, Finding::NotMet)) {
        Verdict::Hold
    } else if any(|finding| matches!(finding, Finding::NotComputed(_))) {
        Verdict::NotComputed
    } else {
        Verdict::Go
    }
}
