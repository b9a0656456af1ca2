//! The opening paragraph, the cautions and the headline.

use phasegate_record::event::NoteLevel;
use serde::Serialize;

use super::attention::spoken;
use super::words::{count, list, percent, sentence, verb};
use crate::figures::{Finding, Gap, PhaseFigures, RunFigures, Shortcoming, Status};

/// Cautions of one kind that are shown one by one.
const MAX_CAUTIONS: usize = 10;

/// Something that a reader must know before the figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Caution {
    /// A word or two.
    pub heading: String,
    /// A sentence.
    pub text: String,
}

/// Heading of the report.
#[must_use]
pub fn title(phase: &PhaseFigures<'_, '_>) -> String {
    match phase.phase {
        None => "Tests without a phase".to_owned(),
        Some(phase) => match &phase.title {
            None => format!("Phase {}", phase.id),
            Some(title) => format!("Phase {}: {title}", phase.id),
        },
    }
}

/// One line for a console: figures and what is missing.
#[must_use]
pub fn headline(run: &RunFigures<'_>, phase: &PhaseFigures<'_, '_>) -> String {
    let missing = phase.missing_passes();
    let passes = rate(phase);
    let all = phase.target.basis_points() == 10_000;
    match obstacle(run, phase) {
        _ if phase.rate.whole() == 0 => {
            let why = phase.gap.unwrap_or(Gap::NoTests);
            why.to_string()
        }
        None if blocked(phase).is_some() => {
            format!("{passes}; {}", blocked(phase).unwrap_or_default())
        }
        None if missing > 0 && all => {
            format!("{passes}; {missing} {} not", verb(missing, "does", "do"))
        }
        Some(why) => format!("{passes}; {why}"),
        None if missing > 0 => format!(
            "{passes}; needs {missing} more to reach {}",
            percent(phase.target)
        ),
        None => match unmet(phase).as_slice() {
            [] => passes,
            ids => format!(
                "{passes}; {} {} not met",
                list(ids),
                verb(ids.len() as u64, "is", "are")
            ),
        },
    }
}

/// The paragraph that opens the report.
#[must_use]
pub fn status(run: &RunFigures<'_>, phase: &PhaseFigures<'_, '_>) -> String {
    let mut sentences = Vec::new();
    if phase.tally.total() == 0 {
        sentences.push("No planned test belongs here, so nothing is shown to work.".to_owned());
    } else {
        sentences.push(format!("{}.", rate(phase)));
    }
    match obstacle(run, phase) {
        Some(why) if phase.tally.total() > 0 => {
            sentences.push(format!("No verdict is computed: {why}."));
        }
        Some(_) => {}
        None => sentences.extend(target(phase)),
    }
    sentences.extend(blocked(phase).map(|blocked| format!("{}.", sentence(&blocked))));
    sentences.extend(on_stand_ins(phase));
    sentences.extend(left_out(phase));
    sentences.extend(criteria(run, phase));
    sentences.join(" ")
}

/// How many tests something stood in the way of, and what: `9 are blocked by phase A`.
fn blocked(phase: &PhaseFigures<'_, '_>) -> Option<String> {
    let roots = phase.tests.iter().filter_map(|test| {
        let by = test.last()?.event.blocked.as_ref()?;
        Some(spoken(&by.root))
    });
    let mut roots: Vec<String> = roots.collect();
    let number = roots.len() as u64;
    roots.sort_unstable();
    roots.dedup();
    let roots: Vec<&str> = roots.iter().map(String::as_str).collect();
    (number > 0).then(|| {
        format!(
            "{number} {} blocked by {}",
            verb(number, "is", "are"),
            list(&roots)
        )
    })
}

fn rate(phase: &PhaseFigures<'_, '_>) -> String {
    let (passed, required) = (phase.rate.part(), phase.rate.whole());
    format!(
        "{passed} of {} {} ({})",
        count(required, "test"),
        verb(required, "passes", "pass"),
        phase.rate.percent()
    )
}

fn target(phase: &PhaseFigures<'_, '_>) -> Option<String> {
    let needed = phase.target.needed_of(phase.rate.whole());
    let (target, missing) = (percent(phase.target), phase.missing_passes());
    let all = phase.target.basis_points() == 10_000;
    Some(match missing {
        0 if all => return None,
        0 => format!("The target of {target} takes {needed} and is reached."),
        _ if all => format!(
            "Every test must pass; {missing} {} not.",
            verb(missing, "does", "do")
        ),
        _ => {
            format!("The target of {target} takes {needed}: {missing} more must pass to reach it.")
        }
    })
}

fn on_stand_ins(phase: &PhaseFigures<'_, '_>) -> Option<String> {
    let n = phase.tally.get(Status::Fallback);
    (n > 0).then(|| {
        format!(
            "{} passed on a stand-in only, which does not count.",
            count(n, "further test")
        )
    })
}

fn left_out(phase: &PhaseFigures<'_, '_>) -> Option<String> {
    let ignored = phase.tally.get(Status::Ignored);
    (ignored > 0).then(|| {
        format!(
            "{} {} ignored and not counted in the rate.",
            count(ignored, "further test"),
            verb(ignored, "is", "are")
        )
    })
}

fn criteria(run: &RunFigures<'_>, phase: &PhaseFigures<'_, '_>) -> Option<String> {
    if phase.criteria.len() < 2 || obstacle(run, phase).is_some() {
        return None;
    }
    let total = phase.criteria.len() as u64;
    let number = |is: fn(&Finding) -> bool| {
        let figures = phase.criteria.iter();
        figures.filter(|figure| is(&figure.finding)).count() as u64
    };
    let met = number(|finding| matches!(finding, Finding::Met));
    let open = number(|finding| matches!(finding, Finding::NotComputed(_)));
    if met == total {
        return Some(format!("All {total} gate criteria are met."));
    }
    let open = match open {
        0 => String::new(),
        n => format!("; {n} could not be computed"),
    };
    Some(format!(
        "{met} of {total} gate criteria {} met{open}.",
        verb(met, "is", "are")
    ))
}

fn unmet(phase: &PhaseFigures<'_, '_>) -> Vec<String> {
    let figures = phase.criteria.iter();
    figures
        .filter(|figure| figure.finding == Finding::NotMet)
        .map(|figure| figure.criterion.id.clone())
        .collect()
}

/// Why no verdict is computed for the phase as a whole.
#[must_use]
pub fn obstacle(run: &RunFigures<'_>, phase: &PhaseFigures<'_, '_>) -> Option<String> {
    run.obstacle(phase.gap)
}

/// What weakens the figures, most serious first.
#[must_use]
pub fn cautions(run: &RunFigures<'_>, phase: &PhaseFigures<'_, '_>) -> Vec<Caution> {
    let mut cautions = Vec::new();
    let mut push = |heading: &str, text: String| {
        let heading = heading.to_owned();
        let text = format!("{}.", sentence(text.trim_end_matches('.')));
        cautions.push(Caution { heading, text });
    };
    let mut shortcomings: Vec<&Shortcoming> = run.shortcomings.iter().collect();
    shortcomings.sort_by_key(|s| !matches!(s, Shortcoming::Tampered { .. }));
    for shortcoming in shortcomings.iter().take(MAX_CAUTIONS) {
        push(shortcoming.heading(), shortcoming.to_string());
    }
    if shortcomings.len() > MAX_CAUTIONS {
        let more = (shortcomings.len() - MAX_CAUTIONS) as u64;
        let text = format!(
            "{} of this kind; `cargo phasegate verify` names them all",
            count(more, "further finding")
        );
        push("More", text);
    }
    match phase.gap {
        Some(gap @ Gap::Filtered { .. }) => {
            let rest = gap.to_string().replacen("partial run: ", "", 1);
            push(
                "Partial run",
                format!("{rest}. What a filtered run leaves out is not known to work"),
            );
        }
        Some(gap @ Gap::OtherShards { .. }) => push("Partial run", gap.to_string()),
        Some(gap @ Gap::AllIgnored { .. }) => push("Nothing ran", gap.to_string()),
        Some(Gap::NoTests) | None => {}
    }
    if run.header.git.as_ref().is_some_and(|git| git.dirty) {
        let text = "the sources differed from the commit: the run cannot be repeated from the revision alone";
        push("Uncommitted changes", text.to_owned());
    }
    for warning in run.warnings.iter().take(MAX_CAUTIONS) {
        push("Incomplete record", warning.clone());
    }
    let noted = run
        .notes
        .iter()
        .filter(|note| note.level == NoteLevel::Warning);
    for note in noted.take(MAX_CAUTIONS) {
        push("Warning", note.text.clone());
    }
    cautions
}
