//! Appends events to a record file.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use super::encoder::{Encoded, Encoder};
use super::error::WriteError;
use super::lock::Locked;
use super::tail::Tail;
use crate::digest::sha256_hex;
use crate::event::{Event, Output};
use crate::heads;
use crate::line::{self, MAX_LINE};
use crate::redact::Redactor;

/// Bytes that [`Writer::write_all`] collects before it asks the system to write.
const BATCH: usize = 1 << 20;

/// Appends events to a record file, one line each, and takes secrets out of them on the way.
///
/// The file is locked against other writers until the writer is dropped or sealed; they wait. The
/// lock is advisory and belongs to the open file: a child that is *forked* while a writer lives
/// shares it until either of them lets go.
///
/// After a failed write every further call returns that first error, so that a line after a hole
/// never looks whole.
///
/// ```
/// use phasegate_record::event::{Event, Note, NoteLevel};
/// use phasegate_record::{read, redact::Redactor, write::Writer};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// let path = directory.path().join("unit.ndjson");
/// let secrets = [("DB_PASSWORD".to_owned(), "hunter22".to_owned())];
/// let mut writer = Writer::create(&path, Redactor::new(secrets))?;
/// let text = "logged in with hunter22".to_owned();
/// writer.write(&Event::Note(Note { level: NoteLevel::Info, text }))?;
/// let head = writer.seal()?;
///
/// let record = read::read_file(&path)?;
/// assert!(record.problems.is_empty());
/// assert_eq!(record.head, head);
/// let Event::Note(note) = &record.lines[0].event else { panic!() };
/// assert_eq!(note.text, "logged in with [redacted:DB_PASSWORD]");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Writer {
    encoder: Encoder,
    file: Locked,
    seq: u64,
    prev: String,
    is_new: bool,
    /// Lines that are complete but not yet given to the system.
    pending: Vec<u8>,
    event: Vec<u8>,
    failed: Option<WriteError>,
}

impl Writer {
    /// Starts a record at `path`; its parent directories are made.
    ///
    /// # Errors
    /// [`WriteError::Io`] when the file is there already or cannot be made.
    pub fn create(path: &Path, redactor: Redactor) -> Result<Self, WriteError> {
        let mut options = OpenOptions::new();
        options.create_new(true).append(true);
        let file = Self::open(path, &options, "create")?;
        Ok(Self::new(path, file, redactor, Tail::of_new_file()))
    }

    /// Starts a record at `path` or continues the one that is there.
    ///
    /// Waits until no other writer has the file. Only the end of the file is read: the cost does
    /// not grow with its length. A torn last line stays as it is, ended with a newline; the reader
    /// reports it.
    ///
    /// # Errors
    /// [`WriteError::Foreign`] when the file is there and does not end like a record;
    /// [`WriteError::Io`] when it cannot be opened, locked or read.
    pub fn append(path: &Path, redactor: Redactor) -> Result<Self, WriteError> {
        let mut options = OpenOptions::new();
        options.create(true).append(true).read(true);
        let mut file = Self::open(path, &options, "open")?;
        let tail = Tail::read(file.file()).map_err(WriteError::io("read", path))?;
        let tail = tail.ok_or_else(|| WriteError::Foreign {
            path: path.to_path_buf(),
        })?;
        Ok(Self::new(path, file, redactor, tail))
    }

    fn open(path: &Path, options: &OpenOptions, doing: &'static str) -> Result<Locked, WriteError> {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(WriteError::io("create", parent))?;
        }
        Locked::open(options, path).map_err(WriteError::io(doing, path))
    }

    fn new(path: &Path, file: Locked, redactor: Redactor, tail: Tail) -> Self {
        // Ends a torn line in the same write as the line that follows it.
        let pending = if tail.torn { vec![b'\n'] } else { Vec::new() };
        Self {
            encoder: Encoder::new(path, redactor),
            file,
            is_new: tail.blank,
            seq: tail.seq,
            prev: tail.prev,
            pending,
            event: Vec::new(),
            failed: None,
        }
    }

    /// Whether the file held no whole line when this writer opened it: the one who finds it so
    /// writes the run and its inventory.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// The file that is written.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.encoder.path()
    }

    /// Appends one event as one line, in one write. Nothing is forced to the disk.
    ///
    /// # Errors
    /// [`WriteError::Io`] when the disk is full or gone, and the same error again ever after;
    /// [`WriteError::TooLong`] for an event that no reader would take.
    pub fn write(&mut self, event: &Event) -> Result<(), WriteError> {
        self.stage(event)?;
        self.flush()
    }

    /// Appends many events in few large writes.
    ///
    /// # Errors
    /// As [`write`](Self::write). Events before the one that failed may have been written.
    pub fn write_all<'a>(
        &mut self,
        events: impl IntoIterator<Item = &'a Event>,
    ) -> Result<(), WriteError> {
        for event in events {
            self.stage(event)?;
            if self.pending.len() >= BATCH {
                self.flush()?;
            }
        }
        self.flush()
    }

    /// Appends an event that was encoded before, as [`write`](Self::write) does.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_encoded(&mut self, event: &Encoded) -> Result<(), WriteError> {
        self.frame(event.bytes())?;
        self.flush()
    }

    /// Appends many events that were encoded before, in few large writes.
    ///
    /// # Errors
    /// As [`write_all`](Self::write_all).
    pub fn write_all_encoded<'a>(
        &mut self,
        events: impl IntoIterator<Item = &'a Encoded>,
    ) -> Result<(), WriteError> {
        for event in events {
            self.frame(event.bytes())?;
            if self.pending.len() >= BATCH {
                self.flush()?;
            }
        }
        self.flush()
    }

    /// As [`Encoder::output`].
    ///
    /// # Errors
    /// As [`Encoder::output`].
    pub fn output(&self, bytes: &[u8]) -> Result<Output, WriteError> {
        self.encoder.output(bytes)
    }

    /// Closes what this process wrote and returns the digest of the file's last line, hexadecimal.
    /// Whoever keeps that digest elsewhere can tell later whether the whole file is what it was.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn seal(mut self) -> Result<String, WriteError> {
        self.write(&Event::Seal { lines: self.seq })?;
        heads::add(self.path(), self.seq, &self.prev)
            .map_err(WriteError::io("list the head of", self.path()))?;
        Ok(self.prev)
    }

    fn stage(&mut self, event: &Event) -> Result<(), WriteError> {
        let mut json = std::mem::take(&mut self.event);
        let staged = self.encoder.encode_into(&mut json, event);
        let staged = staged.and_then(|()| self.frame(&json));
        self.event = json;
        staged
    }

    /// Adds a line to those that wait to be written.
    fn frame(&mut self, event: &[u8]) -> Result<(), WriteError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let start = self.pending.len();
        line::encode(&mut self.pending, self.seq, &self.prev, event);
        let bytes = self.pending.len() - start;
        if bytes > MAX_LINE {
            self.pending.truncate(start);
            let path = self.path().to_path_buf();
            return Err(WriteError::TooLong { path, bytes });
        }
        self.prev = sha256_hex(&self.pending[start..]);
        self.seq += 1;
        self.pending.push(b'\n');
        Ok(())
    }

    fn flush(&mut self) -> Result<(), WriteError> {
        let written = self.file.file().write_all(&self.pending);
        self.pending.clear();
        written.map_err(|cause| {
            let error = WriteError::io("write", self.encoder.path())(cause);
            self.failed = Some(error.clone());
            error
        })
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::event::{Note, NoteLevel};

    #[test]
    fn a_disk_with_room_again_does_not_hide_the_hole() {
        let dir = tempfile::tempdir().unwrap();
        let note = Event::Note(Note {
            level: NoteLevel::Info,
            text: "x".to_owned(),
        });
        let mut writer = Writer::append(Path::new("/dev/full"), Redactor::none()).unwrap();
        let first = writer.write(&note).unwrap_err();
        let path = dir.path().join("a.ndjson");
        writer.file = Writer::create(&path, Redactor::none()).unwrap().file;
        assert_eq!(
            writer.write(&note).unwrap_err().to_string(),
            first.to_string()
        );
        assert!(writer.seal().is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"");
    }
}
