//! What has happened at a server; its thread writes, the test reads.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::frame::Frame;
use super::inbox::Inbox;
use super::peer::{Peer, Talk};
use super::script::Script;

/// A frame that came from a peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Which peer, as [`Peer::number`] says.
    pub peer: usize,
    /// What it sent.
    pub frame: Frame,
}

pub(super) struct State {
    inner: Mutex<Inner>,
    /// Peers that no test has accepted yet.
    pub(super) lobby: Inbox<Peer>,
    pub(super) subprotocol: Option<String>,
    pub(super) patience: Duration,
}

struct Inner {
    script: Arc<Script>,
    talks: Vec<Arc<Talk>>,
    received: Vec<Received>,
    /// Clients that came and were no WebSocket, or not for long.
    failures: Vec<String>,
}

impl State {
    pub(super) fn new(script: Script, subprotocol: Option<String>, patience: Duration) -> Self {
        Self {
            inner: Mutex::new(Inner {
                script: Arc::new(script),
                talks: Vec::new(),
                received: Vec::new(),
                failures: Vec::new(),
            }),
            lobby: Inbox::new(),
            subprotocol,
            patience,
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn script(&self) -> Arc<Script> {
        Arc::clone(&self.inner().script)
    }

    pub(super) fn set_script(&self, script: Script) {
        self.inner().script = Arc::new(script);
    }

    /// A peer has connected: notes its talk and gives it a number, from 1.
    pub(super) fn add(&self, talk: impl FnOnce(usize) -> Talk) -> Arc<Talk> {
        let mut inner = self.inner();
        let talk = Arc::new(talk(inner.talks.len() + 1));
        inner.talks.push(Arc::clone(&talk));
        talk
    }

    pub(super) fn failed(&self, why: String) {
        self.inner().failures.push(why);
    }

    pub(super) fn failures(&self) -> Vec<String> {
        self.inner().failures.clone()
    }

    pub(super) fn connected(&self) -> usize {
        self.inner().talks.len()
    }

    pub(super) fn record(&self, peer: usize, frame: Frame) {
        self.inner().received.push(Received { peer, frame });
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.inner().received.clone()
    }

    /// Forgets everything, and says to those who still hold a peer that it is gone.
    pub(super) fn clear(&self, script: Script, why: &str) {
        let talks = {
            let mut inner = self.inner();
            inner.script = Arc::new(script);
            inner.received.clear();
            inner.failures.clear();
            std::mem::take(&mut inner.talks)
        };
        for talk in talks {
            talk.inbox.end(why.to_owned());
        }
        self.lobby.clear();
    }

    /// Frames that nobody took, and peers that nobody accepted although no script spoke to them.
    pub(super) fn unconsumed(&self) -> Vec<String> {
        let inner = self.inner();
        let mut left = self.lobby.look(|peer| {
            let silent = !peer.is_scripted();
            silent.then(|| {
                format!(
                    "peer {} ({}) was never accepted",
                    peer.number(),
                    peer.path()
                )
            })
        });
        left.extend(inner.talks.iter().map(|talk| {
            // An end needs nobody to take it.
            let is_end = |frame: &Frame| matches!(frame, Frame::Close { .. });
            let frames = talk.inbox.look(|f| (!is_end(f)).then(|| f.to_string()));
            let frames: Vec<String> = frames.into_iter().flatten().collect();
            (!frames.is_empty()).then(|| format!("peer {} sent {}", talk.number, frames.join(", ")))
        }));
        left.into_iter().flatten().collect()
    }
}
