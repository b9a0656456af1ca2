//! The gateway that pushes to phones: a websocket that we keep open and speak first on.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::error::{Error, Result};

const SERVER: &str = "push gateway";

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A connection to the gateway, made when it is first needed and again when it has broken.
#[derive(Clone)]
pub struct Gateway {
    url: String,
    patience: Duration,
    socket: Arc<Mutex<Option<Socket>>>,
}

impl Gateway {
    /// The gateway at that address, which may take so long to answer.
    #[must_use]
    pub fn new(url: &str, patience: Duration) -> Self {
        Self {
            url: url.to_owned(),
            patience,
            socket: Arc::default(),
        }
    }

    /// Pushes one notification and waits until the gateway has taken it. A connection that turns
    /// out to be broken is made again, once.
    ///
    /// # Errors
    /// When the gateway cannot be reached, does not answer, or refuses.
    pub async fn push(&self, id: i64, account: i64, event: &str, body: &Value) -> Result {
        let text =
            json!({ "id": id, "account": account, "event": event, "body": body }).to_string();
        let mut socket = self.socket.lock().await;
        let was_open = socket.is_some();
        match self.exchange(&mut socket, id, &text).await {
            Err(Broken::Connection(_)) if was_open => self.exchange(&mut socket, id, &text).await,
            other => other,
        }
        .map_err(|broken| match broken {
            Broken::Connection(why) | Broken::Refused(why) => Error::Upstream {
                server: SERVER,
                why,
            },
        })
    }

    async fn exchange(
        &self,
        slot: &mut Option<Socket>,
        id: i64,
        text: &str,
    ) -> std::result::Result<(), Broken> {
        // Taken out: whatever goes wrong from here, a half-used connection is not used again.
        let taken = slot.take();
        let work = async {
            let mut socket = match taken {
                Some(socket) => socket,
                None => tokio_tungstenite::connect_async(&self.url).await?.0,
            };
            socket.send(Message::text(text)).await?;
            answer(&mut socket, id).await?;
            Ok(socket)
        };
        match tokio::time::timeout(self.patience, work).await {
            Ok(Ok(socket)) => {
                *slot = Some(socket);
                Ok(())
            }
            Ok(Err(broken)) => Err(broken),
            Err(_) => Err(Broken::Refused("did not answer in time".to_owned())),
        }
    }
}

/// Waits for what the gateway says of notification `id`.
async fn answer(socket: &mut Socket, id: i64) -> std::result::Result<(), Broken> {
    while let Some(message) = socket.next().await {
        let Message::Text(text) = message? else {
            continue;
        };
        let answer: Value = serde_json::from_str(&text)
            .map_err(|_| Broken::Refused("answered with something that is no JSON".to_owned()))?;
        if answer["ack"] == id {
            return Ok(());
        }
        if answer["refused"] == id {
            let why = answer["why"].as_str().unwrap_or("no reason given");
            return Err(Broken::Refused(format!("refused: {why}")));
        }
    }
    Err(Broken::Connection("hung up".to_owned()))
}

enum Broken {
    /// Another connection may help.
    Connection(String),
    /// It would not.
    Refused(String),
}

impl From<tungstenite::Error> for Broken {
    fn from(error: tungstenite::Error) -> Self {
        Self::Connection(format!("cannot be spoken to: {error}"))
    }
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway").finish_non_exhaustive()
    }
}
