//! Parser events to passages.

use super::flat::Flat;
use super::shape::{Document, Item, List, Passage, Role, Section, Table};
use crate::audit::numbers::SkipReason;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Reads any text as GitHub-flavoured Markdown; nothing is refused.
pub(crate) fn read(text: &str) -> Document {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let mut reader = Reader::new(text);
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.take(event, range);
    }
    reader.finish()
}

struct Reader<'a> {
    text: &'a str,
    document: Document,
    flat: Flat,
    role: Role,
    group: usize,
    groups: usize,
    section: usize,
    open_lists: Vec<usize>,
    open_items: Vec<usize>,
    item_fresh: bool,
    detached: bool,
    struck: usize,
    strong_from: Option<usize>,
    code: Option<bool>,
    table: Option<usize>,
    /// The last passage, while nothing but a list or a table has come after it.
    lead: Option<usize>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let root = Section {
            level: 0,
            heading: None,
            parent: 0,
            first: 0,
            end: 0,
        };
        Self {
            text,
            document: Document {
                sections: vec![root],
                ..Document::default()
            },
            flat: Flat::default(),
            role: Role::Line,
            group: 0,
            groups: 0,
            section: 0,
            open_lists: Vec::new(),
            open_items: Vec::new(),
            item_fresh: false,
            detached: false,
            struck: 0,
            strong_from: None,
            code: None,
            table: None,
            lead: None,
        }
    }

    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text, range),
            Event::Code(code) => self.code_span(&code, range),
            Event::SoftBreak => self.soft_break(range),
            Event::HardBreak => self.flush(),
            Event::TaskListMarker(ticked) => {
                if let Some(item) = self.open_items.last() {
                    self.document.items[*item].task = Some(ticked);
                }
            }
            Event::InlineHtml(_) => self.flat.push(" ", range.start),
            Event::Html(html) => self.opaque(&html, range.start),
            Event::Rule => {
                self.lead = None;
                self.detached = true;
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => self.open_section(level),
            Tag::Paragraph | Tag::HtmlBlock => self.flush_into_new_group(),
            Tag::CodeBlock(kind) => {
                self.flush_into_new_group();
                self.code = Some(is_output(&kind));
            }
            Tag::List(start) => self.open_list(start),
            Tag::Item => self.open_item(),
            Tag::Table(_) => {
                self.flush_into_new_group();
                self.table = Some(self.document.tables.len());
                let table = Table {
                    rows: Vec::new(),
                    lead: self.lead,
                };
                self.document.tables.push(table);
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = self.document.tables.last_mut() {
                    table.rows.push(Vec::new());
                }
            }
            Tag::Strikethrough => self.struck += 1,
            Tag::Strong => self.strong_from = Some(self.flat.text.len()),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.flush();
                self.role = Role::Line;
            }
            TagEnd::Paragraph => self.flush(),
            TagEnd::CodeBlock => {
                self.flush();
                self.code = None;
                self.role = Role::Line;
            }
            TagEnd::List(_) => {
                self.open_lists.pop();
                self.lead = None;
            }
            TagEnd::Item => {
                self.flush();
                self.open_items.pop();
                self.item_fresh = false;
            }
            TagEnd::Table => {
                self.table = None;
                self.lead = None;
            }
            TagEnd::TableCell => self.cell(),
            TagEnd::Strikethrough => self.struck = self.struck.saturating_sub(1),
            TagEnd::Strong => {
                if let Some(start) = self.strong_from.take() {
                    let end = self.flat.text.len();
                    if start < end {
                        self.flat.strong.push(start..end);
                    }
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        match self.code {
            Some(output) => self.code_lines(text, range.start, output),
            None => {
                let start = self.flat.text.len();
                self.flat.push(text, range.start);
                if self.struck > 0 {
                    self.flat
                        .opaque
                        .push((start..self.flat.text.len(), SkipReason::Struck));
                }
            }
        }
    }

    fn code_span(&mut self, code: &str, range: Range<usize>) {
        let source = self.text.get(range.clone()).unwrap_or_default();
        let inside = source.find(code).unwrap_or(0);
        let start = self.flat.text.len();
        self.flat.push(code, range.start + inside);
        if !is_plain_figure(code) {
            self.flat
                .opaque
                .push((start..self.flat.text.len(), SkipReason::Code));
        }
    }

    fn code_lines(&mut self, text: &str, start: usize, output: bool) {
        let mut at = start;
        for line in text.split_inclusive('\n') {
            let bare = line.trim_end_matches(['\n', '\r']);
            self.flat.push(bare, at);
            at += line.len();
            if line.ends_with('\n') {
                self.role = if output { Role::Output } else { Role::Opaque };
                self.flush();
            }
        }
        self.role = if output { Role::Output } else { Role::Opaque };
    }

    fn opaque(&mut self, html: &str, start: usize) {
        self.flush();
        self.role = Role::Opaque;
        self.flat.push(html, start);
        self.flush();
        self.role = Role::Line;
    }

    /// Joins wrapped prose; lines that start like a claim of their own stay apart.
    fn soft_break(&mut self, range: Range<usize>) {
        let next = self.text[range.end..].trim_start();
        let continues =
            next.starts_with(|c: char| c.is_lowercase() || c == '(' || c.is_ascii_digit());
        let open = self
            .flat
            .text
            .trim_end()
            .ends_with(|c: char| c.is_alphanumeric() || c == ',');
        if continues && open && !self.flat.text.contains(": ") {
            self.flat.push(" ", range.start);
        } else {
            self.flush();
        }
    }

    fn open_section(&mut self, level: HeadingLevel) {
        self.flush_into_new_group();
        self.detached = false;
        let level = level as u8;
        while self.document.sections[self.section].level >= level {
            let at = self.document.passages.len();
            self.document.sections[self.section].end = at;
            self.section = self.document.sections[self.section].parent;
        }
        let first = self.document.passages.len();
        let section = Section {
            level,
            heading: None,
            parent: self.section,
            first,
            end: first,
        };
        self.section = self.document.sections.len();
        self.document.sections.push(section);
        self.role = Role::Heading;
    }

    fn open_list(&mut self, start: Option<u64>) {
        self.flush();
        self.open_lists.push(self.document.lists.len());
        let parent = self.open_items.last().copied();
        self.document.lists.push(List {
            start,
            parent,
            items: Vec::new(),
            lead: self.lead,
            section: self.section,
        });
    }

    fn open_item(&mut self) {
        self.flush();
        let Some(list) = self.open_lists.last().copied() else {
            return;
        };
        let item = self.document.items.len();
        self.document.items.push(Item {
            list,
            head: None,
            task: None,
        });
        self.document.lists[list].items.push(item);
        self.open_items.push(item);
        self.groups += 1;
        self.group = self.groups;
        self.item_fresh = true;
    }

    fn cell(&mut self) {
        let Some(table) = self.table else { return };
        let rows = &self.document.tables[table].rows;
        let row = rows.len().saturating_sub(1);
        let column = rows.last().map_or(0, Vec::len);
        self.role = Role::Cell { table, row, column };
        let index = self.document.passages.len();
        self.place();
        self.role = Role::Line;
        if let Some(cells) = self.document.tables[table].rows.last_mut() {
            cells.push(index);
        }
    }

    fn flush_into_new_group(&mut self) {
        self.flush();
        self.groups += 1;
        self.group = self.groups;
    }

    fn flush(&mut self) {
        if self.flat.is_blank() {
            self.flat = Flat::default();
            return;
        }
        self.lead = Some(self.document.passages.len());
        self.place();
    }

    fn place(&mut self) {
        let index = self.document.passages.len();
        let mut role = self.role;
        let item = self.open_items.last().copied();
        let mut group = self.group;
        if role == Role::Line
            && let (Some(item), true) = (item, self.item_fresh)
        {
            role = Role::ItemHead;
            self.document.items[item].head = Some(index);
            self.item_fresh = false;
            // Lists count their groups from the top, paragraphs from the bottom.
            group = usize::MAX - self.document.items[item].list;
        }
        if role == Role::Heading {
            self.document.sections[self.section].heading = Some(index);
        }
        self.document.passages.push(Passage {
            role,
            flat: std::mem::take(&mut self.flat),
            section: self.section,
            group,
            item,
            detached: self.detached,
        });
    }

    fn finish(mut self) -> Document {
        self.flush();
        let end = self.document.passages.len();
        let mut section = self.section;
        loop {
            self.document.sections[section].end = end;
            if section == 0 {
                return self.document;
            }
            section = self.document.sections[section].parent;
        }
    }
}

/// Whether a code block holds plain output rather than program text.
fn is_output(kind: &CodeBlockKind<'_>) -> bool {
    match kind {
        CodeBlockKind::Indented => true,
        CodeBlockKind::Fenced(info) => {
            let language = info.split_whitespace().next().unwrap_or_default();
            matches!(
                language,
                "" | "text" | "txt" | "plain" | "plaintext" | "output" | "log" | "console"
            )
        }
    }
}

/// Whether a code span is a bare figure (`12/20`, `84.1%`, `35 passed`) rather than code.
fn is_plain_figure(code: &str) -> bool {
    let plain = |c: char| c.is_ascii_digit() || " /%.,+~()|:".contains(c) || c.is_ascii_lowercase();
    code.starts_with(|c: char| c.is_ascii_digit() || c == '~' || c == '+')
        && code.chars().all(plain)
        && code.split(' ').all(|word| {
            let digits = word.contains(|c: char| c.is_ascii_digit());
            !(digits && word.contains(|c: char| c.is_ascii_lowercase()))
        })
        && code.matches('.').count() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_block_of_code_is_no_code() {
        let document = read("```rust\nlet x = 1;\n```\n\nPassed 3 of 4\n\n- one\n");
        let roles: Vec<_> = document
            .passages
            .iter()
            .map(|passage| passage.role)
            .collect();
        assert_eq!(roles, [Role::Opaque, Role::Line, Role::ItemHead]);
    }
}
