//! Where an attempt's output goes: a file that is read when it has ended, or a pipe whose content
//! is passed on at once and kept.

use std::fs::File;
use std::io::{self, Read, Seek, Write};

/// Which of the two standard streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

/// What was captured of one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Captured {
    Bytes(Vec<u8>),
    /// The stream was not the attempt's own.
    Shared,
}

impl Captured {
    /// The bytes, none if the stream was shared.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Shared => Vec::new(),
        }
    }

    /// The bytes, none if the stream was shared.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Shared => &[],
        }
    }
}

/// A file without a name, to which every write appends.
pub(crate) fn file() -> io::Result<File> {
    #[cfg(target_os = "linux")]
    if let Ok(file) = crate::kernel::channel::anonymous_file() {
        return Ok(file);
    }
    unlinked_file()
}

/// A temporary file that loses its name at once. The portable way, and the way out where
/// anonymous files are forbidden.
fn unlinked_file() -> io::Result<File> {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let unique = NEXT.fetch_add(1, Ordering::Relaxed);
    let path =
        std::env::temp_dir().join(format!("phasegate-output-{}-{unique}", std::process::id()));
    let file = File::options()
        .read(true)
        .append(true)
        .create_new(true)
        .open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

/// Takes everything out of a capture file and leaves it empty for the next attempt.
pub(crate) fn take(file: &mut File) -> io::Result<Vec<u8>> {
    let length = file.metadata()?.len();
    if length == 0 {
        return Ok(Vec::new());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    file.set_len(0)?;
    Ok(bytes)
}

/// Passes bytes on to the harness's own stream, as `--nocapture` asks.
pub(crate) fn pass_on(stream: Stream, bytes: &[u8]) {
    // A reader that has gone away is no reason to stop testing.
    let _ = match stream {
        Stream::Stdout => io::stdout()
            .write_all(bytes)
            .and_then(|()| io::stdout().flush()),
        Stream::Stderr => io::stderr().write_all(bytes),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capture_file_is_empty_again_after_taking() {
        for mut file in [file().unwrap(), unlinked_file().unwrap()] {
            for text in ["first", "second"] {
                let mut other = file.try_clone().unwrap();
                other.write_all(text.as_bytes()).unwrap();
                other.write_all(b"!").unwrap();
                assert_eq!(take(&mut file).unwrap(), format!("{text}!").into_bytes());
            }
            assert!(take(&mut file).unwrap().is_empty());
        }
    }
}
