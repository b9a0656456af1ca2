//! One condition of a gate: met, not met or not computed.
//!
//! A condition whose evidence is missing is never met. Upper bounds (`at_most`) are judged by what
//! is known *and* what might still be: when tests that never ran could break the bound, it is not
//! computed.

use std::collections::BTreeSet;

use phasegate_record::project::{Criterion, Each, Metric, Threshold};

use super::fold::RunFigures;
use super::scope::InScope;
use super::{Gap, Status, Tally, TestFigure, Uneven};

/// What a criterion evaluates to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The bound holds.
    Met,
    /// The bound does not hold.
    NotMet,
    /// The evidence does not suffice; why.
    NotComputed(String),
}

/// A criterion and what it evaluates to.
#[derive(Debug, Clone)]
pub struct CriterionFigure {
    /// The condition.
    pub criterion: Criterion,
    /// What it evaluates to.
    pub finding: Finding,
    /// What was measured: one entry, or one for each group. Empty when nothing could be measured.
    pub measures: Vec<Measure>,
    /// What stands in the way: files without a test for `migrated_files`, otherwise the tests that
    /// an upper bound counts or that a lower bound misses. Sorted.
    pub culprits: Vec<String>,
}

/// A count, and what it is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// The group, for criteria that hold for each group by itself.
    pub group: Option<String>,
    /// What the metric counts.
    pub value: u64,
    /// How many more it might be if everything had run.
    pub unknown: u64,
    /// All that is in scope: the denominator of a share.
    pub whole: u64,
    /// What the bound says to it.
    pub finding: Finding,
}

impl Measure {
    /// How many are missing from a lower bound, or too many for an upper bound; 0 when it holds.
    #[must_use]
    pub fn shortfall(&self, threshold: Threshold) -> u64 {
        match threshold {
            Threshold::AtLeast(n) => n.saturating_sub(self.value),
            Threshold::AtMost(n) => self.value.saturating_sub(n),
            Threshold::AtLeastShare(share) => {
                share.needed_of(self.whole).saturating_sub(self.value)
            }
            Threshold::AtMostShare(share) => {
                let product = u128::from(share.basis_points()) * u128::from(self.whole) / 10_000;
                let allowed = u64::try_from(product).unwrap_or(self.whole);
                self.value.saturating_sub(allowed)
            }
        }
    }
}

/// Evaluates a criterion over the tests in its scope.
///
/// # Errors
///
/// When counts do not add up.
pub(super) fn judge(
    criterion: &Criterion,
    scope: Result<InScope<'_, '_>, String>,
    run: &RunFigures<'_>,
) -> Result<CriterionFigure, Uneven> {
    let not_computed = |why: String| CriterionFigure {
        criterion: criterion.clone(),
        finding: Finding::NotComputed(why),
        measures: Vec::new(),
        culprits: Vec::new(),
    };
    let scope = match scope {
        Ok(scope) => scope,
        Err(why) => return Ok(not_computed(why)),
    };
    if criterion.metric == Metric::MigratedFiles {
        return Ok(migrated_files(criterion, &scope, run).unwrap_or_else(not_computed));
    }
    if scope.tests.is_empty() {
        return Ok(not_computed("its scope matches no test".to_owned()));
    }
    let tally = Tally::of(scope.tests.iter().copied())?;
    let mut groups = Vec::new();
    for (group, tests) in grouped(criterion.each, &scope) {
        groups.push((measure(criterion, group, &tests)?, tests));
    }
    let culprits = culprits(criterion.metric, criterion.threshold, &groups);
    let measures: Vec<_> = groups.into_iter().map(|(measure, _)| measure).collect();
    let finding = match gap(&tally) {
        Some(gap) => Finding::NotComputed(gap.to_string()),
        None => worst(&measures),
    };
    Ok(CriterionFigure {
        criterion: criterion.clone(),
        finding,
        measures,
        culprits,
    })
}

/// What is missing from the evidence of these tests.
pub(super) fn gap(tally: &Tally) -> Option<Gap> {
    let planned = tally.total();
    let (filtered, elsewhere) = (tally.get(Status::Filtered), tally.get(Status::OtherShard));
    if planned == 0 {
        Some(Gap::NoTests)
    } else if filtered > 0 {
        let selected = planned - filtered;
        Some(Gap::Filtered { selected, planned })
    } else if elsewhere > 0 {
        let missing = elsewhere;
        Some(Gap::OtherShards { missing, planned })
    } else if tally.required() == 0 {
        Some(Gap::AllIgnored { planned })
    } else {
        None
    }
}

type Group<'r, 'a> = (Option<String>, Vec<&'r TestFigure<'a>>);

/// The boundaries that the scope names are the groups, even those that no test crosses; when it
/// names none, those that its tests cross are.
fn grouped<'r, 'a>(each: Option<Each>, scope: &InScope<'r, 'a>) -> Vec<Group<'r, 'a>> {
    let with = |label: String, belongs: &dyn Fn(&TestFigure<'_>, &str) -> bool| {
        let tests = scope.tests.iter().copied();
        let tests = tests.filter(|test| belongs(test, &label)).collect();
        (Some(label), tests)
    };
    match each {
        None => vec![(None, scope.tests.clone())],
        Some(Each::Boundary) => {
            let mut names: BTreeSet<String> = scope.named_boundaries.iter().cloned().collect();
            if names.is_empty() {
                let tests = scope.tests.iter();
                names.extend(tests.flat_map(|test| test.plan.boundaries.iter().cloned()));
            }
            let crosses = |test: &TestFigure<'_>, name: &str| {
                test.plan.boundaries.iter().any(|boundary| boundary == name)
            };
            names.into_iter().map(|name| with(name, &crosses)).collect()
        }
        Some(Each::File) => {
            let mut files: std::collections::BTreeMap<&str, Vec<_>> = Default::default();
            for &test in &scope.tests {
                files.entry(&test.plan.file).or_default().push(test);
            }
            let named = |(file, tests): (&str, _)| (Some(file.to_owned()), tests);
            files.into_iter().map(named).collect()
        }
    }
}

fn measure(
    criterion: &Criterion,
    group: Option<String>,
    tests: &[&TestFigure<'_>],
) -> Result<Measure, Uneven> {
    let tally = Tally::of(tests.iter().copied())?;
    let counted = |counts: &dyn Fn(&TestFigure<'_>) -> bool| -> u64 {
        tests.iter().map(|test| u64::from(counts(test))).sum()
    };
    let not_run = tally.get(Status::NotRun);
    // On the service itself it might pass, and might not.
    let unproven = not_run + tally.get(Status::Fallback);
    let unseen = not_run + tally.get(Status::Blocked);
    let (required, all) = (tally.required(), tally.total());
    let (value, unknown, whole) = match criterion.metric {
        Metric::PassingTests => (tally.passed(), unproven, required),
        Metric::FailingTests => (tally.failing(), not_run, required),
        Metric::PlannedTests => (required, 0, all),
        Metric::SkippedTests => {
            let skipped = tally.get(Status::Skipped) + tally.get(Status::Ignored);
            (skipped, unseen, all)
        }
        Metric::FlakyTests => (counted(&|test| test.is_flaky()), unseen, required),
        Metric::ContaminatedTests => (counted(&|test| test.is_contaminating()), unseen, required),
        Metric::MigratedFiles => (0, 0, 0),
    };
    let mut finding = decide(criterion.threshold, value, unknown, whole);
    let unmeasured = counted(&|test| test.is_unmeasured());
    if criterion.metric == Metric::ContaminatedTests && unmeasured > 0 && finding != Finding::NotMet
    {
        finding = Finding::NotComputed(match unmeasured {
            1 => "1 test ran without a process of its own or without a receipt".to_owned(),
            n => format!("{n} tests ran without a process of their own or without a receipt"),
        });
    }
    Ok(Measure {
        group,
        value,
        unknown,
        whole,
        finding,
    })
}

fn decide(threshold: Threshold, value: u64, unknown: u64, whole: u64) -> Finding {
    let bounded = |breaks: &dyn Fn(u64) -> bool| {
        if breaks(value) {
            Finding::NotMet
        } else if breaks(value + unknown) {
            Finding::NotComputed(match unknown {
                1 => "1 test in scope did not run and could break the bound".to_owned(),
                n => format!("{n} tests in scope did not run and could break the bound"),
            })
        } else {
            Finding::Met
        }
    };
    let met = |holds| if holds { Finding::Met } else { Finding::NotMet };
    match threshold {
        Threshold::AtLeast(n) => met(value >= n),
        _ if whole == 0 => Finding::NotComputed("there is nothing in scope".to_owned()),
        Threshold::AtLeastShare(share) => met(share.is_reached_by(value, whole)),
        Threshold::AtMost(n) => bounded(&|value| value > n),
        Threshold::AtMostShare(share) => bounded(&|value| {
            u128::from(value) * 10_000 > u128::from(share.basis_points()) * u128::from(whole)
        }),
    }
}

fn worst(measures: &[Measure]) -> Finding {
    let not_met = measures.iter().any(|m| m.finding == Finding::NotMet);
    if not_met {
        return Finding::NotMet;
    }
    let reason = measures.iter().find_map(|measure| {
        let Finding::NotComputed(why) = &measure.finding else {
            return None;
        };
        let group = measure.group.as_ref();
        Some(group.map_or_else(|| why.clone(), |group| format!("{group}: {why}")))
    });
    match reason {
        Some(why) => Finding::NotComputed(why),
        None if measures.is_empty() => {
            Finding::NotComputed("its scope holds no group to judge".to_owned())
        }
        None => Finding::Met,
    }
}

fn culprits(
    metric: Metric,
    threshold: Threshold,
    groups: &[(Measure, Vec<&TestFigure<'_>>)],
) -> Vec<String> {
    let upper = matches!(threshold, Threshold::AtMost(_) | Threshold::AtMostShare(_));
    let guilty = |test: &TestFigure<'_>| match metric {
        Metric::PassingTests if upper => test.status == Status::Passed,
        Metric::PassingTests => test.status.is_required() && test.status != Status::Passed,
        Metric::FailingTests => test.status.is_failure() || test.status == Status::Blocked,
        Metric::SkippedTests => matches!(test.status, Status::Skipped | Status::Ignored),
        Metric::FlakyTests => test.is_flaky(),
        Metric::ContaminatedTests => test.is_contaminating(),
        Metric::PlannedTests | Metric::MigratedFiles => false,
    };
    let names: BTreeSet<&str> = groups
        .iter()
        .filter(|(measure, _)| measure.finding == Finding::NotMet)
        .flat_map(|(_, tests)| tests)
        .filter(|test| guilty(test))
        .map(|test| test.plan.name.as_str())
        .collect();
    names.into_iter().map(str::to_owned).collect()
}

fn migrated_files(
    criterion: &Criterion,
    scope: &InScope<'_, '_>,
    run: &RunFigures<'_>,
) -> Result<CriterionFigure, String> {
    if criterion.each.is_some() {
        return Err("`each` says nothing about migrated files; remove it".to_owned());
    }
    let glob = criterion
        .files
        .as_deref()
        .ok_or("it names no `files`; add the glob of the files to migrate")?;
    let files = run
        .file_sets
        .get(glob)
        .ok_or_else(|| format!("the record does not say which files match {glob}"))?;
    if files.is_empty() {
        return Err(format!("no file matches {glob}"));
    }
    let declared: BTreeSet<&str> = scope.tests.iter().map(|t| t.plan.file.as_str()).collect();
    let missing: Vec<String> = files
        .difference(&declared)
        .map(ToString::to_string)
        .collect();
    let whole = files.len() as u64;
    let value = whole - missing.len() as u64;
    let finding = decide(criterion.threshold, value, 0, whole);
    Ok(CriterionFigure {
        criterion: criterion.clone(),
        finding: finding.clone(),
        measures: vec![Measure {
            group: None,
            value,
            unknown: 0,
            whole,
            finding,
        }],
        culprits: missing,
    })
}
