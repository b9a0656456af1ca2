//! What lies one level below a heading or a label: subheadings, labels, items, lines or cells.

use super::carried::{Carried, carried, labelled};
use super::table::{Table, is_total_label, only_number};
use crate::audit::claims::Claims;
use crate::audit::document::Role;
use crate::audit::numbers::{is_any, stem};
use crate::audit::reading::Reading;
use std::collections::HashMap;

/// Passages looked at below one claim.
const REACH: usize = 200;

/// A line that ends in a colon, or that is set in bold but for a remark in brackets.
pub(super) fn is_label(reading: &Reading<'_>, passage: usize) -> bool {
    let flat = &reading.passage(passage).flat;
    let text = flat.text.trim_end();
    let bold = flat.strong.iter().map(|range| range.len()).sum::<usize>();
    let first = flat.strong.first().filter(|range| range.start < 8);
    let remark = first.is_some_and(|range| {
        let rest = text.get(range.end..).unwrap_or_default();
        rest.trim_start().starts_with('(') && rest.len() < 40 && text.ends_with([')', ':'])
    });
    text.ends_with([':', '：']) || first.is_some() && bold * 2 > text.len() || remark
}

/// What lies under each heading and label.
pub(super) struct Below<'t, 'd> {
    children: Vec<Vec<usize>>,
    lists: HashMap<usize, usize>,
    tables: HashMap<usize, &'t Table<'d>>,
}

impl<'t, 'd> Below<'t, 'd> {
    pub(super) fn new(reading: &Reading<'_>, tables: &'t [Table<'d>]) -> Self {
        let sections = &reading.document.sections;
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); sections.len()];
        for (index, section) in sections.iter().enumerate().skip(1) {
            children[section.parent].push(index);
        }
        let lists = reading.document.lists.iter().enumerate();
        let lists = lists.filter_map(|(index, list)| Some((list.lead?, index)));
        let tables = tables
            .iter()
            .filter_map(|table| Some((table.shape.lead?, table)));
        Self {
            children,
            lists: lists.collect(),
            tables: tables.collect(),
        }
    }

    pub(super) fn heading(
        &self,
        reading: &Reading<'_>,
        claims: &Claims,
        heading: usize,
    ) -> Option<Vec<Carried>> {
        let section = reading.passage(heading).section;
        let children = &self.children[section];
        if reading.document.sections[section].level < 2 {
            return None;
        }
        if children.len() > 1 {
            let headings = children
                .iter()
                .map(|child| reading.document.sections[*child].heading);
            return headings
                .map(|heading| carried(reading, claims, heading?))
                .collect();
        }
        let section = match children.as_slice() {
            [] => section,
            // A lone subheading is a step on the way down.
            [only] if bare(reading, heading) => *only,
            _ => return None,
        };
        let end = reading.document.sections[section].end.min(heading + REACH);
        let labels: Vec<_> = (heading + 1..end)
            .filter(|at| reading.passage(*at).role == Role::Line && is_label(reading, *at))
            .collect();
        if labels.len() > 1 {
            return labels
                .into_iter()
                .map(|label| carried(reading, claims, label))
                .collect();
        }
        if labels.is_empty() {
            return self.label(reading, claims, heading);
        }
        None
    }

    /// The subheadings of a heading that carry a count.
    pub(super) fn subheadings(
        &self,
        reading: &Reading<'_>,
        claims: &Claims,
        heading: usize,
    ) -> Vec<Carried> {
        let section = reading.passage(heading).section;
        let below = self.children[section].iter();
        below
            .filter_map(|child| reading.document.sections[*child].heading)
            .filter_map(|heading| carried(reading, claims, heading))
            .collect()
    }

    pub(super) fn label(
        &self,
        reading: &Reading<'_>,
        claims: &Claims,
        label: usize,
    ) -> Option<Vec<Carried>> {
        if let Some(list) = self.lists.get(&label) {
            let items = reading.document.lists[*list].items.iter();
            let heads = items.map(|item| reading.document.items[*item].head);
            let each =
                |head: usize| carried(reading, claims, head).or_else(|| labelled(reading, head));
            return heads.map(|head| each(head?)).collect();
        }
        if let Some(table) = self.tables.get(&label) {
            return column(reading, claims, label, table);
        }
        lines(reading, claims, label)
    }
}

/// Whether nothing but a subheading stands right under a heading.
fn bare(reading: &Reading<'_>, heading: usize) -> bool {
    let next = reading.document.passages.get(heading + 1);
    next.is_some_and(|passage| passage.role == Role::Heading)
}

/// The one column of a table every cell of which is a ratio.
fn column(
    reading: &Reading<'_>,
    claims: &Claims,
    label: usize,
    table: &Table<'_>,
) -> Option<Vec<Carried>> {
    let rows = table.rows().filter(|row| {
        table
            .cell(*row, 0)
            .is_some_and(|cell| !is_total_label(reading, cell))
    });
    let rows: Vec<_> = rows.collect();
    let mut found = (1..table.columns.len()).filter_map(|column| {
        let cells = rows.iter().map(|row| {
            let cell = carried(reading, claims, table.cell(*row, column)?)?;
            cell.whole.map(|_| cell)
        });
        cells.collect::<Option<Vec<_>>>()
    });
    let Some(cells) = found.next() else {
        return counts(reading, label, table, &rows);
    };
    found.next().is_none().then_some(cells)
}

/// The one column of plain counts that is headed by what the label counts.
fn counts(
    reading: &Reading<'_>,
    label: usize,
    table: &Table<'_>,
    rows: &[usize],
) -> Option<Vec<Carried>> {
    let words: Vec<_> = reading.words(label).map(stem).collect();
    let headed = |column: usize| {
        let mut header = table
            .cell(0, column)
            .into_iter()
            .flat_map(|cell| reading.words(cell));
        let named = header.next().filter(|word| words.contains(&stem(word)));
        named.is_some_and(|word| header.next().is_none() && stem(word) != *word)
    };
    let adds_up = |row: &usize| {
        let mut words = table
            .cell(*row, 0)
            .into_iter()
            .flat_map(|cell| reading.words(cell));
        words.any(|word| is_any(word, &["total", "totals", "sum", "subtotal", "overall"]))
    };
    if rows.iter().any(adds_up) {
        return None;
    }
    let column = (1..table.columns.len()).find(|column| headed(*column))?;
    let unit = stem(reading.word(table.cell(0, column)?, 0));
    let cells = rows.iter().map(|row| {
        let cell = table.cell(*row, column)?;
        let (id, number) = only_number(reading, cell)?;
        let plain = number.is_plain_count() && number.is_exact();
        (plain && reading.tokens(cell).len() == 1).then(|| Carried {
            passage: cell,
            part: id,
            whole: None,
            unit: Some(unit.clone()),
            first: 0,
            last: 0,
        })
    });
    cells.collect()
}

/// The lines of the paragraph or of the output that follows; those without a number are names of folders.
fn lines(reading: &Reading<'_>, claims: &Claims, label: usize) -> Option<Vec<Carried>> {
    let first = reading.document.passages.get(label + 1)?;
    let (role, group) = (first.role, first.group);
    let here = reading.passage(label);
    let own = first.section == here.section;
    // Labels in one paragraph are neighbours.
    let beside = group == here.group && is_label(reading, label + 1);
    if !own || beside || !matches!(role, Role::Output | Role::Line) {
        return None;
    }
    let passages = reading
        .document
        .passages
        .iter()
        .enumerate()
        .skip(label + 1)
        .take(REACH);
    passages
        .take_while(|(_, passage)| passage.group == group && passage.role == role)
        .map(|(at, _)| at)
        .filter(|at| role == Role::Line || reading.numbers_in(*at).next().is_some())
        .map(|at| carried(reading, claims, at))
        .collect()
}
