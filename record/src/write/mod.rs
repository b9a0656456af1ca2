//! Writing a record: one line an event, each naming the digest of the line before it.
//!
//! * [`Writer`] – creates or continues a file; the one door through which events reach a disk, and
//!   therefore the place where secrets are taken out.
//! * [`Encoder`] – the part of it that needs no file.
//! * [`WriteError`] – why it could not.
//!
//! # The format
//!
//! A record is a file of lines that end in `\n`. Each line is one JSON object:
//!
//! ```json
//! {"seq":0,"prev":"0000…0000","event":{"type":"run", …}}
//! ```
//!
//! * `seq` – the number of lines before this one in the file.
//! * `prev` – SHA-256 of the bytes of the line before this one, its newline not included, as 64
//!   lower-case hexadecimal digits. The first line names 64 zeros.
//! * `event` – an [`Event`](crate::event::Event).
//!
//! A process that dies while it writes leaves a *torn* last line. Whoever appends next ends it with
//! a newline and goes on: the torn line counts as a line, and its bytes are covered by the chain
//! like those of any other.

mod blob;
mod encoder;
mod error;
mod lock;
mod tail;
mod writer;

pub(crate) use blob::BLOBS;

pub use encoder::{Encoded, Encoder};
pub use error::WriteError;
pub use writer::Writer;
