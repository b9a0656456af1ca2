//! The thread that a server lives in: code under test may block the test's own.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use super::connection;
use super::state::State;
use crate::terms::{Error, Result};

/// How long the thread may take to do what it is told.
const PATIENCE: Duration = Duration::from_secs(5);

enum Order {
    /// Breaks off all connections.
    HangUp(oneshot::Sender<()>),
    /// Ends the thread.
    Stop,
}

/// A server's thread.
pub(super) struct Thread {
    address: SocketAddr,
    orders: mpsc::UnboundedSender<Order>,
    ended: oneshot::Receiver<()>,
    thread: JoinHandle<()>,
}

impl Thread {
    pub(super) fn start(state: Arc<State>) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|error| {
            Error::from(error).context("cannot listen on 127.0.0.1 for a WebSocket server")
        })?;
        let address = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let (orders, received) = mpsc::unbounded_channel();
        let (tell, ended) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("websocket".to_owned())
            .spawn(move || {
                runtime.block_on(accept(listener, received, state));
                // With it go the connections and the port.
                drop(runtime);
                // Nobody listens when the test's process is about to end.
                let _ = tell.send(());
            })?;
        Ok(Self {
            address,
            orders,
            ended,
            thread,
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Breaks off all connections, and returns when they are gone.
    pub(super) async fn hang_up(&self) -> Result {
        let (done, answer) = oneshot::channel();
        // An order that nobody takes is answered by the channel's end.
        let _ = self.orders.send(Order::HangUp(done));
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Error::new("the WebSocket server's thread is gone")),
            Err(_) => Err(stuck()),
        }
    }

    /// Ends the thread, and returns when nothing is left of it.
    pub(super) async fn stop(self) -> Result {
        // A thread that has ended takes no orders, and needs none.
        let _ = self.orders.send(Order::Stop);
        if tokio::time::timeout(PATIENCE, self.ended).await.is_err() {
            return Err(stuck());
        }
        self.thread
            .join()
            .map_err(|_| Error::new("the WebSocket server's thread panicked: see its message"))
    }
}

fn stuck() -> Error {
    Error::new(format_args!(
        "the WebSocket server does not come to rest within {}: a closure of its script does not come back",
        humantime::format_duration(PATIENCE)
    ))
}

async fn accept(
    listener: tokio::net::TcpListener,
    mut orders: mpsc::UnboundedReceiver<Order>,
    state: Arc<State>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            client = listener.accept() => match client {
                Ok((stream, _)) => drop(connections.spawn(connection::serve(stream, Arc::clone(&state)))),
                Err(error) => state.failed(format!("it could not be accepted: {error}")),
            },
            order = orders.recv() => match order {
                Some(Order::HangUp(done)) => {
                    connections.shutdown().await;
                    // Nobody listens when the test no longer waits.
                    let _ = done.send(());
                }
                Some(Order::Stop) | None => return,
            },
            // Those that have ended are forgotten.
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}
