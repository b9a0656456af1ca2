//! Answers that need no test to give them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::frame::Frame;

/// What a server says by itself: to each peer that connects, and to what comes from it. The first
/// rule that fits a frame answers it; frames that no rule fits are left for
/// [`Peer::next`](super::Peer::next).
///
/// ```
/// use std::time::Duration;
/// use phasegate::drivers::websocket::{Frame, Script};
///
/// let script = Script::new()
///     .on_connect(r#"{"type":"hello"}"#)
///     .on_text("ping", "pong")
///     .on(|frame| match frame.text()?.strip_prefix("subscribe ") {
///         Some(topic) => Some(vec![Frame::from(format!("subscribed {topic}"))]),
///         None => None,
///     })
///     .delay(Duration::from_millis(5));
/// # let _ = script;
/// ```
#[derive(Clone, Default)]
pub struct Script {
    greetings: Vec<Frame>,
    rules: Vec<Rule>,
    pub(super) delay: Duration,
}

type Rule = Arc<dyn Fn(&Frame) -> Option<Vec<Frame>> + Send + Sync>;

impl Script {
    /// A script that says nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends a frame to each peer that connects; several are sent in order.
    #[must_use]
    pub fn on_connect(mut self, frame: impl Into<Frame>) -> Self {
        self.greetings.push(frame.into());
        self
    }

    /// Answers exactly this text.
    #[must_use]
    pub fn on_text(self, text: impl Into<String>, reply: impl Into<Frame>) -> Self {
        let (text, reply) = (text.into(), reply.into());
        self.on(move |frame| (frame.text() == Some(&text)).then(|| vec![reply.clone()]))
    }

    /// Answers what the closure wants answered: with these frames, or with silence where the list
    /// is empty. A [`Frame::Close`] ends the connection.
    #[must_use]
    pub fn on(
        mut self,
        rule: impl Fn(&Frame) -> Option<Vec<Frame>> + Send + Sync + 'static,
    ) -> Self {
        self.rules.push(Arc::new(rule));
        self
    }

    /// Sends every text and every binary frame back that no rule before it fits.
    #[must_use]
    pub fn echo(self) -> Self {
        self.on(|frame| (!matches!(frame, Frame::Close { .. })).then(|| vec![frame.clone()]))
    }

    /// Waits that long before each greeting and each answer.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    pub(super) fn greetings(&self) -> Vec<Frame> {
        self.greetings.clone()
    }

    pub(super) fn answers(&self, frame: &Frame) -> Option<Vec<Frame>> {
        self.rules.iter().find_map(|rule| rule(frame))
    }

    /// Whether it speaks at all: then a peer that no test accepts is no surprise.
    pub(super) fn speaks(&self) -> bool {
        !self.greetings.is_empty() || !self.rules.is_empty()
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script")
            .field("greetings", &self.greetings)
            .field("rules", &self.rules.len())
            .field("delay", &self.delay)
            .finish()
    }
}
