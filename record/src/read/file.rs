//! Reads one record file, line by line.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::chain::{self, Link};
use super::error::ReadError;
use super::output::{self, OutputError};
use super::problem::{Flaw, Problem};
use crate::digest::sha256_hex;
use crate::event::{Event, Output, SCHEMA_VERSION};
use crate::line::{self, Entry, MAX_LINE, Place};

/// A file that starts with so many unreadable lines is something else.
const FOREIGN_AFTER: usize = 16;

/// A file with more unreadable lines than this is not worth the memory to list them.
const MOST_UNREADABLE: usize = 1_000;

/// One record file as it is now.
#[derive(Debug, Clone)]
pub struct RecordFile {
    /// The file.
    pub path: PathBuf,
    /// Its readable lines, in the order of the file.
    pub lines: Vec<Line>,
    /// What is not as the writers left it, by line.
    pub problems: Vec<Problem>,
    /// SHA-256 of the last line's bytes, hexadecimal; that of no line is 64 zeros.
    pub head: String,
}

/// One readable line.
#[derive(Debug, Clone)]
pub struct Line {
    /// Line number in the file, from 1.
    pub number: usize,
    /// Sequence number that it claims, from 0.
    pub seq: u64,
    /// What it says.
    pub event: Event,
    /// SHA-256 of its bytes, hexadecimal.
    pub digest: String,
}

/// Reads a record file and checks its chain, its seals and the outputs kept beside it.
///
/// Memory grows with the events that are kept, not with what is skipped.
///
/// # Errors
/// When nothing of it can be read: [`ReadError::Io`], [`ReadError::Newer`],
/// [`ReadError::Foreign`], [`ReadError::Damaged`], [`ReadError::TooLong`]. All else is a [`Problem`].
pub fn read_file(path: &Path) -> Result<RecordFile, ReadError> {
    let io = |cause| ReadError::Io {
        path: path.to_path_buf(),
        cause,
    };
    let file = File::open(path).map_err(io)?;
    let mut record = read_from(path, BufReader::with_capacity(64 << 10, file))?;
    check_blobs(&mut record).map_err(io)?;
    record.problems.sort_by_key(|problem| problem.line);
    Ok(record)
}

/// Reads a record from `source` and checks its chain and its seals; outputs kept beside it are not
/// looked at. `path` is what errors and problems call it.
///
/// # Errors
/// As [`read_file`].
pub fn read_from(path: &Path, mut source: impl BufRead) -> Result<RecordFile, ReadError> {
    let mut reading = Reading::new(path);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let mut limited = (&mut source).take(MAX_LINE as u64 + 1);
        let read = limited.read_until(b'\n', &mut bytes);
        let read = read.map_err(|cause| ReadError::Io {
            path: path.to_path_buf(),
            cause,
        })?;
        if read == 0 {
            return reading.finish();
        }
        let whole = bytes.last() == Some(&b'\n');
        if whole {
            bytes.pop();
        } else if bytes.len() > MAX_LINE {
            let (path, line) = (path.to_path_buf(), reading.links.len() + 1);
            return Err(ReadError::TooLong {
                path,
                line,
                limit: MAX_LINE,
            });
        }
        reading.take(&bytes, whole)?;
    }
}

/// What is known of a file while it is read.
struct Reading {
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
    fn new(path: &Path) -> Self {
        let record = RecordFile {
            path: path.to_path_buf(),
            lines: Vec::new(),
            problems: Vec::new(),
            head: crate::digest::GENESIS.to_owned(),
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

    fn take(&mut self, bytes: &[u8], whole: bool) -> Result<(), ReadError> {
        let number = self.links.len() + 1;
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

    fn finish(mut self) -> Result<RecordFile, ReadError> {
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

/// Checks every output that is kept beside the record, each once.
fn check_blobs(record: &mut RecordFile) -> io::Result<()> {
    let directory = record.path.parent().unwrap_or(Path::new("")).to_path_buf();
    let mut seen = HashSet::new();
    let mut flaws = Vec::new();
    for line in &record.lines {
        for output in outputs(&line.event) {
            let Output::Blob { sha256, bytes } = output else {
                continue;
            };
            if !seen.insert((sha256, bytes)) {
                continue;
            }
            let sha256 = sha256.clone();
            match output::check_blob(&directory, &sha256, *bytes) {
                Ok(()) => {}
                Err(OutputError::Missing { .. }) => {
                    flaws.push((line.number, Flaw::BlobMissing { sha256 }));
                }
                Err(OutputError::Io { cause, .. }) => return Err(cause),
                Err(_) => flaws.push((line.number, Flaw::BlobEdited { sha256 })),
            }
        }
    }
    for (line, flaw) in flaws {
        let path = record.path.clone();
        record.problems.push(Problem { path, line, flaw });
    }
    Ok(())
}

fn outputs(event: &Event) -> Vec<&Output> {
    match event {
        Event::Attempt(attempt) => vec![&attempt.stdout, &attempt.stderr],
        Event::Hook(hook) => vec![&hook.stdout, &hook.stderr],
        _ => Vec::new(),
    }
}
