//! A WebSocket server that the test scripts.
//!
//! * [`WebSocket`] – the service. [`WebSocketServer`] – what a test holds of it.
//! * [`Peer`] – one connection of the code under test; [`Frame`] – what goes over it.
//! * [`Script`] – answers that need no test to give them.
//!
//! The guide is `docs/drivers/websocket.md`.

mod connection;
mod frame;
mod inbox;
mod peer;
mod script;
mod server;
mod service;
mod state;
mod thread;

pub use frame::Frame;
pub use peer::Peer;
pub use script::Script;
pub use server::WebSocketServer;
pub use service::WebSocket;
pub use state::Received;
