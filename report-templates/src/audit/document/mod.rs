//! Markdown as passages with exact source positions: headings, lines, items, cells, code lines.

mod flat;
mod position;
mod reader;
mod shape;

pub(crate) use position::Positions;
pub(crate) use reader::read;
pub(crate) use shape::{Document, List, Passage, Role, Table};
