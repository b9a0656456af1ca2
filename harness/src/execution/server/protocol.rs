//! What the harness and a lane say to each other.

use std::io::{self, Read, Write};

use phasegate_record::event::Leftover;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::execution::Unfit;
use crate::execution::said::Said;
use crate::fixture::Facts;
use crate::kernel::process::Ended;
use crate::registry::image::BodyRef;

/// Harness to lane: run this. Stands behind an [`ORDER`] byte.
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

/// Harness to lane, between attempts: an order follows.
const ORDER: u8 = b'O';
/// Harness to lane, while an attempt runs: ask its processes to end.
pub(crate) const TERMINATE: u8 = b'T';
/// Harness to lane, while an attempt runs: end its processes.
pub(crate) const KILL: u8 = b'K';

/// Longest message that is accepted, in bytes. Both ends are ours; the bound only keeps a
/// damaged length from allocating the machine away.
const LONGEST: usize = 16 << 20;

/// Sends one message, its length first.
pub(crate) fn send(out: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    out.write_all(&framed(Vec::new(), message)?)
}

/// Gives a lane an order.
pub(crate) fn send_order(out: &mut impl Write, order: &Order) -> io::Result<()> {
    out.write_all(&framed(vec![ORDER], order)?)
}

fn framed(mut bytes: Vec<u8>, message: &impl Serialize) -> io::Result<Vec<u8>> {
    let start = bytes.len() + 4;
    bytes.resize(start, 0);
    serde_json::to_writer(&mut bytes, message)?;
    let length = u32::try_from(bytes.len() - start).map_err(io::Error::other)?;
    bytes[start - 4..start].copy_from_slice(&length.to_le_bytes());
    Ok(bytes)
}

/// Waits for the next order; `None` when the other end is closed. A request to end an attempt
/// that came when the attempt had ended by itself is of no interest any more.
pub(crate) fn receive_order(from: &mut impl Read) -> io::Result<Option<Order>> {
    let mut byte = [0];
    loop {
        match from.read_exact(&mut byte) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            other => other?,
        }
        if byte == [ORDER] {
            return receive(from);
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::image::BodyRef;

    #[test]
    fn a_request_that_comes_too_late_is_not_taken_for_an_order() {
        let order = Order {
            body: BodyRef::Hook(7),
            facts: Facts::default(),
            own_group: true,
        };
        let mut stream = vec![TERMINATE, KILL];
        send_order(&mut stream, &order).unwrap();
        let mut from = &stream[..];
        let received = receive_order(&mut from).unwrap().unwrap();
        assert_eq!(received.body, BodyRef::Hook(7));
        assert!(receive_order(&mut from).unwrap().is_none());
    }
}
