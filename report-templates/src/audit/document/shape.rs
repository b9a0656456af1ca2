//! The parts of a read document, all in flat vectors that refer to each other by index.

use super::flat::Flat;

/// A whole document. Passages are in reading order.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) passages: Vec<Passage>,
    /// Section 0 is the document itself.
    pub(crate) sections: Vec<Section>,
    pub(crate) lists: Vec<List>,
    pub(crate) items: Vec<Item>,
    pub(crate) tables: Vec<Table>,
}

/// One line of a paragraph, one heading, one table cell: what a claim is worded in.
#[derive(Debug)]
pub(crate) struct Passage {
    pub(crate) role: Role,
    pub(crate) flat: Flat,
    pub(crate) section: usize,
    /// Passages of one paragraph, one list, one code block or one table share a group.
    pub(crate) group: usize,
    pub(crate) item: Option<usize>,
    /// After a horizontal rule and before the next heading: about the whole document.
    pub(crate) detached: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Heading,
    Line,
    /// First line of a list item.
    ItemHead,
    /// A line of a code block that holds plain output, not program text.
    Output,
    Cell {
        table: usize,
        row: usize,
        column: usize,
    },
    /// Program text and HTML: numbers in it are skipped.
    Opaque,
}

#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) level: u8,
    pub(crate) heading: Option<usize>,
    pub(crate) parent: usize,
    /// Passages of the section and its subsections, the heading included.
    pub(crate) first: usize,
    pub(crate) end: usize,
}

#[derive(Debug)]
pub(crate) struct List {
    /// The first ordinal, for an ordered list.
    pub(crate) start: Option<u64>,
    pub(crate) parent: Option<usize>,
    pub(crate) items: Vec<usize>,
    /// The line, item head or heading directly before the list.
    pub(crate) lead: Option<usize>,
    pub(crate) section: usize,
}

#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) list: usize,
    pub(crate) head: Option<usize>,
    pub(crate) task: Option<bool>,
}

/// Row 0 is the header.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) rows: Vec<Vec<usize>>,
    pub(crate) lead: Option<usize>,
}

impl Document {
    /// The headings above a passage, nearest first.
    pub(crate) fn headings_above(&self, passage: usize) -> impl Iterator<Item = usize> + '_ {
        let mut section = Some(self.passages[passage].section);
        std::iter::from_fn(move || {
            loop {
                let current = section?;
                section = (current != 0).then(|| self.sections[current].parent);
                if let Some(heading) = self.sections[current].heading {
                    return Some(heading);
                }
            }
        })
        .filter(move |heading| *heading != passage)
    }
}
