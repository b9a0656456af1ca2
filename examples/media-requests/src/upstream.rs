//! Calls to other servers.

use std::time::Duration;

use reqwest::{RequestBuilder, Response, StatusCode};

use crate::error::{Error, Result};

/// How often a call that changes nothing is tried while the other side is busy.
const ATTEMPTS: u32 = 3;

/// A client with that much patience. Redirects are not followed: they would carry our key away.
pub(crate) fn client(patience: Duration) -> Result<reqwest::Client> {
    reqwest::Client::builder()
        .timeout(patience)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .map_err(|error| Error::Config {
            key: "patience",
            why: error.to_string(),
        })
}

/// Sends a call once.
pub(crate) async fn send(server: &'static str, call: RequestBuilder) -> Result<Response> {
    call.send().await.map_err(|error| failed(server, &error))
}

/// Sends a call that changes nothing, again while the server is busy.
pub(crate) async fn ask(server: &'static str, call: &RequestBuilder) -> Result<Response> {
    let mut attempt = 1;
    loop {
        let this = call.try_clone().ok_or_else(|| Error::Upstream {
            server,
            why: "the call cannot be repeated".to_owned(),
        })?;
        let answer = send(server, this).await?;
        if answer.status() != StatusCode::SERVICE_UNAVAILABLE || attempt == ATTEMPTS {
            return Ok(answer);
        }
        attempt += 1;
    }
}

/// The answer's body.
pub(crate) async fn body<T: serde::de::DeserializeOwned>(
    server: &'static str,
    answer: Response,
) -> Result<T> {
    answer.json().await.map_err(|error| failed(server, &error))
}

/// An answer that we did not ask for.
pub(crate) fn unexpected(server: &'static str, answer: &Response) -> Error {
    Error::Upstream {
        server,
        why: format!("answered {}", answer.status().as_u16()),
    }
}

/// Without the URL, which may hold what somebody searched for.
fn failed(server: &'static str, error: &reqwest::Error) -> Error {
    let why = if error.is_timeout() {
        "did not answer in time"
    } else if error.is_connect() {
        "cannot be reached"
    } else if error.is_decode() {
        "answered with something that cannot be read"
    } else {
        "broke off"
    };
    Error::Upstream {
        server,
        why: why.to_owned(),
    }
}
