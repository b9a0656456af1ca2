//! What one test gets of a server.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One test's share: a user with its database, or a server of its own.
#[derive(Clone, Serialize, Deserialize)]
pub struct Share {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) password: String,
    pub(super) database: u32,
}

impl Share {
    /// `redis://user:password@host:port/database`
    pub(super) fn url(&self) -> String {
        let host = match self.host.as_str() {
            six if six.contains(':') => format!("[{six}]"),
            other => other.to_owned(),
        };
        format!(
            "redis://{}:{}@{host}:{}/{}",
            self.user, self.password, self.port, self.database
        )
    }
}

/// Without the password.
impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "database {} of {}:{} as {}",
            self.database, self.host, self.port, self.user
        )
    }
}
