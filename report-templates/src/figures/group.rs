//! Tallies by boundary, by file and by pattern.

use std::collections::BTreeMap;

use super::{Tally, TestFigure, Uneven};

/// What tests are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// Boundaries that they cross; a test counts in each, so rows overlap.
    Boundary,
    /// Source file; each test counts in one row.
    File,
    /// Patterns that they take; a test counts in each, so rows overlap.
    Pattern,
}

/// The tests of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Name of the boundary, file or pattern; `None` for the tests that have none.
    pub label: Option<String>,
    /// Their outcomes.
    pub tally: Tally,
}

/// A table: rows and the tally of the distinct tests in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breakdown {
    /// What the rows are.
    pub by: Grouping,
    /// Sorted by label; the row without a label comes last.
    pub rows: Vec<Row>,
    /// Distinct tests: the sum of the rows unless a test counts in more than one of them.
    pub total: Tally,
}

impl Breakdown {
    /// Groups tests.
    ///
    /// # Errors
    ///
    /// When the rows of a table without overlap do not make its total, or a row of a table with
    /// overlap is greater than the total.
    pub fn of(by: Grouping, tests: &[&TestFigure<'_>]) -> Result<Self, Uneven> {
        let mut groups: BTreeMap<(bool, &str), Vec<&TestFigure<'_>>> = BTreeMap::new();
        for &test in tests {
            let labels = match by {
                Grouping::Boundary => test.plan.boundaries.as_slice(),
                Grouping::File => std::slice::from_ref(&test.plan.file),
                Grouping::Pattern => test.plan.patterns.as_slice(),
            };
            if labels.is_empty() {
                groups.entry((true, "")).or_default().push(test);
            }
            for (index, label) in labels.iter().enumerate() {
                if !labels[..index].contains(label) {
                    groups.entry((false, label)).or_default().push(test);
                }
            }
        }
        let rows = groups
            .into_iter()
            .map(|((none, label), tests)| {
                Ok(Row {
                    label: (!none).then(|| label.to_owned()),
                    tally: Tally::of(tests)?,
                })
            })
            .collect::<Result<Vec<_>, Uneven>>()?;
        Self::checked(by, rows, Tally::of(tests.iter().copied())?)
    }

    fn checked(by: Grouping, rows: Vec<Row>, total: Tally) -> Result<Self, Uneven> {
        let sum = rows
            .iter()
            .fold(Tally::default(), |sum, row| sum.plus(&row.tally));
        let fits = match by {
            Grouping::File => sum == total,
            Grouping::Boundary | Grouping::Pattern => {
                sum.total() >= total.total()
                    && rows.iter().all(|row| row.tally.total() <= total.total())
            }
        };
        if !fits {
            return Err(Uneven::Sum {
                what: format!("tests by {by:?}").to_lowercase(),
                parts: sum.total(),
                total: total.total(),
            });
        }
        Ok(Self { by, rows, total })
    }

    /// Whether a test counts in more than one row.
    #[must_use]
    pub fn overlaps(&self) -> bool {
        let sum: u64 = self.rows.iter().map(|row| row.tally.total()).sum();
        sum != self.total.total()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Status;

    fn tally(passed: u64) -> Tally {
        let parts = Status::ALL.map(|status| if status == Status::Passed { passed } else { 0 });
        Tally::checked(passed, parts).unwrap()
    }

    fn rows(passed: &[u64]) -> Vec<Row> {
        let row = |&passed: &u64| Row {
            label: Some(format!("{passed}")),
            tally: tally(passed),
        };
        passed.iter().map(row).collect()
    }

    #[test]
    fn rows_by_file_make_the_total() {
        let table = |total| Breakdown::checked(Grouping::File, rows(&[2, 3]), tally(total));
        assert!(table(5).is_ok());
        let refused = table(36).unwrap_err().to_string();
        assert!(refused.contains("tests by file: the parts make 5, the total is 36"));
    }

    #[test]
    fn rows_by_boundary_may_overlap_and_never_fall_short() {
        let table = |total| Breakdown::checked(Grouping::Boundary, rows(&[2, 3]), tally(total));
        assert!(table(4).unwrap().overlaps() && !table(5).unwrap().overlaps());
        assert!(table(6).is_err() && table(2).is_err());
    }
}
