//! The record of this process's part of the run. Its failure never stops the tests, and is never
//! kept quiet.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use phasegate_record::event::{Event, Output};
use phasegate_record::redact::Redactor;
use phasegate_record::write::{Encoded, Encoder, WriteError, Writer};

use crate::execution::capture::Captured;

/// As many events take longer to encode than a thread takes to start.
const WORTH_A_THREAD: usize = 250;

/// Writes events; remembers the first failure.
#[derive(Debug)]
pub(crate) struct Recorder {
    /// Outside the lock, so that workers encode at the same time and only write in turn.
    encoder: Encoder,
    target: Mutex<Target>,
    failure: Mutex<Option<WriteError>>,
}

/// Where events go.
#[derive(Debug)]
enum Target {
    /// A file that this process alone writes.
    Own(Writer),
    /// A file that many processes write in turn; it is held only for the time of one event.
    Shared(PathBuf, Redactor),
    /// Nowhere, after a failure or at the end.
    Closed,
}

impl Recorder {
    /// Starts the file of a binary that one process runs as a whole. A second process of the same
    /// binary in the same run gets a file of its own.
    pub(crate) fn own(dir: &Path, stem: &str, redactor: &Redactor) -> Self {
        let mut number = 1;
        loop {
            let path = file_of(dir, stem, number);
            match Writer::create(&path, redactor.clone()) {
                Err(WriteError::Io { cause, .. })
                    if cause.kind() == std::io::ErrorKind::AlreadyExists && number < 1_000 =>
                {
                    number += 1
                }
                Ok(writer) => {
                    return Self {
                        encoder: Encoder::new(&path, redactor.clone()),
                        target: Mutex::new(Target::Own(writer)),
                        failure: Mutex::default(),
                    };
                }
                Err(error) => {
                    return Self {
                        encoder: Encoder::new(&path, redactor.clone()),
                        target: Mutex::new(Target::Closed),
                        failure: Mutex::new(Some(error)),
                    };
                }
            }
        }
    }

    /// Joins the file that all processes of one binary share.
    pub(crate) fn shared(dir: &Path, stem: &str, redactor: &Redactor) -> Self {
        let path = file_of(dir, stem, 1);
        Self {
            encoder: Encoder::new(&path, redactor.clone()),
            target: Mutex::new(Target::Shared(path, redactor.clone())),
            failure: Mutex::default(),
        }
    }

    /// Whether somebody has begun the shared file.
    pub(crate) fn exists(&self) -> bool {
        match &*self.lock() {
            Target::Shared(path, _) => path.metadata().is_ok_and(|m| m.len() > 0),
            _ => true,
        }
    }

    /// Begins the shared file, unless another process was faster.
    pub(crate) fn open_shared(&self, opening: &[Event]) {
        self.with(|writer| {
            if writer.is_new() {
                writer.write_all(opening)
            } else {
                Ok(())
            }
        });
    }

    fn lock(&self) -> MutexGuard<'_, Target> {
        self.target.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets `write` have the file; after the first failure nobody gets it any more.
    fn with<T>(&self, write: impl FnOnce(&mut Writer) -> Result<T, WriteError>) -> Option<T> {
        let mut target = self.lock();
        let result = match &mut *target {
            Target::Closed => return None,
            Target::Own(writer) => write(writer),
            Target::Shared(path, redactor) => {
                Writer::append(path, redactor.clone()).and_then(|mut writer| write(&mut writer))
            }
        };
        result.map_err(|error| self.fail(&mut target, error)).ok()
    }

    fn fail(&self, target: &mut Target, error: WriteError) {
        *target = Target::Closed;
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(error);
    }

    /// Writes many events at once.
    pub(crate) fn write_all(&self, events: &[Event]) {
        if self.is_closed() {
            return;
        }
        match self.encode_all(events) {
            Ok(encoded) => drop(self.with(|writer| writer.write_all_encoded(&encoded))),
            Err(error) => self.fail(&mut self.lock(), error),
        }
    }

    /// Encodes events on all processors: the inventory of a large binary is what its first test
    /// waits for.
    fn encode_all(&self, events: &[Event]) -> Result<Vec<Encoded>, WriteError> {
        let encode = |part: &[Event]| -> Result<Vec<Encoded>, WriteError> {
            part.iter().map(|e| self.encoder.encode(e)).collect()
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let share = events.len().div_ceil(threads).max(WORTH_A_THREAD);
        std::thread::scope(|scope| {
            let mut parts = events.chunks(share);
            let own = parts.next().unwrap_or_default();
            let others: Vec<_> = parts
                .map(|part| scope.spawn(move || encode(part)))
                .collect();
            let mut all = encode(own)?;
            for other in others {
                match other.join() {
                    Ok(part) => all.append(&mut part?),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            Ok(all)
        })
    }

    /// Writes one event.
    pub(crate) fn write(&self, event: &Event) {
        if self.is_closed() {
            return;
        }
        match self.encoder.encode(event) {
            Ok(encoded) => drop(self.with(|writer| writer.write_encoded(&encoded))),
            Err(error) => self.fail(&mut self.lock(), error),
        }
    }

    fn is_closed(&self) -> bool {
        matches!(*self.lock(), Target::Closed)
    }

    /// Turns captured bytes into what the record keeps of them.
    pub(crate) fn output(&self, captured: &Captured) -> Output {
        match captured {
            Captured::Shared => Output::NotCaptured,
            Captured::Bytes(bytes) if bytes.is_empty() => Output::Empty,
            Captured::Bytes(_) if self.is_closed() => Output::NotCaptured,
            Captured::Bytes(bytes) => self.encoder.output(bytes).unwrap_or_else(|error| {
                self.fail(&mut self.lock(), error);
                Output::NotCaptured
            }),
        }
    }

    /// Closes the file.
    pub(crate) fn seal(&self) {
        let mut target = self.lock();
        let sealed = match std::mem::replace(&mut *target, Target::Closed) {
            Target::Own(writer) => writer.seal(),
            Target::Shared(path, redactor) => {
                Writer::append(&path, redactor).and_then(Writer::seal)
            }
            Target::Closed => return,
        };
        if let Err(error) = sealed {
            self.fail(&mut target, error);
        }
    }

    /// The first failure, if there was one.
    pub(crate) fn failure(&self) -> Option<WriteError> {
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

fn file_of(dir: &Path, stem: &str, number: u32) -> PathBuf {
    match number {
        1 => dir.join(format!("{stem}.ndjson")),
        n => dir.join(format!("{stem}-{n}.ndjson")),
    }
}
