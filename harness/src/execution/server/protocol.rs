//! What the harness and a lane say to each other.

use std::io::{self, Read, Write};

use phasegate_record::event::Leftover;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::execution::Unfit;
use crate::execution::kernel::process::Ended;
use crate::execution::said::Said;
use crate::fixture::Facts;
use crate::registry::image::BodyRef;

/// Harness to lane: run this.
///
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) body: BodyRef,
    pub(crate) facts: Facts,
    /// Whether the attempt gets a process group of its own.
    pub(crate) own_group: bool,
}

/// Lane to harness: the answer to an order.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Ran(Report),
    /// No process could be made for the attempt; why.
    Impossible(String),
}

/// What happened to an attempt.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) ended: Ended,
    pub(crate) wall_us: u64,
    /// What the body said, unless its process ended before it could.
    pub(crate) said: Option<Said>,
    pub(crate) leftovers: Vec<Leftover>,
}

/// Root to harness: how the preloads get on.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Preloading {
    /// One begins; this is what to say if it never ends.
    Begins(Unfit),
    /// All have ended, or one of them stands in the way.
    Done(Result<(), Unfit>),
}

/// Harness to lane, while an attempt runs: ask its processes to end.
pub(crate) const TERMINATE: u8 = b'T';
/// Harness to lane, while an attempt runs: end its processes.
pub(crate) const KILL: u8 = b'K';

/// Longest message that is accepted, in bytes. Both ends are ours; the bound only keeps a
/// damaged length from allocating the machine away.
const LONGEST: usize = 16 << 20;

/// Sends one message, its length first.
pub(crate) fn send(out: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    let mut bytes = vec![0; 4];
    serde_json::to_writer(&mut bytes, message)?;
    let length = u32::try_from(bytes.len() - 4).map_err(io::Error::other)?;
    bytes[..4].copy_from_slice(&length.to_le_bytes());
    out.write_all(&bytes)
}

/// Receives one message; `None` when the other end is closed.
pub(crate) fn receive<M: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<M>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = usize::try_from(u32::from_le_bytes(length)).map_err(io::Error::other)?;
    if length > LONGEST {
        return Err(io::Error::other(format!(
            "a message of {length} bytes is longer than {LONGEST}"
        )));
    }
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    Ok(Some(serde_json::from_slice(&bytes)?))
}
