//! Tables: metrics by boundary, file and pattern.

use serde::Serialize;

use super::output::shorten;
use super::words::count;
use crate::figures::{Breakdown, Grouping, Status, Tally, Uneven};

/// Rows that a table shows before the rest is summed up in one row.
pub const MAX_ROWS: usize = 100;
/// Bytes of a row's label that are shown.
const MAX_LABEL: usize = 300;

/// A table, ready to print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Headings.
    pub columns: Vec<Column>,
    /// Rows, each as long as the headings.
    pub rows: Vec<Vec<Cell>>,
    /// What a reader must know to read it.
    pub note: Option<String>,
}

/// The heading of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// What it says.
    pub title: String,
    /// Whether the column holds numbers, which stand to the right.
    pub numeric: bool,
}

impl Column {
    /// A column of words.
    pub fn words(title: &str) -> Self {
        let (title, numeric) = (title.to_owned(), false);
        Self { title, numeric }
    }

    /// A column of numbers.
    pub fn numbers(title: &str) -> Self {
        let (title, numeric) = (title.to_owned(), true);
        Self { title, numeric }
    }
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// Whether it is a name from code.
    pub code: bool,
    /// Whether it stands out.
    pub bold: bool,
}

impl Cell {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        let (text, code, bold) = (text.into(), false, false);
        Self { text, code, bold }
    }

    /// A name from code.
    pub fn code(text: impl Into<String>) -> Self {
        let (text, code, bold) = (text.into(), true, false);
        Self { text, code, bold }
    }

    fn bold(text: impl Into<String>) -> Self {
        let (text, code, bold) = (text.into(), false, true);
        Self { text, code, bold }
    }
}

/// Columns for outcomes; those that are zero in every row are left out, except the first two.
const COLUMNS: [(Status, &str); 11] = [
    (Status::Passed, "Passed"),
    (Status::Failed, "Failed"),
    (Status::TimedOut, "Timed out"),
    (Status::Crashed, "Crashed"),
    (Status::Blocked, "Blocked"),
    (Status::Skipped, "Skipped"),
    (Status::Fallback, "On a stand-in"),
    (Status::NotRun, "Not run"),
    (Status::Filtered, "Filtered out"),
    (Status::Ignored, "Ignored"),
    (Status::OtherShard, "Other shards"),
];

/// A table of outcomes; `None` when there is nothing to break down.
///
/// # Errors
///
/// When counts do not add up.
pub fn metrics(
    breakdown: &Breakdown,
    title: impl Fn(&str) -> Option<String>,
) -> Result<Option<Table>, Uneven> {
    let nothing = breakdown.rows.iter().all(|row| row.label.is_none());
    if nothing {
        return Ok(None);
    }
    let total = &breakdown.total;
    let shown: Vec<_> = COLUMNS
        .iter()
        .enumerate()
        .filter(|(index, (status, _))| *index < 2 || total.get(*status) > 0)
        .map(|(_, column)| *column)
        .collect();
    let (head, none) = match breakdown.by {
        Grouping::Boundary => ("Boundary", "no boundary"),
        Grouping::File => ("File", "no file"),
        Grouping::Pattern => ("Pattern", "no pattern"),
    };
    let mut columns = vec![Column::words(head), Column::numbers("Tests")];
    columns.extend(shown.iter().map(|(_, name)| Column::numbers(name)));
    columns.push(Column::numbers("Pass rate"));

    let (kept, folded) = fold_rows(breakdown);
    let mut rows = Vec::new();
    for row in &kept {
        let label = match &row.label {
            None => Cell::text(format!("({none})")),
            Some(name) => title(name).map_or_else(
                || Cell::code(shorten(name, MAX_LABEL)),
                |title| Cell::text(shorten(&format!("{title} ({name})"), MAX_LABEL)),
            ),
        };
        rows.push(line(label, &row.tally, &shown)?);
    }
    if let Some((more, sum)) = &folded {
        rows.push(line(Cell::text(format!("({more} more)")), sum, &shown)?);
    }
    let mut last = line(Cell::bold("All, each test once"), total, &shown)?;
    if breakdown.by == Grouping::File {
        last[0] = Cell::bold("Total");
    }
    rows.push(last);
    let note = note(breakdown, folded.map(|(more, _)| more));
    Ok(Some(Table {
        columns,
        rows,
        note,
    }))
}

fn line(label: Cell, tally: &Tally, shown: &[(Status, &str)]) -> Result<Vec<Cell>, Uneven> {
    let mut cells = vec![label, Cell::text(tally.total().to_string())];
    cells.extend(
        shown
            .iter()
            .map(|(status, _)| Cell::text(tally.get(*status).to_string())),
    );
    cells.push(Cell::text(tally.pass_rate()?.to_string()));
    Ok(cells)
}

/// The rows to show and the sum of the others. When there are too many, those with most tests
/// that did not pass stay, in the order of the table.
fn fold_rows(breakdown: &Breakdown) -> (Vec<crate::figures::Row>, Option<(usize, Tally)>) {
    let mut order: Vec<usize> = (0..breakdown.rows.len()).collect();
    if order.len() <= MAX_ROWS {
        return (breakdown.rows.clone(), None);
    }
    let missing = |tally: &Tally| tally.required() - tally.passed();
    order.sort_by_key(|&index| {
        let tally = &breakdown.rows[index].tally;
        (std::cmp::Reverse((missing(tally), tally.total())), index)
    });
    let mut kept = order[..MAX_ROWS].to_vec();
    kept.sort_unstable();
    let sum = order[MAX_ROWS..].iter().fold(Tally::default(), |sum, &i| {
        sum.plus(&breakdown.rows[i].tally)
    });
    let rows = kept.iter().map(|&i| breakdown.rows[i].clone()).collect();
    (rows, Some((order.len() - MAX_ROWS, sum)))
}

fn note(breakdown: &Breakdown, more: Option<usize>) -> Option<String> {
    let mut notes = Vec::new();
    if breakdown.overlaps() {
        let (row, what) = match breakdown.by {
            Grouping::Boundary => ("boundary", "crosses more than one boundary"),
            _ => ("pattern", "takes more than one pattern"),
        };
        notes.push(format!(
            "A test that {what} counts in the row of each {row}, so the rows add up to more than the last line, which counts each test once."
        ));
    }
    if let Some(more) = more {
        notes.push(format!(
            "The {MAX_ROWS} rows with most tests that did not pass are shown; the other {} {} summed up in one row.",
            count(more as u64, "row"),
            if more == 1 { "is" } else { "are" },
        ));
    }
    (!notes.is_empty()).then(|| notes.join(" "))
}
