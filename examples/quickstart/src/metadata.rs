//! A client of the API that knows more about a book than our catalogue.

use std::thread;
use std::time::Duration;

use serde::Deserialize;

use crate::{Error, Isbn, Result};

/// How often one question is asked before its answer counts.
const ATTEMPTS: u32 = if cfg!(feature = "defects") {
    u32::MAX
} else {
    3
};
const PAUSE: Duration = Duration::from_millis(5);
const SECONDS_TO_ANSWER: u64 = 2;

const OK: u16 = 200;
const ACCEPTED: u16 = 202;
const NOT_FOUND: u16 = 404;
const UNAVAILABLE: u16 = 503;

/// What the API knows of a book.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Details {
    /// Number of pages.
    pub pages: u32,
    /// Year of the first edition.
    pub year: i32,
}

/// The API, by its address.
#[derive(Debug, Clone)]
pub struct Metadata {
    url: String,
}

impl Metadata {
    /// The API below a URL such as `http://127.0.0.1:8080`.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self {
            url: url.trim_end_matches('/').to_owned(),
        }
    }

    /// What the API knows of a book; `None` when it does not know it.
    ///
    /// # Errors
    /// When the API cannot be reached, stays unavailable or answers with something else.
    pub fn details(&self, isbn: &Isbn) -> Result<Option<Details>> {
        let url = format!("{}/books/{isbn}", self.url);
        let answer = ask(&url)?;
        match answer.status_code {
            OK => Ok(Some(serde_json::from_slice(answer.as_bytes())?)),
            NOT_FOUND => Ok(None),
            status => Err(Error::Api { url, status }),
        }
    }
}

/// Asks again while the API is busy, or has only begun to look the book up.
fn ask(url: &str) -> Result<minreq::Response> {
    let mut attempt = 1;
    loop {
        let answer = minreq::get(url).with_timeout(SECONDS_TO_ANSWER).send()?;
        let not_yet = match answer.status_code {
            UNAVAILABLE => true,
            ACCEPTED => !cfg!(feature = "defects"),
            _ => false,
        };
        if !not_yet || attempt == ATTEMPTS {
            return Ok(answer);
        }
        attempt += 1;
        thread::sleep(PAUSE);
    }
}
