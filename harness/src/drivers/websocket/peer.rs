//! One connection of the code under test, as the test holds it.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::{mpsc, oneshot};

use super::frame::Frame;
use super::inbox::{Inbox, Nothing};
use crate::terms::{Error, Result};

/// What the test and the server's thread share of a connection.
pub(super) struct Talk {
    pub(super) number: usize,
    /// Path and query of the request that opened it.
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    /// Frames that no script answered.
    pub(super) inbox: Inbox<Frame>,
}

/// Something that a test wants done to a connection; answered when it is done.
pub(super) enum Command {
    Send(Frame, oneshot::Sender<Result>),
    Abort(oneshot::Sender<Result>),
}

/// One connection that the code under test has made. Dropping it leaves the connection open; it is
/// closed when the test ends.
pub struct Peer {
    talk: Arc<Talk>,
    commands: mpsc::UnboundedSender<Command>,
    scripted: bool,
    patience: std::time::Duration,
}

impl Peer {
    pub(super) fn new(
        talk: Arc<Talk>,
        commands: mpsc::UnboundedSender<Command>,
        scripted: bool,
        patience: std::time::Duration,
    ) -> Self {
        Self {
            talk,
            commands,
            scripted,
            patience,
        }
    }

    /// Which connection it is, in the order in which they were made, from 1.
    #[must_use]
    pub fn number(&self) -> usize {
        self.talk.number
    }

    /// Path of the request that opened it: `/notifications`.
    #[must_use]
    pub fn path(&self) -> &str {
        self.talk.target.split('?').next().unwrap_or_default()
    }

    /// Query of that request, as it was sent; empty when there is none.
    #[must_use]
    pub fn query(&self) -> &str {
        self.talk
            .target
            .split_once('?')
            .map_or("", |(_, query)| query)
    }

    /// A header of that request, by its name in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.talk.headers.iter();
        headers.find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value.as_str()))
    }

    pub(super) fn is_scripted(&self) -> bool {
        self.scripted
    }

    /// Sends text. Returns when it has been written to the connection.
    ///
    /// # Errors
    /// The connection is gone.
    pub async fn send_text(&self, text: impl Into<String>) -> Result {
        self.send(Frame::Text(text.into())).await
    }

    /// Sends bytes, as [`Peer::send_text`].
    ///
    /// # Errors
    /// The connection is gone.
    pub async fn send_binary(&self, bytes: impl Into<Vec<u8>>) -> Result {
        self.send(Frame::Binary(bytes.into())).await
    }

    /// Sends a value as JSON text, as [`Peer::send_text`].
    ///
    /// # Errors
    /// The connection is gone, or the value has no JSON.
    pub async fn send_json(&self, value: &impl Serialize) -> Result {
        self.send(Frame::json(value)?).await
    }

    /// Sends a frame, as [`Peer::send_text`].
    ///
    /// # Errors
    /// The connection is gone.
    pub async fn send(&self, frame: Frame) -> Result {
        let doing = format!("cannot send {frame} to peer {}", self.number());
        self.command(|done| Command::Send(frame, done))
            .await
            .map_err(|error| error.context(doing))
    }

    /// Ends the connection in good order.
    ///
    /// # Errors
    /// The connection is gone.
    pub async fn close(&self, code: u16, reason: impl Into<String>) -> Result {
        let reason = reason.into();
        self.send(Frame::Close { code, reason }).await
    }

    /// Breaks the connection: a TCP reset, no close frame, as when a server's machine is lost.
    ///
    /// # Errors
    /// The connection is gone already.
    pub async fn abort(&self) -> Result {
        self.command(Command::Abort)
            .await
            .map_err(|error| error.context(format_args!("cannot abort peer {}", self.number())))
    }

    async fn command(&self, make: impl FnOnce(oneshot::Sender<Result>) -> Command) -> Result {
        let gone = || {
            let why = self.talk.inbox.why_ended();
            Error::new(why.unwrap_or_else(|| "the connection is gone".to_owned()))
        };
        let (done, answer) = oneshot::channel();
        self.commands.send(make(done)).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// The next frame that no script has answered, a [`Frame::Close`] included. Waits as long as
    /// the service's patience, 5 seconds where nothing is said.
    ///
    /// # Errors
    /// None came in time, or the connection has ended; then how.
    pub async fn next(&self) -> Result<Frame> {
        match self.talk.inbox.take(self.patience).await {
            Ok(frame) => Ok(frame),
            Err(Nothing::Late) => Err(Error::new(format_args!(
                "peer {} sent nothing within {}; it is still connected",
                self.number(),
                humantime::format_duration(self.patience)
            ))),
            Err(Nothing::Ended(why)) => Err(Error::new(format_args!(
                "peer {} sends nothing more: {why}",
                self.number()
            ))),
        }
    }

    /// The text of the next frame.
    ///
    /// # Errors
    /// As [`Peer::next`], and it is no text; what came instead is said.
    pub async fn next_text(&self) -> Result<String> {
        match self.next().await? {
            Frame::Text(text) => Ok(text),
            other => Err(self.instead("text", &other)),
        }
    }

    /// The bytes of the next frame.
    ///
    /// # Errors
    /// As [`Peer::next`], and it is not binary; what came instead is said.
    pub async fn next_binary(&self) -> Result<Vec<u8>> {
        match self.next().await? {
            Frame::Binary(bytes) => Ok(bytes),
            other => Err(self.instead("a binary frame", &other)),
        }
    }

    /// The next frame, read as JSON text.
    ///
    /// # Errors
    /// As [`Peer::next`], and it is no such JSON; what came instead is said.
    pub async fn next_json<T: DeserializeOwned>(&self) -> Result<T> {
        let text = self.next_text().await?;
        serde_json::from_str(&text).map_err(|error| {
            let error = Error::from(error);
            error.context(self.instead("JSON of the wanted form", &Frame::Text(text)))
        })
    }

    /// Waits until the peer closes: its code and its reason.
    ///
    /// # Errors
    /// As [`Peer::next`], and another frame came first; what it was is said.
    pub async fn next_close(&self) -> Result<(u16, String)> {
        match self.next().await? {
            Frame::Close { code, reason } => Ok((code, reason)),
            other => Err(self.instead("a close frame", &other)),
        }
    }

    fn instead(&self, wanted: &str, came: &Frame) -> Error {
        Error::new(format_args!(
            "peer {} was to send {wanted} and sent {came}",
            self.number()
        ))
    }
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Peer")
            .field("number", &self.number())
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}
