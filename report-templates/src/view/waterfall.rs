//! The start-up of services as a waterfall: one row a step, one bar a row.

use phasegate_record::event::ServiceChange;
use serde::Serialize;

use super::output::shorten;
use super::services::MAX_NAME;
use super::table::{Cell, Column, Table};
use super::words::{count, verb};
use crate::figures::time::human;
use crate::figures::{ServiceFigure, StepFigure};

/// Steps above which the table is folded.
const FOLDED_ABOVE: usize = 12;
/// Characters of the longest bar.
const WIDTH: u64 = 24;

/// How the services of a test binary started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Startup {
    /// How many steps it took, in words.
    pub extent: String,
    /// One row for each step, in the order in which they began.
    pub table: Table,
    /// Whether the table is too long to stand open.
    pub folded: bool,
}

struct Row {
    service: String,
    step: Cell,
    began: u64,
    took: u64,
}

/// The waterfall; `None` when no step was recorded. Where there are more than `room` for, the
/// longest stay.
#[must_use]
pub fn startup(
    services: &[&ServiceFigure<'_>],
    start_ms: Option<u64>,
    room: &mut usize,
) -> Option<Startup> {
    let mut rows: Vec<Row> = services
        .iter()
        .flat_map(|service| rows(service, start_ms))
        .collect();
    if rows.is_empty() {
        return None;
    }
    let all = rows.len();
    rows.sort_by_key(|row| std::cmp::Reverse(row.took));
    rows.truncate(*room);
    *room -= rows.len();
    let shown = rows.len();
    // What began at the same time: the whole before its parts.
    rows.sort_by(|a, b| {
        (a.began, std::cmp::Reverse(a.took), &a.service).cmp(&(
            b.began,
            std::cmp::Reverse(b.took),
            &b.service,
        ))
    });
    let from = rows.iter().map(|row| row.began).min().unwrap_or(0);
    let to = rows.iter().map(|row| row.began.saturating_add(row.took));
    let to = to.max().unwrap_or(from);
    let more = all - shown;
    let cells = rows.into_iter().map(|row| {
        let bar = bar(row.began - from, row.took, to - from);
        vec![
            Cell::code(row.service),
            row.step,
            Cell::text(human(row.began)),
            Cell::text(human(row.took)),
            Cell::text(bar),
        ]
    });
    Some(Startup {
        extent: count(all as u64, "row"),
        folded: all > FOLDED_ABOVE,
        table: Table {
            columns: vec![
                Column::words("Service"),
                Column::words("Step"),
                Column::numbers("Began"),
                Column::numbers("Took"),
                Column::words("Start-up"),
            ],
            rows: cells.collect(),
            note: (more > 0).then(|| {
                let verb = verb(more as u64, "is", "are");
                format!("The {shown} longest are shown; {more} more {verb} not.")
            }),
        },
    })
}

/// The first start of a service as a whole, and the steps of it.
fn rows(service: &ServiceFigure<'_>, start_ms: Option<u64>) -> Vec<Row> {
    let name = shorten(service.name, MAX_NAME);
    let row = |step: &StepFigure<'_>, cell: Cell| Row {
        service: name.clone(),
        step: cell,
        began: step.began_us(start_ms),
        took: step.event.wall_us,
    };
    let (parts, end) = service.startup();
    let whole = end.map(|end| {
        let word = match end.event.change {
            ServiceChange::Ready => "(until ready)",
            _ => "(until given up)",
        };
        row(&end, Cell::text(word))
    });
    let parts = parts.iter().map(|step| {
        let detail = shorten(&step.event.detail, MAX_NAME);
        let failed = step.event.error.is_some();
        let text = match failed {
            true => format!("{detail} (failed)"),
            false => detail,
        };
        row(step, Cell::code(text))
    });
    whole.into_iter().chain(parts).collect()
}

/// `░░████`: light until it began, full while it lasted; at least one full character.
fn bar(began: u64, took: u64, whole: u64) -> String {
    let place = |at: u64| match whole {
        0 => 0,
        whole => {
            let scaled = u128::from(at) * u128::from(WIDTH) / u128::from(whole);
            u64::try_from(scaled).unwrap_or(WIDTH).min(WIDTH)
        }
    };
    let light = place(began).min(WIDTH - 1);
    let full = place(began.saturating_add(took)).max(light + 1) - light;
    let repeat = |c: &str, n: u64| c.repeat(usize::try_from(n).unwrap_or_default());
    repeat("░", light) + &repeat("█", full)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bars_stand_where_their_steps_do() {
        assert_eq!(bar(0, 100, 100), "█".repeat(24));
        assert_eq!(bar(50, 50, 100), "░".repeat(12) + &"█".repeat(12));
        assert_eq!(bar(100, 0, 100), "░".repeat(23) + "█");
        assert_eq!(bar(0, 0, 0), "█");
    }

    proptest! {
        #[test]
        fn a_bar_never_leaves_its_cell(began in any::<u64>(), took in any::<u64>(), whole in any::<u64>()) {
            let bar = bar(began, took, whole);
            prop_assert!(bar.ends_with('█') && bar.chars().count() <= 24);
        }
    }
}
