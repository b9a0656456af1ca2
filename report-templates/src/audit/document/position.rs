//! Byte offsets to lines and columns.

/// Start offsets of all lines.
#[derive(Debug)]
pub(crate) struct Positions<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Positions<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut starts = vec![0];
        starts.extend(
            text.bytes()
                .enumerate()
                .filter(|(_, b)| *b == b'\n')
                .map(|(i, _)| i + 1),
        );
        Self { text, starts }
    }

    /// 1-based line of a byte offset.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// 1-based columns, in characters, for offsets in ascending order; one pass over each line.
    pub(crate) fn columns(&self, offsets: impl Iterator<Item = usize>) -> Vec<(usize, usize)> {
        let (mut line, mut at, mut column) = (0, 0, 1);
        offsets
            .map(|offset| {
                let here = self.line(offset);
                if here != line {
                    (line, at, column) = (here, self.starts[here - 1], 1);
                }
                column += self.text[at..offset].chars().count();
                at = offset;
                (line, column)
            })
            .collect()
    }
}
