//! The bytes of one line: `{"seq":N,"prev":"<64 hex>","event":{…}}`.

use serde::Deserialize;

use crate::event::Event;

/// Longest line that is written or read, newline not counted. Parsing can take twenty times as much
/// memory as a hostile line is long.
pub(crate) const MAX_LINE: usize = 16 << 20;

/// Appends a line without its newline to `buffer`.
pub(crate) fn encode(buffer: &mut Vec<u8>, seq: u64, prev: &str, event: &[u8]) {
    buffer.extend_from_slice(br#"{"seq":"#);
    buffer.extend_from_slice(seq.to_string().as_bytes());
    buffer.extend_from_slice(br#","prev":""#);
    buffer.extend_from_slice(prev.as_bytes());
    buffer.extend_from_slice(br#"","event":"#);
    buffer.extend_from_slice(event);
    buffer.push(b'}');
}

/// A whole line.
#[derive(Debug, Deserialize)]
pub(crate) struct Entry {
    pub(crate) seq: u64,
    pub(crate) prev: String,
    pub(crate) event: Event,
}

/// What a line says about its place in the chain, whether or not its event is understood.
#[derive(Debug, Deserialize)]
pub(crate) struct Place {
    pub(crate) seq: u64,
    pub(crate) prev: String,
    pub(crate) event: Kind,
}

/// The part of an event that tells which version wrote it.
#[derive(Debug, Deserialize)]
pub(crate) struct Kind {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) schema: Option<u64>,
    pub(crate) harness: Option<String>,
}

impl Place {
    /// Reads a line's place; `None` when it is no line of a record.
    pub(crate) fn of(line: &[u8]) -> Option<Self> {
        serde_json::from_slice(line).ok()
    }
}

/// Whether `line` could be the start of the first line of a record that was cut off.
pub(crate) fn is_start_of_first_line(line: &[u8]) -> bool {
    const START: &[u8] = br#"{"seq":0,"prev":""#;
    let common = line.len().min(START.len());
    common > 0 && line[..common] == START[..common]
}
