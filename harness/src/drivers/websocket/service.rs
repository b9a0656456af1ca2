//! A WebSocket server as a service.

use std::time::Duration;

use super::script::Script;
use super::server::WebSocketServer;
use super::state::State;
use crate::fixture::Context;
use crate::services::{Embedded, Host, Service};
use crate::terms::Result;

/// How long a test waits for a peer or a frame where nothing is said.
const PATIENCE: Duration = Duration::from_secs(5);

/// A WebSocket server that the test scripts: each test has one of its own, on a port of its own.
///
/// ```
/// use phasegate::WebSocket;
/// use phasegate::drivers::websocket::Script;
///
/// fn gateway() -> WebSocket {
///     WebSocket::server().script(Script::new().on_connect("hello").on_text("ping", "pong"))
/// }
/// # let _ = gateway();
/// ```
#[derive(Debug, Clone)]
pub struct WebSocket {
    script: Script,
    subprotocol: Option<String>,
    patience: Duration,
    strict: bool,
}

impl WebSocket {
    /// A server that says nothing by itself.
    #[must_use]
    pub fn server() -> Self {
        Self {
            script: Script::new(),
            subprotocol: None,
            patience: PATIENCE,
            strict: false,
        }
    }

    /// Speaks to every peer by this script, until a test gives another.
    #[must_use]
    pub fn script(mut self, script: Script) -> Self {
        self.script = script;
        self
    }

    /// The subprotocol that is chosen where a client offers it.
    #[must_use]
    pub fn subprotocol(mut self, name: impl Into<String>) -> Self {
        self.subprotocol = Some(name.into());
        self
    }

    /// How long a test waits for a peer or a frame; 5 seconds where nothing is said.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// A test that passed fails when it leaves peers that nobody accepted or frames that nobody
    /// took.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }
}

impl Service for WebSocket {
    const KIND: &'static str = "websocket";
    const EMBEDDED: bool = true;

    type Running = Embedded;
    type Handle = WebSocketServer;

    async fn start(&self, _: &Host) -> Result<Embedded> {
        Ok(Embedded)
    }

    async fn open(&self, (): (), cx: &Context, service: &'static str) -> Result<WebSocketServer> {
        let state = State::new(self.script.clone(), self.subprotocol.clone(), self.patience);
        let server = WebSocketServer::start(service, state)?;
        let (ending, strict) = (server.clone(), self.strict);
        cx.on_release(async move { ending.close(strict).await });
        Ok(server)
    }

    async fn reset(&self, server: &WebSocketServer) -> Result {
        server.reset(self.script.clone()).await
    }
}
