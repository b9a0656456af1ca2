//! Captured output, cut to a readable length.

use std::borrow::Cow;
use std::path::Path;

use phasegate_record::event::Output;
use phasegate_record::read::read_output;
use serde::Serialize;

use super::words::count;
use crate::render::markdown::{lossless, printed_len, without_colour};

/// Lines of a stream that a report shows.
const MAX_LINES: usize = 20;
/// Bytes of a stream that a report shows, before escapes.
const MAX_BYTES: usize = 4 * 1024;
/// A stream kept beside the record is read for its first lines only up to this size.
const MAX_READ: u64 = 16 * 1024 * 1024;

/// The beginning of one captured stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// `Standard output` or `Standard error`.
    pub stream: String,
    /// How much of it is shown.
    pub extent: String,
    /// Its first lines; `None` when they cannot be shown.
    pub text: Option<String>,
    /// How much is cut, and where the whole is.
    pub note: Option<String>,
}

/// The beginning of a stream; `None` when nothing was written or captured.
///
/// `place` says where in the record the whole is; `dir` is the run's directory.
#[must_use]
pub fn excerpt(stream: &str, output: &Output, place: &str, dir: Option<&Path>) -> Option<Excerpt> {
    let (bytes, place) = match output {
        Output::Empty | Output::NotCaptured => return None,
        Output::Text { text } => (Some(text.as_bytes().to_vec()), place.to_owned()),
        Output::Base64 { .. } => (read(output, dir), place.to_owned()),
        Output::Blob { sha256, bytes } => {
            let readable = *bytes <= MAX_READ;
            let content = if readable { read(output, dir) } else { None };
            (content, format!("blobs/{sha256}"))
        }
    };
    let stream = stream.to_owned();
    let Some(bytes) = bytes else {
        return Some(Excerpt {
            stream,
            extent: "not shown".to_owned(),
            text: None,
            note: Some(format!("too large to show, or not readable; see {place}")),
        });
    };
    let shown = head(&bytes);
    let lines = |bytes: &[u8]| bytes.split_inclusive(|&b| b == b'\n').count() as u64;
    let all = lines(&bytes);
    let cut = bytes.len() - shown.len();
    let (extent, note) = if cut == 0 {
        (count(all, "line"), None)
    } else {
        let note = format!("{} cut; the whole is in {place}", count(cut as u64, "byte"));
        (format!("beginning of {}", count(all, "line")), Some(note))
    };
    Some(Excerpt {
        stream,
        extent,
        text: Some(without_colour(&lossless(shown))),
        note,
    })
}

/// A whole stream as text, without colours; `None` when nothing was written or captured, or when
/// it is too large or cannot be read.
#[must_use]
pub fn whole(output: &Output, dir: Option<&Path>) -> Option<String> {
    let readable = match output {
        Output::Empty | Output::NotCaptured => false,
        Output::Text { .. } | Output::Base64 { .. } => true,
        Output::Blob { bytes, .. } => *bytes <= MAX_READ,
    };
    let bytes = readable.then(|| read(output, dir)).flatten()?;
    Some(without_colour(&lossless(&bytes)))
}

/// Text of which at most `max` bytes will be printed, escapes included, with a note of how much is
/// missing.
#[must_use]
pub fn shorten(text: &str, max: usize) -> String {
    let mut printed = 0;
    let end = text.char_indices().find_map(|(at, c)| {
        printed += printed_len(c);
        (printed > max).then_some(at)
    });
    match end {
        None => text.to_owned(),
        Some(end) => format!("{} […{} more bytes]", &text[..end], text.len() - end),
    }
}

fn read(output: &Output, dir: Option<&Path>) -> Option<Vec<u8>> {
    // Base64 lies in the line itself; only blobs need the directory.
    let dir = dir.unwrap_or(Path::new(""));
    read_output(output, dir).ok().map(Cow::into_owned)
}

fn head(bytes: &[u8]) -> &[u8] {
    let lines: usize = bytes
        .split_inclusive(|&b| b == b'\n')
        .take(MAX_LINES)
        .map(<[u8]>::len)
        .sum();
    if lines <= MAX_BYTES {
        return &bytes[..lines];
    }
    let mut end = MAX_BYTES;
    // Not in the middle of a character: back to a byte that starts one.
    while end > MAX_BYTES - 4 && bytes[end] & 0b1100_0000 == 0b1000_0000 {
        end -= 1;
    }
    &bytes[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_is_counted_and_placed() {
        let text = "line\n".repeat(50);
        let made = excerpt(
            "Standard output",
            &Output::Text { text },
            "a.ndjson:7",
            None,
        )
        .unwrap();
        assert_eq!(made.text.unwrap().lines().count(), MAX_LINES);
        assert_eq!(made.extent, "beginning of 50 lines");
        assert_eq!(
            made.note.unwrap(),
            "150 bytes cut; the whole is in a.ndjson:7"
        );
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let text = "é".repeat(MAX_BYTES);
        let made = excerpt("Standard output", &Output::Text { text }, "x", None).unwrap();
        let shown = made.text.unwrap();
        assert!(shown.chars().all(|c| c == 'é') && shown.len() <= MAX_BYTES);
        assert_eq!(shorten("aéb", 2), "a […3 more bytes]");
        assert_eq!(shorten("a\u{1}b", 5), "a […2 more bytes]");
    }
}
