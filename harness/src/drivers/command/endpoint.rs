//! What a test is handed.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::terms::{Error, Result};

/// Where a program can be reached; crosses processes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Share {
    /// Which of the service's programs: 0 is the one that all tests share.
    pub(super) number: u64,
    pub(super) port: Option<u16>,
    pub(super) url: String,
    pub(super) log: PathBuf,
}

/// A started program, as a test reaches it.
#[derive(Debug, Clone)]
pub struct Endpoint(Share);

impl Endpoint {
    pub(super) fn new(share: Share) -> Self {
        Self(share)
    }

    /// As [`Command::url`](super::Command::url) says; `http://127.0.0.1:port` where nothing is
    /// said. Empty for a program without a port.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// The port that the program was given.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.0.port
    }

    /// The file that the program's output goes to.
    #[must_use]
    pub fn log_path(&self) -> &Path {
        &self.0.log
    }

    /// What the program has written so far, on both of its streams. Bytes that are no UTF-8 are
    /// replaced.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn log(&self) -> Result<String> {
        let bytes = std::fs::read(&self.0.log).map_err(|error| {
            Error::from(error).context(format_args!("cannot read {}", self.0.log.display()))
        })?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}
