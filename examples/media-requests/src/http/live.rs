//! `/notifications/live`: what was missed, then what happens.

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;

use crate::error::Result;
use crate::notifications::Notification;
use crate::sessions::Who;
use crate::state::App;

/// Nothing that a browser has to say is larger.
const MESSAGE_BYTES: usize = 4096;

/// What a browser may say: that it has shown one.
#[derive(Deserialize)]
struct Said {
    read: i64,
}

pub(super) async fn watch(State(app): State<App>, who: Who, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .max_message_size(MESSAGE_BYTES)
        .on_upgrade(move |socket| async move {
            // A browser that has gone needs no word of why.
            let _ = converse(app, who, socket).await;
        })
}

async fn converse(app: App, who: Who, mut socket: WebSocket) -> Result {
    // Watched before the missed ones are read, so that none falls between.
    let mut live = app.desk.notifications.watch();
    let mut last = 0;
    for missed in app.desk.notifications.unread(who.account).await? {
        last = missed.id;
        if send(&mut socket, &missed).await.is_err() {
            return Ok(());
        }
    }
    loop {
        tokio::select! {
            told = live.recv() => match told {
                Ok(told) if told.account == who.account && told.id > last => {
                    last = told.id;
                    if send(&mut socket, &told).await.is_err() {
                        return Ok(());
                    }
                }
                Ok(_) => {}
                // It reads too slowly: it shall come again and get what it missed.
                Err(RecvError::Lagged(_)) => return close(socket, close_code::AGAIN, "too slow").await,
                Err(RecvError::Closed) => return Ok(()),
            },
            said = socket.recv() => match said {
                Some(Ok(Message::Text(text))) => match serde_json::from_str::<Said>(&text) {
                    Ok(said) => app.desk.notifications.read(who.account, said.read).await?,
                    Err(_) => return close(socket, close_code::INVALID, "say {\"read\": number}").await,
                },
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Ok(()),
            },
        }
    }
}

async fn send(socket: &mut WebSocket, told: &Notification) -> std::result::Result<(), axum::Error> {
    let text = serde_json::to_string(told).map_err(axum::Error::new)?;
    socket.send(Message::text(text)).await
}

async fn close(mut socket: WebSocket, code: u16, reason: &'static str) -> Result {
    let frame = CloseFrame {
        code,
        reason: reason.into(),
    };
    // It may have gone already.
    let _ = socket.send(Message::Close(Some(frame))).await;
    Ok(())
}
