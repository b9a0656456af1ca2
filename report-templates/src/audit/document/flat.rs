//! Text without its markup, each byte of which still knows its place in the source.

use crate::audit::numbers::SkipReason;
use std::ops::Range;

/// The text of a passage and the runs that lead back to the source.
#[derive(Debug, Default)]
pub(crate) struct Flat {
    pub(crate) text: String,
    /// `(flat offset, source offset)`, ascending; inside a run both advance together.
    runs: Vec<(usize, usize)>,
    /// Stretches whose numbers are skipped, with the reason.
    pub(crate) opaque: Vec<(Range<usize>, SkipReason)>,
    /// Stretches set in bold.
    pub(crate) strong: Vec<Range<usize>>,
}

impl Flat {
    pub(crate) fn push(&mut self, text: &str, source: usize) {
        if text.is_empty() {
            return;
        }
        let flat = self.text.len();
        let continues = self
            .runs
            .last()
            .is_some_and(|(f, s)| source == s + (flat - f));
        if !continues {
            self.runs.push((flat, source));
        }
        self.text.push_str(text);
    }

    /// Source offset of a flat offset.
    pub(crate) fn source(&self, flat: usize) -> usize {
        let run = self.runs.partition_point(|(start, _)| *start <= flat);
        match run.checked_sub(1).map(|index| self.runs[index]) {
            Some((start, source)) => source + (flat - start),
            None => 0,
        }
    }

    /// Source range of a non-empty flat range.
    pub(crate) fn source_range(&self, flat: Range<usize>) -> Range<usize> {
        if flat.is_empty() {
            let at = self.source(flat.start);
            return at..at;
        }
        self.source(flat.start)..self.source(flat.end - 1) + 1
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}
