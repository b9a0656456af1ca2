//! What a test holds of a WebSocket server.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use tokio::sync::Mutex;

use super::inbox::Nothing;
use super::peer::Peer;
use super::script::Script;
use super::state::{Received, State};
use super::thread::Thread;
use crate::terms::{Error, Result};

/// One test's own WebSocket server. What a [`Lease<WebSocket>`](super::WebSocket) dereferences to.
#[derive(Clone)]
pub struct WebSocketServer {
    service: &'static str,
    url: String,
    state: Arc<State>,
    /// None once the test is over.
    thread: Arc<Mutex<Option<Thread>>>,
}

impl WebSocketServer {
    pub(super) fn start(service: &'static str, state: State) -> Result<Self> {
        let state = Arc::new(state);
        let thread = Thread::start(Arc::clone(&state))?;
        Ok(Self {
            service,
            url: format!("ws://{}", thread.address()),
            state,
            thread: Arc::new(Mutex::new(Some(thread))),
        })
    }

    /// `ws://127.0.0.1:40123`
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URL of a path: `uri("/notifications")`. Every path is served.
    #[must_use]
    pub fn uri(&self, path: &str) -> String {
        format!("{}/{}", self.url, path.trim_start_matches('/'))
    }

    /// The next peer that connects, or has connected and was not accepted yet. Waits as long as the
    /// service's patience, 5 seconds where nothing is said.
    ///
    /// # Errors
    /// None came in time; who came instead is said.
    pub async fn accept(&self) -> Result<Peer> {
        match self.state.lobby.take(self.state.patience).await {
            Ok(peer) => Ok(peer),
            Err(Nothing::Ended(why)) => Err(Error::new(why)),
            Err(Nothing::Late) => {
                let failures = match self.state.failures() {
                    failures if failures.is_empty() => String::new(),
                    failures => format!("; who came and was no WebSocket: {}", failures.join("; ")),
                };
                Err(Error::new(format_args!(
                    "nobody connected to `{}` within {}; {} had connected before{failures}",
                    self.service,
                    humantime::format_duration(self.state.patience),
                    self.state.connected()
                )))
            }
        }
    }

    /// Speaks by this script to peers that connect from here on.
    pub fn script(&self, script: Script) {
        self.state.set_script(script);
    }

    /// Every frame that came since the test began or the server was reset, in order, whoever
    /// answered it; without pings and pongs.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.state.received()
    }

    /// Peers that no test accepted and no script spoke to, and frames that neither a script answered
    /// nor the test took; in sentences.
    #[must_use]
    pub fn unconsumed(&self) -> Vec<String> {
        self.state.unconsumed()
    }

    /// Drives a future in a test that is not `async`.
    ///
    /// ```no_run
    /// # fn example(gateway: &phasegate::drivers::websocket::WebSocketServer) -> phasegate::Result {
    /// let peer = gateway.block_on(gateway.accept())??;
    /// gateway.block_on(peer.send_text("hello"))?
    /// # }
    /// ```
    ///
    /// # Errors
    /// The test is `async`: then `.await` does it.
    pub fn block_on<F: Future>(&self, future: F) -> Result<F::Output> {
        if tokio::runtime::Handle::try_current().is_ok() {
            return Err(Error::new(
                "this test is `async`: write `.await` instead of `block_on`",
            ));
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()?;
        Ok(runtime.block_on(future))
    }

    /// Breaks off all connections and forgets what came. The URL stays.
    pub(super) async fn reset(&self, script: Script) -> Result {
        match &*self.thread.lock().await {
            Some(thread) => thread.hang_up().await?,
            None => {
                return Err(Error::new(format_args!(
                    "`{}` is gone: its test is over",
                    self.service
                )));
            }
        }
        self.state.clear(script, "the server was reset");
        Ok(())
    }

    /// Ends the server. With `strict`, what is unconsumed is an error.
    pub(super) async fn close(&self, strict: bool) -> Result {
        let Some(thread) = self.thread.lock().await.take() else {
            return Ok(());
        };
        thread.stop().await?;
        let left = self.unconsumed();
        let over = format!("`{}` is gone: its test is over", self.service);
        self.state.clear(Script::new(), &over);
        self.state.lobby.end(over);
        if strict && !left.is_empty() {
            return Err(Error::new(format_args!(
                "the WebSocket server `{}`: {}; take it, let a script answer it, or leave out `.strict()`",
                self.service,
                left.join("; ")
            )));
        }
        Ok(())
    }
}

impl fmt::Debug for WebSocketServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocketServer")
            .field("service", &self.service)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
