//! A table that says it breaks a count down, against the count as the document states it.

use super::table::{Column, Table, is_total_label, only_number};
use crate::audit::claims::Claims;
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Outcome, is_any};
use crate::audit::reading::{Judged, Ledger, Reading};

pub(super) fn judge(
    reading: &Reading<'_>,
    claims: &Claims,
    tables: &[Table<'_>],
    ledger: &mut Ledger,
) {
    for table in tables {
        let lead = table.shape.lead.filter(|lead| {
            reading.passage(*lead).role == Role::Heading
                && reading
                    .words(*lead)
                    .any(|word| is_any(word, &["breakdown"]))
        });
        if lead.is_some() {
            hold(reading, claims, table, ledger);
        }
    }
}

fn hold(reading: &Reading<'_>, claims: &Claims, table: &Table<'_>, ledger: &mut Ledger) {
    let wanted = Outcome::Failed;
    let outcomes = table
        .columns
        .iter()
        .filter(|column| matches!(column, Column::Outcome(_)))
        .count();
    let Some(column) = table
        .find(Column::Outcome(wanted))
        .filter(|_| outcomes == 1)
    else {
        return;
    };
    let total = |row: usize| {
        table
            .cell(row, 0)
            .is_some_and(|cell| is_total_label(reading, cell))
    };
    if table.rows().any(total) || table.rows().len() < 2 {
        return;
    }
    let cells = table.rows().map(|row| {
        let (id, number) = only_number(reading, table.cell(row, column)?)?;
        (number.is_plain_count() && number.is_exact()).then_some(id)
    });
    let Some(ids) = cells.collect::<Option<Vec<_>>>() else {
        return;
    };
    let stated = claims.stated.iter().filter(|stated| {
        let cell = matches!(reading.passage(stated.passage).role, Role::Cell { .. });
        stated.outcome == wanted && stated.noun == "test" && stated.labelled && !cell
    });
    let stated: Vec<_> = stated.take(9).collect();
    let value = |id: usize| reading.number(id).value;
    let Some(first) = stated.first() else { return };
    if stated
        .iter()
        .any(|other| value(other.number) != value(first.number))
        || !reading.number(first.number).is_exact()
    {
        return;
    }
    let sum = super::carried::sum(reading, ids.iter().copied());
    let verdict = if sum == value(first.number) {
        Verdict::Consistent
    } else {
        Verdict::Inconsistent
    };
    ledger.push(
        Judged::new(Kind::Sum, verdict, reading.number_span(first.number))
            .expected(sum.to_string())
            .why(format!(
                "the table that breaks it down adds up to {sum}, printed {}",
                value(first.number)
            ))
            .related(ids.iter().map(|id| reading.number_span(*id).start))
            .numbers(ids.iter().copied().chain([first.number])),
    );
}

#[cfg(test)]
mod tests {
    use crate::audit::audit;

    #[test]
    fn a_breakdown_adds_up_to_what_it_breaks_down() {
        let wrong = |failed: u32| {
            let text = format!(
                "Total: 40\nFailed: {failed}\n\n## Failure breakdown\n\n| Area | Failed |\n|---|---|\n| io | 4 |\n| net | 5 |\n"
            );
            audit(&text)
                .inconsistent()
                .map(|finding| finding.line)
                .collect::<Vec<_>>()
        };
        assert_eq!(wrong(12), [2]);
        assert!(wrong(9).is_empty());
    }
}
