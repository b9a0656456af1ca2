//! Achievements, criteria, and what remains to be done.

use phasegate_record::project::{Each, Metric, Threshold};
use serde::Serialize;

use super::output::shorten;
use super::status::obstacle;
use super::table::{Cell, Column, Table};
use super::words::{count, list, percent, sentence, verb};
use crate::figures::phase::PASS_RATE;
use crate::figures::{
    CriterionFigure, Finding, Gap, Measure, PhaseFigures, Ratio, RunFigures, Shortcoming, Status,
    Tally, Uneven,
};

/// Names that a line lists before it only counts them.
const MAX_NAMES: usize = 8;
/// Bytes of a configured text or name that are shown.
const MAX_TEXT: usize = 300;

/// One line of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tick {
    /// Whether it is achieved.
    pub done: bool,
    /// What was to be achieved.
    pub title: String,
    /// Id of the criterion; empty for other lines.
    pub id: String,
    /// What was found.
    pub result: String,
}

/// Something that has to change before the gate opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What.
    pub text: String,
    /// Tests or files that it concerns.
    pub names: Vec<String>,
    /// How many more there are, in words.
    pub more: Option<String>,
}

/// The checklist: one line for each criterion, then one for each boundary.
///
/// # Errors
///
/// When counts do not add up.
pub fn achievements(
    run: &RunFigures<'_>,
    phase: &PhaseFigures<'_, '_>,
) -> Result<Vec<Tick>, Uneven> {
    let mut ticks = Vec::new();
    for figure in &phase.criteria {
        let mut result = format!("{}{}", result(&figure.finding), suffix(figure)?);
        if let Some(evidence) = linked(run, &figure.criterion.id)? {
            result.push_str(&evidence);
        }
        ticks.push(Tick {
            done: figure.finding == Finding::Met,
            title: titled(figure),
            id: figure.criterion.id.clone(),
            result,
        });
    }
    let proven = obstacle(run, phase).is_none();
    for row in phase.boundaries.rows.iter().take(super::table::MAX_ROWS) {
        let Some(name) = &row.label else { continue };
        let rate = row.tally.pass_rate()?;
        let all = rate.whole() > 0 && rate.part() == rate.whole();
        let result = if all && !proven {
            format!("not computed: {rate} of those in the record")
        } else {
            rate.to_string()
        };
        let title = run.header.project.boundaries.get(name);
        let title = title.and_then(|boundary| boundary.title.clone());
        ticks.push(Tick {
            done: all && proven,
            title: format!(
                "Every test across {} passes",
                shorten(title.as_ref().unwrap_or(name), MAX_TEXT)
            ),
            id: String::new(),
            result,
        });
    }
    Ok(ticks)
}

/// What the criterion is called, or what it says when it is not called anything.
fn titled(figure: &CriterionFigure) -> String {
    match figure.criterion.title.trim() {
        "" => sentence(&format!(
            "{}: {}",
            counted(figure),
            threshold(figure.criterion.threshold)
        )),
        title => shorten(title, MAX_TEXT),
    }
}

fn result(finding: &Finding) -> String {
    match finding {
        Finding::Met => "met".to_owned(),
        Finding::NotMet => "not met".to_owned(),
        Finding::NotComputed(why) => format!("not computed: {why}"),
    }
}

fn suffix(figure: &CriterionFigure) -> Result<String, Uneven> {
    Ok(match (&figure.finding, measured(figure)?) {
        (Finding::NotComputed(_), _) => String::new(),
        (_, text) => format!(": {text}"),
    })
}

/// The tests that say they are evidence for a criterion.
fn linked(run: &RunFigures<'_>, id: &str) -> Result<Option<String>, Uneven> {
    let tests = run.tests.iter();
    let tests = tests.filter(|test| test.plan.criteria.iter().any(|criterion| criterion == id));
    let tally = Tally::of(tests)?;
    let (passed, total) = (tally.passed(), tally.total());
    Ok((total > 0).then(|| {
        format!(
            "; {passed} of {} {}",
            count(total, "linked test"),
            verb(total, "passes", "pass")
        )
    }))
}

/// The table of criteria.
///
/// # Errors
///
/// When counts do not add up.
pub fn criteria(phase: &PhaseFigures<'_, '_>) -> Result<Table, Uneven> {
    let mut rows = Vec::new();
    for figure in &phase.criteria {
        let measured = if figure.measures.is_empty() {
            "–".to_owned()
        } else {
            measured(figure)?
        };
        let criterion = &figure.criterion;
        let over = criterion.files.as_ref().or(criterion.scope.as_ref());
        rows.push(vec![
            Cell::text(&criterion.id),
            Cell::text(counted(figure)),
            over.map_or_else(
                || {
                    Cell::text(if phase.phase.is_some() {
                        "the phase"
                    } else {
                        "these tests"
                    })
                },
                |over| Cell::code(shorten(over, MAX_TEXT)),
            ),
            Cell::text(threshold(criterion.threshold)),
            Cell::text(measured),
            Cell::text(result(&figure.finding)),
        ]);
    }
    let columns = [
        "Criterion",
        "Counts",
        "Over",
        "Threshold",
        "Measured",
        "Result",
    ];
    Ok(Table {
        columns: columns.map(Column::words).to_vec(),
        rows,
        note: None,
    })
}

/// What a metric counts: one of it and many of it.
fn nouns(metric: Metric) -> (&'static str, &'static str) {
    match metric {
        Metric::PassingTests => ("passing test", "passing tests"),
        Metric::FailingTests => ("failing test", "failing tests"),
        Metric::PlannedTests => ("planned test", "planned tests"),
        Metric::SkippedTests => ("skipped or ignored test", "skipped or ignored tests"),
        Metric::FlakyTests => ("flaky test", "flaky tests"),
        Metric::ContaminatedTests => (
            "test that leaves a process behind",
            "tests that leave a process behind",
        ),
        Metric::MigratedFiles => ("file with a phasegate test", "files with a phasegate test"),
    }
}

fn counted(figure: &CriterionFigure) -> String {
    let (_, many) = nouns(figure.criterion.metric);
    match figure.criterion.each {
        Some(Each::Boundary) => format!("{many}, for each boundary"),
        Some(Each::File) => format!("{many}, for each file"),
        None => many.to_owned(),
    }
}

fn threshold(threshold: Threshold) -> String {
    match threshold {
        Threshold::AtLeast(n) => format!("at least {n}"),
        Threshold::AtMost(n) => format!("at most {n}"),
        Threshold::AtLeastShare(share) => format!("at least {}", percent(share)),
        Threshold::AtMostShare(share) => format!("at most {}", percent(share)),
    }
}

fn measured(figure: &CriterionFigure) -> Result<String, Uneven> {
    let shares = matches!(
        figure.criterion.threshold,
        Threshold::AtLeastShare(_) | Threshold::AtMostShare(_)
    );
    let mut parts = Vec::new();
    for measure in figure.measures.iter().take(MAX_NAMES) {
        let value = if shares || figure.criterion.metric == Metric::MigratedFiles {
            Ratio::new(measure.value, measure.whole)?.to_string()
        } else {
            measure.value.to_string()
        };
        let group = measure.group.as_ref().map(|group| shorten(group, MAX_TEXT));
        parts.push(group.map_or(value.clone(), |group| format!("{group} {value}")));
    }
    let more = figure.measures.len().saturating_sub(MAX_NAMES);
    if more > 0 {
        parts.push(format!("{more} more"));
    }
    Ok(list(&parts))
}

/// What would have to change for the verdict to be `go`.
#[must_use]
pub fn remaining(run: &RunFigures<'_>, phase: &PhaseFigures<'_, '_>) -> Vec<Step> {
    if let Some(text) = before_all(run, phase) {
        return vec![step(text, &[])];
    }
    let mut steps = Vec::new();
    for figure in &phase.criteria {
        let id = &figure.criterion.id;
        match &figure.finding {
            Finding::Met => {}
            Finding::NotComputed(why) => {
                steps.push(step(format!("{id} lacks evidence: {why}"), &[]));
            }
            Finding::NotMet if id == PASS_RATE => steps.push(step(passes(phase), &[])),
            Finding::NotMet => {
                let unmet = figure.measures.iter();
                let unmet = unmet.filter(|measure| measure.finding == Finding::NotMet);
                let texts: Vec<_> = unmet.map(|measure| short_of(figure, measure)).collect();
                let shown = texts.len().min(MAX_NAMES);
                let mut text = format!("{id} {}", list(&texts[..shown]));
                if texts.len() > shown {
                    text.push_str(&format!("; {} more groups", texts.len() - shown));
                }
                let bound = figure.criterion.threshold;
                if let Threshold::AtMost(_) | Threshold::AtMostShare(_) = bound {
                    text.push_str(&format!(" and allows {}", threshold(bound)));
                }
                steps.push(step(text, &figure.culprits));
            }
        }
    }
    steps
}

fn before_all(run: &RunFigures<'_>, phase: &PhaseFigures<'_, '_>) -> Option<String> {
    if let Some(first) = run.shortcomings.first() {
        let what = match first {
            Shortcoming::Tampered { .. } => {
                "Find out who changed the record and why; then run again"
            }
            Shortcoming::Inconsistent { .. } => {
                "Run again in one go, from one state of the sources"
            }
            _ => "Run again and let the run come to its end",
        };
        return Some(format!("{what}. Only then can the gate be judged."));
    }
    phase.gap.map(|gap| match gap {
        Gap::NoTests => match phase.id() {
            Some(id) => format!("Write tests that belong to the phase (phase = \"{id}\")."),
            None => "Write tests.".to_owned(),
        },
        Gap::AllIgnored { .. } => "Take `ignore` off the tests, or remove them.".to_owned(),
        Gap::Filtered { selected, planned } => format!(
            "Run all {} without a filter; this run left out {}.",
            count(planned, "planned test"),
            planned - selected
        ),
        Gap::OtherShards { missing, .. } => format!(
            "Add the records of the other shards: they hold {}.",
            count(missing, "test")
        ),
    })
}

fn passes(phase: &PhaseFigures<'_, '_>) -> String {
    let missing = phase.missing_passes();
    let open: Vec<String> = Status::ALL
        .iter()
        .filter(|status| status.is_required() && **status != Status::Passed)
        .map(|status| (phase.tally.get(*status), status.as_str()))
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{n} {word}"))
        .collect();
    format!(
        "{} {} needed to reach {}, which takes {} of {}. Not passing now: {}.",
        count(missing, "more passing test"),
        verb(missing, "is", "are"),
        percent(phase.target),
        phase.target.needed_of(phase.rate.whole()),
        phase.rate.whole(),
        list(&open),
    )
}

/// What a group lacks, or has too many of: the end of a sentence that the criterion's id begins.
fn short_of(figure: &CriterionFigure, measure: &Measure) -> String {
    let bound = figure.criterion.threshold;
    let (one, many) = nouns(figure.criterion.metric);
    let group = measure.group.as_ref().map(|group| shorten(group, MAX_TEXT));
    let upper = matches!(bound, Threshold::AtMost(_) | Threshold::AtMostShare(_));
    if upper {
        let place = group
            .map(|group| format!(" for {group}"))
            .unwrap_or_default();
        let noun = if measure.value == 1 { one } else { many };
        return format!("counts {} {noun}{place}", measure.value);
    }
    let shortfall = measure.shortfall(bound);
    let noun = if shortfall == 1 { one } else { many };
    let place = group
        .map(|group| format!(" for {group}"))
        .unwrap_or_default();
    format!("needs {shortfall} more {noun}{place}")
}

fn step(text: String, names: &[String]) -> Step {
    let shown = names.len().min(MAX_NAMES);
    let more = names.len() - shown;
    Step {
        text,
        names: names[..shown]
            .iter()
            .map(|name| shorten(name, MAX_TEXT))
            .collect(),
        more: (more > 0).then(|| format!("{more} more")),
    }
}
