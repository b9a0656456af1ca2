//! Where a file that is already there leaves off, found from its end.

use std::io::{self, Read, Seek, SeekFrom};

use crate::digest::{GENESIS, sha256_hex};
use crate::line::{MAX_LINE, Place, is_start_of_first_line};

/// First look at the end of a file; most last lines are far shorter.
const FIRST_LOOK: u64 = 8 << 10;

/// Where a file leaves off.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tail {
    /// Sequence number of the next line.
    pub(super) seq: u64,
    /// Digest of the last line's bytes.
    pub(super) prev: String,
    /// Whether the last line lacks its newline.
    pub(super) torn: bool,
    /// Whether no whole line is there: nothing, or what was left of writers that died at once.
    pub(super) blank: bool,
}

impl Tail {
    pub(super) fn of_new_file() -> Self {
        Self {
            seq: 0,
            prev: GENESIS.to_owned(),
            torn: false,
            blank: true,
        }
    }

    /// Reads as little of the end of `file` as tells where it leaves off; `None` when what is
    /// there is no record.
    pub(super) fn read(file: &mut (impl Read + Seek)) -> io::Result<Option<Self>> {
        let length = file.seek(SeekFrom::End(0))?;
        if length == 0 {
            return Ok(Some(Self::of_new_file()));
        }
        let mut look = FIRST_LOOK;
        loop {
            let from = length.saturating_sub(look);
            file.seek(SeekFrom::Start(from))?;
            let mut end = Vec::new();
            file.take(look).read_to_end(&mut end)?;
            if let Some(found) = Self::in_end(&end, from == 0) {
                return Ok(found);
            }
            if look > 2 * MAX_LINE as u64 {
                return Ok(None);
            }
            look *= 8;
        }
    }

    /// Looks for the last line of a record in the end of a file. The outer `None` asks for more of
    /// the file, the inner one says that it is no record.
    fn in_end(end: &[u8], is_whole: bool) -> Option<Option<Self>> {
        let torn = end.last() != Some(&b'\n');
        let body = if torn { end } else { &end[..end.len() - 1] };
        let mut prev = None;
        let mut first = body;
        let mut lines = 0;
        let starts_inside = usize::from(!is_whole);
        let known = memchr::memchr_iter(b'\n', body).count() + 1 - starts_inside;
        for line in body.rsplit(|&b| b == b'\n').take(known) {
            prev.get_or_insert_with(|| sha256_hex(line));
            lines += 1;
            first = line;
            if let Some(place) = Place::of(line) {
                let seq = place.seq.saturating_add(lines);
                let blank = false;
                return Some(prev.map(|prev| Self {
                    seq,
                    prev,
                    torn,
                    blank,
                }));
            }
        }
        if !is_whole {
            return None;
        }
        // Nothing but torn lines: the writers died in their very first write.
        let (seq, blank) = (lines, true);
        let prev = prev.filter(|_| is_start_of_first_line(first));
        Some(prev.map(|prev| Self {
            seq,
            prev,
            torn,
            blank,
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn tail(file: &[u8]) -> Option<Tail> {
        Tail::read(&mut Cursor::new(file)).unwrap()
    }

    #[test]
    fn a_line_that_is_seen_in_part_is_no_line() {
        let line = br#"{"seq":7,"prev":"","event":{"type":"x"}}"#;
        // The first look starts right after the `x`.
        let mut file = b"x".to_vec();
        file.extend_from_slice(line);
        file.resize(usize::try_from(FIRST_LOOK).unwrap(), b' ');
        file.push(b'\n');
        assert_eq!(tail(&file), None);
        file[0] = b'\n';
        assert_eq!(tail(&file).unwrap().seq, 8);
    }

    #[test]
    fn torn_lines_count_as_lines() {
        let file = b"{\"seq\":7,\"prev\":\"\",\"event\":{\"type\":\"x\"}}\n{\"se\n{\"seq\":9";
        let found = tail(file).unwrap();
        assert_eq!((found.seq, found.torn), (10, true));
        assert_eq!(found.prev, sha256_hex("{\"seq\":9"));
    }
}
