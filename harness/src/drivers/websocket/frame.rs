//! What goes over a connection.

use std::fmt;

use serde::Serialize;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::terms::Result;

/// Letters of a frame that a message quotes.
const QUOTED: usize = 200;

/// One frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// Text.
    Text(String),
    /// Bytes.
    Binary(Vec<u8>),
    /// The connection ends in good order. Codes are those of [RFC 6455, 7.4]; 1005 stands for none.
    ///
    /// [RFC 6455, 7.4]: https://www.rfc-editor.org/rfc/rfc6455#section-7.4
    Close {
        /// `1000` is a normal end.
        code: u16,
        /// For people.
        reason: String,
    },
}

/// What a close frame without a code is read as.
const NO_CODE: u16 = 1005;

impl Frame {
    /// A text frame with the JSON of a value.
    ///
    /// # Errors
    /// The value has none: a map, for example, whose keys are no text.
    pub fn json(value: &impl Serialize) -> Result<Self> {
        Ok(Self::Text(serde_json::to_string(value)?))
    }

    /// The text of a text frame.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Binary(_) | Self::Close { .. } => None,
        }
    }

    /// What of a message is for the test: pings and pongs are not.
    pub(super) fn of(message: Message) -> Option<Self> {
        match message {
            Message::Text(text) => Some(Self::Text(text.as_str().to_owned())),
            Message::Binary(bytes) => Some(Self::Binary(bytes.to_vec())),
            Message::Close(Some(close)) => Some(Self::Close {
                code: close.code.into(),
                reason: close.reason.as_str().to_owned(),
            }),
            Message::Close(None) => Some(Self::Close {
                code: NO_CODE,
                reason: String::new(),
            }),
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => None,
        }
    }

    pub(super) fn into_message(self) -> Message {
        match self {
            Self::Text(text) => Message::text(text),
            Self::Binary(bytes) => Message::binary(bytes),
            Self::Close { code: NO_CODE, .. } => Message::Close(None),
            Self::Close { code, reason } => Message::Close(Some(CloseFrame {
                code: code.into(),
                reason: reason.into(),
            })),
        }
    }
}

/// As messages quote it.
impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => {
                let quoted: String = text.chars().take(QUOTED).collect();
                let more = if quoted.len() < text.len() { "…" } else { "" };
                write!(f, "text {quoted:?}{more}")
            }
            Self::Binary(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Close { code, reason } if reason.is_empty() => write!(f, "close {code}"),
            Self::Close { code, reason } => write!(f, "close {code} {reason:?}"),
        }
    }
}

impl From<&str> for Frame {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Frame {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<u8>> for Frame {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Binary(bytes)
    }
}
