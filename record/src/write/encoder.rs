//! The part of writing that needs no file: many threads can do it at once while one of them writes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::blob;
use super::error::WriteError;
use crate::event::{Event, Output};
use crate::redact::Redactor;

/// Outputs above this many bytes are kept beside the record instead of in it.
const LARGEST_INLINE: usize = 64 << 10;

/// Turns events into what stands in a line, and takes secrets out of them on the way.
#[derive(Debug, Clone)]
pub struct Encoder {
    path: PathBuf,
    redactor: Redactor,
}

/// An event as it stands in a line: JSON without secrets. Only an [`Encoder`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded(Vec<u8>);

impl Encoder {
    /// An encoder for the record at `path`; nothing is opened.
    #[must_use]
    pub fn new(path: &Path, redactor: Redactor) -> Self {
        Self {
            path: path.to_path_buf(),
            redactor,
        }
    }

    /// The file that is written.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Encodes one event.
    ///
    /// # Errors
    /// [`WriteError::Encode`], which no event of this crate causes.
    pub fn encode(&self, event: &Event) -> Result<Encoded, WriteError> {
        let mut json = Vec::new();
        self.encode_into(&mut json, event)?;
        Ok(Encoded(json))
    }

    /// As [`encode`](Self::encode), into a buffer that is used again.
    pub(super) fn encode_into(&self, json: &mut Vec<u8>, event: &Event) -> Result<(), WriteError> {
        json.clear();
        serde_json::to_writer(&mut *json, event).map_err(|cause| WriteError::Encode {
            path: self.path.clone(),
            cause: Arc::new(cause),
        })?;
        if let std::borrow::Cow::Owned(clean) = self.redactor.redact_json(json) {
            *json = clean;
        }
        Ok(())
    }

    /// Takes the secrets out of a captured stream and decides where it is kept: in the line up to
    /// 64 KiB, as text where it is UTF-8, and beside the record above that.
    ///
    /// Never returns [`Output::NotCaptured`]: only the caller knows that.
    ///
    /// # Errors
    /// [`WriteError::Io`] when a large output cannot be kept.
    pub fn output(&self, bytes: &[u8]) -> Result<Output, WriteError> {
        let clean = self.redactor.redact_bytes(bytes);
        if clean.is_empty() {
            return Ok(Output::Empty);
        }
        if clean.len() > LARGEST_INLINE {
            return blob::keep(&self.path, &clean);
        }
        Ok(match std::str::from_utf8(&clean) {
            Ok(text) => Output::Text {
                text: text.to_owned(),
            },
            Err(_) => Output::Base64 {
                data: STANDARD.encode(&clean),
            },
        })
    }
}

impl Encoded {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_beforehand_is_written_as_if_it_were_not() {
        let dir = tempfile::tempdir().unwrap();
        let redactor = || Redactor::new([("PIN".to_owned(), "314159".to_owned())]);
        let events: Vec<Event> = (0..3)
            .map(|n| {
                Event::Note(crate::event::Note {
                    level: crate::event::NoteLevel::Info,
                    text: format!("{n}: pin 314159"),
                })
            })
            .collect();
        let paths = ["whole", "parts"].map(|name| dir.path().join(name));
        let mut writer = crate::write::Writer::create(&paths[0], redactor()).unwrap();
        writer.write_all(&events).unwrap();
        let encoder = Encoder::new(&paths[1], redactor());
        let encoded: Vec<Encoded> = events.iter().map(|e| encoder.encode(e).unwrap()).collect();
        let mut writer = crate::write::Writer::create(&paths[1], Redactor::none()).unwrap();
        writer.write_encoded(&encoded[0]).unwrap();
        writer.write_all_encoded(&encoded[1..]).unwrap();
        let [whole, parts] = paths.map(|path| std::fs::read_to_string(path).unwrap());
        assert_eq!(whole, parts);
        assert!(!whole.contains("314159"), "{whole}");
    }

    #[test]
    fn equal_outputs_may_be_kept_by_many_threads_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let encoder = Encoder::new(&dir.path().join("unit.ndjson"), Redactor::none());
        let kept: Vec<Output> = std::thread::scope(|scope| {
            let keep = || encoder.output(&[b'x'; LARGEST_INLINE + 1]).unwrap();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(keep)).collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        assert!(kept.iter().all(|output| *output == kept[0]));
        let left: Vec<_> = std::fs::read_dir(dir.path().join(blob::BLOBS))
            .unwrap()
            .collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }
}
