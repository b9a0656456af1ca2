//! What is known of a file while it is read, and what is made of it at the end.

use std::path::Path;

use super::chain::{self, Link};
use super::error::ReadError;
use super::file::{Line, RecordFile};
use super::problem::{Flaw, Problem};
use crate::digest::{GENESIS, sha256_hex};
use crate::event::{Event, SCHEMA_VERSION};
use crate::line::{self, Entry, Place};

/// A file that starts with so many unreadable lines is something else.
const FOREIGN_AFTER: usize = 16;

/// A file with more unreadable lines than this is not worth the memory to list them.
const MOST_UNREADABLE: usize = 1_000;

/// What is known of a file while it is read.
pub(super) struct Reading {
    record: RecordFile,
    links: Vec<Link>,
    /// Line numbers and causes of lines that could not be read.
    unreadable: Vec<(usize, String)>,
    /// Whether the last line lacks its newline.
    torn: bool,
    /// Whether the first line could be the start of a record.
    starts_like_record: bool,
    sealed: bool,
}

impl Reading {
    pub(super) fn new(path: &Path) -> Self {
        let record = RecordFile {
            path: path.to_path_buf(),
            lines: Vec::new(),
            problems: Vec::new(),
            head: GENESIS.to_owned(),
        };
        Self {
            record,
            links: Vec::new(),
            unreadable: Vec::new(),
            torn: false,
            starts_like_record: true,
            sealed: false,
        }
    }

    /// The number of the line that comes next.
    pub(super) fn next_number(&self) -> usize {
        self.links.len() + 1
    }

    /// Takes the next line, its newline not included; `whole` says whether it had one.
    pub(super) fn take(&mut self, bytes: &[u8], whole: bool) -> Result<(), ReadError> {
        let number = self.next_number();
        let digest = sha256_hex(bytes);
        self.torn = !whole;
        self.sealed = false;
        let (seq, prev) = match serde_json::from_slice::<Entry>(bytes) {
            Ok(entry) => self.take_entry(number, bytes, &digest, entry)?,
            Err(error) => self.take_unreadable(number, bytes, &error)?,
        };
        self.record.head.clone_from(&digest);
        self.links.push(Link {
            number,
            seq,
            prev,
            digest,
        });
        Ok(())
    }

    fn take_entry(
        &mut self,
        number: usize,
        bytes: &[u8],
        digest: &str,
        entry: Entry,
    ) -> Result<(u64, Option<String>), ReadError> {
        let Entry { seq, prev, event } = entry;
        match &event {
            Event::Run(run) if run.schema > SCHEMA_VERSION => {
                return Err(self.newer(number, run.schema.into(), run.harness.clone()));
            }
            Event::Seal { lines } => {
                self.sealed = true;
                self.check_seal(number, bytes, seq, &prev, *lines);
            }
            _ => {}
        }
        let digest = digest.to_owned();
        self.record.lines.push(Line {
            number,
            seq,
            event,
            digest,
        });
        Ok((seq, Some(prev)))
    }

    /// A seal is written in exactly one way; nothing after it may vouch for it.
    fn check_seal(&mut self, number: usize, bytes: &[u8], seq: u64, prev: &str, says: u64) {
        if says != seq {
            self.problem(number, Flaw::SealCount { says, is: seq });
        }
        let mut canonical = Vec::new();
        let event = format!(r#"{{"type":"seal","lines":{says}}}"#);
        line::encode(&mut canonical, seq, prev, event.as_bytes());
        if canonical != bytes {
            self.problem(number, Flaw::Reframed);
        }
    }

    fn take_unreadable(
        &mut self,
        number: usize,
        bytes: &[u8],
        error: &serde_json::Error,
    ) -> Result<(u64, Option<String>), ReadError> {
        let place = Place::of(bytes);
        if let Some(Place { event, .. }) = &place {
            let schema = event.schema.filter(|_| event.kind == "run");
            if let Some(found) = schema.filter(|&found| found > SCHEMA_VERSION.into()) {
                let harness = event
                    .harness
                    .clone()
                    .unwrap_or_else(|| "(unknown)".to_owned());
                return Err(self.newer(number, found, harness));
            }
        }
        if number == 1 {
            self.starts_like_record = place.is_some() || line::is_start_of_first_line(bytes);
        }
        self.unreadable.push((number, error.to_string()));
        if number == FOREIGN_AFTER && !self.starts_like_record && self.record.lines.is_empty() {
            return Err(self.foreign());
        }
        if self.unreadable.len() > MOST_UNREADABLE {
            let path = self.record.path.clone();
            return Err(ReadError::Damaged { path, line: number });
        }
        let follows = self
            .links
            .last()
            .map_or(0, |link| link.seq.saturating_add(1));
        Ok(place.map_or((follows, None), |place| (place.seq, Some(place.prev))))
    }

    /// Judges the file as a whole.
    pub(super) fn finish(mut self) -> Result<RecordFile, ReadError> {
        if !self.starts_like_record && self.record.lines.is_empty() {
            return Err(self.foreign());
        }
        let last = self.links.len();
        for (number, why) in std::mem::take(&mut self.unreadable) {
            let torn = if number == last {
                self.torn
            } else {
                self.was_torn(number)
            };
            self.problem(
                number,
                if torn {
                    Flaw::Torn
                } else {
                    Flaw::Malformed { why }
                },
            );
        }
        if self.torn
            && self
                .record
                .lines
                .last()
                .is_some_and(|line| line.number == last)
        {
            self.problem(last, Flaw::Torn);
        }
        for (number, flaw) in chain::flaws(&self.links) {
            self.problem(number, flaw);
        }
        if !self.sealed {
            self.problem(last, Flaw::Unsealed);
        }
        Ok(self.record)
    }

    /// A line that was cut off, and then ended by the next writer, is vouched for by the next line.
    fn was_torn(&self, number: usize) -> bool {
        let (line, next) = (&self.links[number - 1], &self.links[number]);
        line.prev.is_none() && next.prev.as_deref().is_none_or(|prev| prev == line.digest)
    }

    fn problem(&mut self, line: usize, flaw: Flaw) {
        let path = self.record.path.clone();
        self.record.problems.push(Problem { path, line, flaw });
    }

    fn newer(&self, line: usize, found: u64, harness: String) -> ReadError {
        let path = self.record.path.clone();
        ReadError::Newer {
            path,
            line,
            found,
            supported: SCHEMA_VERSION,
            harness,
        }
    }

    fn foreign(&self) -> ReadError {
        let path = self.record.path.clone();
        ReadError::Foreign { path }
    }
}
