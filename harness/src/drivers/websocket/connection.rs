//! One connection, in the server's thread.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};

use super::frame::Frame;
use super::inbox::Inbox;
use super::peer::{Command, Peer, Talk};
use super::script::Script;
use super::state::State;
use crate::terms::{Error, Result};

/// How long a client may take to say that it wants a WebSocket.
const HANDSHAKE: Duration = Duration::from_secs(5);

type Socket = WebSocketStream<TcpStream>;

/// Serves a client from its first byte to its last.
pub(super) async fn serve(stream: TcpStream, state: Arc<State>) {
    let opened = tokio::time::timeout(HANDSHAKE, open(stream, state.subprotocol.as_deref()));
    let (socket, target, headers) = match opened.await {
        Ok(Ok(opened)) => opened,
        Ok(Err(error)) => return state.failed(error.to_string()),
        Err(_) => return state.failed("it asked for nothing".to_owned()),
    };
    let script = state.script();
    let talk = state.add(|number| Talk {
        number,
        target,
        headers,
        inbox: Inbox::new(),
    });
    let (commands, orders) = mpsc::unbounded_channel();
    let scripted = script.speaks();
    state.lobby.put(Peer::new(
        Arc::clone(&talk),
        commands,
        scripted,
        state.patience,
    ));
    let end = Connection {
        socket,
        script,
        talk: &talk,
        state: &state,
    }
    .run(orders)
    .await;
    talk.inbox.end(end);
}

type Opened = (Socket, String, Vec<(String, String)>);

async fn open(stream: TcpStream, subprotocol: Option<&str>) -> Result<Opened> {
    // Small frames that wait for each other would make tests slow.
    stream.set_nodelay(true)?;
    let mut target = String::new();
    let mut headers = Vec::new();
    // The type of a refusal is tungstenite's.
    #[allow(clippy::result_large_err)]
    let look = |request: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
        target = request.uri().to_string();
        headers = request
            .headers()
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes());
                (name.as_str().to_owned(), value.into_owned())
            })
            .collect();
        let name = "sec-websocket-protocol";
        let offered = headers.iter().filter(|(key, _)| key == name);
        let mut offered = offered.flat_map(|(_, value)| value.split(',').map(str::trim));
        if let Some(ours) = subprotocol.filter(|ours| offered.any(|theirs| theirs == *ours))
            && let Ok(value) = ours.parse()
        {
            response.headers_mut().insert(name, value);
        }
        Ok(response)
    };
    let socket = tokio_tungstenite::accept_hdr_async(stream, look).await?;
    Ok((socket, target, headers))
}

struct Connection<'a> {
    socket: Socket,
    script: Arc<Script>,
    talk: &'a Talk,
    state: &'a State,
}

impl Connection<'_> {
    /// Returns how the connection ended.
    async fn run(mut self, mut orders: mpsc::UnboundedReceiver<Command>) -> String {
        let mut ordered = true;
        if let Err(error) = self.say(self.script.greetings()).await {
            return format!("the connection broke: {error}");
        }
        loop {
            tokio::select! {
                came = self.socket.next() => match came {
                    None => return "the connection is closed".to_owned(),
                    Some(Err(error)) => return format!("the connection broke: {error}"),
                    Some(Ok(message)) => {
                        let Some(frame) = Frame::of(message) else { continue };
                        if let Err(error) = self.hear(frame).await {
                            return format!("the connection broke: {error}");
                        }
                    }
                },
                order = orders.recv(), if ordered => match order {
                    // The test has dropped its peer.
                    None => ordered = false,
                    Some(Command::Send(frame, done)) => {
                        let sent = self.socket.send(frame.into_message()).await;
                        // Nobody listens when the test no longer waits.
                        let _ = done.send(sent.map_err(Error::from));
                    }
                    Some(Command::Abort(done)) => {
                        let armed = reset_on_drop(self.socket.get_ref());
                        let (talk, end) = (self.talk, "the test aborted it".to_owned());
                        drop(self);
                        // Whoever asks after the answer is told why.
                        talk.inbox.end(end.clone());
                        let _ = done.send(armed);
                        return end;
                    }
                },
            }
        }
    }

    async fn hear(&mut self, frame: Frame) -> Result {
        self.state.record(self.talk.number, frame.clone());
        match self.script.answers(&frame) {
            Some(answers) => self.say(answers).await,
            None => {
                self.talk.inbox.put(frame);
                Ok(())
            }
        }
    }

    async fn say(&mut self, frames: Vec<Frame>) -> Result {
        for frame in frames {
            if !self.script.delay.is_zero() {
                tokio::time::sleep(self.script.delay).await;
            }
            self.socket.send(frame.into_message()).await?;
        }
        Ok(())
    }
}

/// Makes the socket's end a TCP reset. tokio warns of lingering because waiting for it would block
/// the thread; zero waits for nothing.
fn reset_on_drop(stream: &TcpStream) -> Result {
    #[allow(deprecated)]
    Ok(stream.set_linger(Some(Duration::ZERO))?)
}
