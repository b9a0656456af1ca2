//! Ports that nobody listens on.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Mutex, PoisonError};

use crate::terms::{Error, Result};

/// Ports that this process has handed out.
static TAKEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// A port of 127.0.0.1 that nobody listens on now, and that this process hands out once until it
/// is dropped. Another process may still be quicker: who can tell should try again.
#[derive(Debug)]
pub(crate) struct Port(u16);

impl Port {
    /// Asks the kernel for one.
    pub(crate) fn free() -> Result<Self> {
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        // Kept open until one is found, so that the kernel names another each time.
        let mut tried = Vec::new();
        loop {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| {
                Error::from(error).context("no port of 127.0.0.1 is free; end what holds them")
            })?;
            let port = listener.local_addr()?.port();
            tried.push(listener);
            if taken.insert(port) {
                return Ok(Self(port));
            }
        }
    }

    pub(crate) fn number(&self) -> u16 {
        self.0
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        taken.remove(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::Port;

    #[test]
    fn ports_are_handed_out_once_and_can_be_listened_on() {
        let ports: Vec<Port> = (0..64).map(|_| Port::free().expect("a port")).collect();
        let mut numbers: Vec<u16> = ports.iter().map(Port::number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), ports.len());
        TcpListener::bind(("127.0.0.1", ports[0].number())).expect("nobody listens there");
    }
}
