//! One connection to the supervisor, from a thread that may block.

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use crate::services::protocol::{Reply, Request};

/// How often a waiting thread looks whether it should still wait.
const LOOK: Duration = Duration::from_millis(100);

/// A connection.
#[derive(Debug)]
pub(super) struct Wire {
    stream: BufReader<UnixStream>,
    line: Vec<u8>,
}

impl Wire {
    pub(super) fn connect(socket: &Path) -> io::Result<Self> {
        Ok(Self {
            stream: BufReader::new(UnixStream::connect(socket)?),
            line: Vec::new(),
        })
    }

    /// The same connection, for another thread to write to.
    pub(super) fn writer(&self) -> io::Result<Writer> {
        self.stream.get_ref().try_clone().map(Writer)
    }

    pub(super) fn send(&mut self, request: &Request) -> io::Result<()> {
        write(self.stream.get_ref(), request)
    }

    /// Waits for the next reply. `Ok(None)` when `go_on` has come to say no.
    pub(super) fn receive(&mut self, go_on: &dyn Fn() -> bool) -> io::Result<Option<Reply>> {
        self.stream.get_ref().set_read_timeout(Some(LOOK))?;
        loop {
            match self.stream.read_until(b'\n', &mut self.line) {
                Ok(_) if self.line.last() == Some(&b'\n') => {
                    let reply = serde_json::from_slice(&self.line);
                    self.line.clear();
                    return Ok(Some(reply?));
                }
                Ok(_) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::WouldBlock
                            | io::ErrorKind::TimedOut
                            | io::ErrorKind::Interrupted
                    ) =>
                {
                    if !go_on() {
                        return Ok(None);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Asks, and waits for the answer. `Ok(None)` when `go_on` has come to say no.
    pub(super) fn ask_while(
        &mut self,
        request: &Request,
        go_on: &dyn Fn() -> bool,
    ) -> io::Result<Option<Reply>> {
        self.send(request)?;
        self.receive(go_on)
    }

    /// Asks, and waits for the answer.
    pub(super) fn ask(&mut self, request: &Request) -> io::Result<Reply> {
        self.ask_while(request, &|| true)?
            .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

/// The writing end of a connection.
#[derive(Debug)]
pub(super) struct Writer(UnixStream);

impl Writer {
    pub(super) fn send(&self, request: &Request) -> io::Result<()> {
        write(&self.0, request)
    }
}

fn write(mut stream: &UnixStream, request: &Request) -> io::Result<()> {
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    stream.write_all(&line)
}
