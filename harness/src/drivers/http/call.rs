//! What was asked.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::terms::{Error, Result};

/// One recorded call.
#[derive(Clone)]
pub struct Call {
    pub(super) request: wiremock::Request,
    pub(super) answered: Answered,
}

/// Who answered a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answered {
    /// The mock of that description.
    Mock(String),
    /// A mock of wiremock's own kind: those do not say who they are.
    Wiremock,
    /// Nobody; with what came closest to it.
    Nobody(String),
}

impl Call {
    /// `GET`
    #[must_use]
    pub fn method(&self) -> &str {
        self.request.method.as_str()
    }

    /// `/films/7`, as it was sent: percent-encoded.
    #[must_use]
    pub fn path(&self) -> &str {
        self.request.url.path()
    }

    /// `lang=en`, as it was sent; empty when there is none.
    #[must_use]
    pub fn query(&self) -> &str {
        self.request.url.query().unwrap_or_default()
    }

    /// A parameter of the query, decoded; the first of that name.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<String> {
        let mut pairs = self.request.url.query_pairs();
        pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
    }

    /// A header, by its name in any case; the first of that name, if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.headers.get(name)?.to_str().ok()
    }

    /// All headers.
    #[must_use]
    pub fn headers(&self) -> &wiremock::http::HeaderMap {
        &self.request.headers
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.request.body
    }

    /// The body as text; what is no UTF-8 becomes `U+FFFD`.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.request.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// It is no such JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.request.body).map_err(|error| {
            Error::from(error).context(format_args!("the body of {self} is no such JSON"))
        })
    }

    /// The mock that answered, by name or description; `None` when nobody did, or one of
    /// wiremock's own.
    #[must_use]
    pub fn answered_by(&self) -> Option<&str> {
        match &self.answered {
            Answered::Mock(name) => Some(name),
            Answered::Wiremock | Answered::Nobody(_) => None,
        }
    }

    /// Whether no mock answered.
    #[must_use]
    pub fn is_unmatched(&self) -> bool {
        matches!(self.answered, Answered::Nobody(_))
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method(), self.path())?;
        match self.query() {
            "" => Ok(()),
            query => write!(f, "?{query}"),
        }
    }
}

/// Headers by name alone: their values are where secrets are.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self
            .request
            .headers
            .keys()
            .map(|key| key.as_str())
            .collect();
        f.debug_struct("Call")
            .field("method", &self.method())
            .field("path", &self.path())
            .field("query", &self.query())
            .field("headers", &headers)
            .field("body", &self.text())
            .field("answered", &self.answered)
            .finish()
    }
}
