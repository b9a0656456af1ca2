//! What is not as the writers left it.

use std::fmt;
use std::path::PathBuf;

/// One thing in a record that is not as its writers left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: PathBuf,
    /// The line where it shows, from 1; 0 for a file without lines.
    pub line: usize,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What is wrong with a line or with the lines around it.
///
/// Sequence numbers count from 0: in a file that nobody touched, the line numbered `n` has the
/// sequence number `n - 1`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// The line was cut off while it was written: its process died, or the file was cut.
    Torn,
    /// The file does not end in a seal: its last process died, or the file was cut.
    Unsealed,
    /// The line no longer hashes to what the line after it says.
    Edited {
        /// Line number of the line that says so.
        told_by: usize,
    },
    /// The line's own frame was changed: what it says about the start of the chain, or the form of
    /// a seal.
    Reframed,
    /// Lines are gone before this one.
    Missing {
        /// Sequence number of the first that is gone.
        first: u64,
        /// Sequence number of the last that is gone.
        last: u64,
    },
    /// The line does not stand where its sequence number puts it.
    Reordered {
        /// Its sequence number.
        seq: u64,
    },
    /// Another line before this one has its sequence number.
    Duplicated {
        /// The sequence number.
        seq: u64,
        /// Line number of the first that has it.
        first: usize,
        /// Whether the two lines are the same to the byte.
        identical: bool,
    },
    /// The line is no line of a record.
    Malformed {
        /// What the parser stumbled over.
        why: String,
    },
    /// The seal counts other lines than there are.
    SealCount {
        /// Lines that the seal counts.
        says: u64,
        /// Lines before it by its sequence number.
        is: u64,
    },
    /// The run's list of heads names a file that is gone.
    FileMissing,
    /// The file is not the one that was sealed: the run's list of heads says otherwise.
    HeadDiffers {
        /// Digest of that line by the list.
        says: String,
    },
    /// The run's list of heads is gone or cannot be read.
    HeadsUnreadable {
        /// What the system or the parser says.
        why: String,
    },
    /// A captured stream that was kept beside the record is gone.
    BlobMissing {
        /// Digest and name of the file.
        sha256: String,
    },
    /// A captured stream that was kept beside the record is not what it was.
    BlobEdited {
        /// Digest and name of the file.
        sha256: String,
    },
}

impl Problem {
    /// Whether somebody or something changed the record after it was written. Otherwise it is
    /// merely incomplete, as the death of a process leaves it.
    #[must_use]
    pub fn is_tampering(&self) -> bool {
        !matches!(self.flaw, Flaw::Torn | Flaw::Unsealed)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path.display(), self.line, self.flaw)
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Torn => f.write_str("the line was cut off while it was written"),
            Self::Unsealed => f.write_str(
                "no seal closes the file: the process that wrote it died, or its end was cut off",
            ),
            Self::Edited { told_by } => {
                write!(
                    f,
                    "the line was edited: it no longer hashes to what line {told_by} says"
                )
            }
            Self::Reframed => f.write_str("the line was edited: no writer writes this frame"),
            Self::Missing { first, last } if first == last => {
                write!(
                    f,
                    "the line with sequence number {first} is missing before this one"
                )
            }
            Self::Missing { first, last } => write!(
                f,
                "the lines with sequence numbers {first} to {last} are missing before this one"
            ),
            Self::Reordered { seq } => {
                write!(
                    f,
                    "the line was moved: its sequence number {seq} belongs elsewhere"
                )
            }
            Self::Duplicated {
                seq,
                first,
                identical,
            } => {
                let what = if *identical {
                    "repeats"
                } else {
                    "replaces or contradicts"
                };
                write!(
                    f,
                    "the line {what} line {first}: both have sequence number {seq}"
                )
            }
            Self::Malformed { why } => write!(f, "the line is no line of a record: {why}"),
            Self::SealCount { says, is } => {
                write!(
                    f,
                    "the seal counts {says} lines before it, and there are {is}"
                )
            }
            Self::FileMissing => f.write_str("the file was sealed as part of the run, and is gone"),
            Self::HeadDiffers { says } => write!(
                f,
                "the file is not the one that was sealed: this line's digest should be {says}"
            ),
            Self::HeadsUnreadable { why } => {
                write!(f, "the list of sealed files cannot be used: {why}")
            }
            Self::BlobMissing { sha256 } => write!(f, "the captured output blobs/{sha256} is gone"),
            Self::BlobEdited { sha256 } => {
                write!(f, "the captured output blobs/{sha256} was edited")
            }
        }
    }
}
