//! The server that fetches titles and plays them.

use reqwest::StatusCode;
use serde::{Deserialize, Serialize};

use crate::config::{Secret, Upstream};
use crate::error::{Error, Result};
use crate::title::TitleRef;
use crate::upstream;

const SERVER: &str = "media server";

/// What we ask the server to fetch.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Order {
    /// What.
    #[serde(flatten)]
    pub title: TitleRef,
    /// Which season.
    pub season: Option<i32>,
    /// Our number; the server fetches nothing twice under one number, and calls back with it.
    pub reference: i64,
}

/// A client of the server.
#[derive(Debug, Clone)]
pub struct MediaServer {
    http: reqwest::Client,
    server: Upstream,
}

impl MediaServer {
    /// A client of the server at that address.
    #[must_use]
    pub fn new(http: reqwest::Client, server: Upstream) -> Self {
        Self { http, server }
    }

    /// Whether a title is there to be watched already.
    ///
    /// # Errors
    /// When the server does not answer, or with something else.
    pub async fn has(&self, title: TitleRef) -> Result<bool> {
        let url = format!(
            "{}/library/{}/{}",
            self.server.url,
            title.kind.as_str(),
            title.id
        );
        let call = self.http.get(url).bearer_auth(self.server.key.expose());
        let answer = upstream::ask(SERVER, &call).await?;
        match answer.status() {
            StatusCode::OK => Ok(true),
            StatusCode::NOT_FOUND => Ok(false),
            _ => Err(upstream::unexpected(SERVER, &answer)),
        }
    }

    /// Orders a title; the server's name for the job.
    ///
    /// # Errors
    /// When the server does not answer, or refuses.
    pub async fn order(&self, order: Order) -> Result<String> {
        #[derive(Deserialize)]
        struct Accepted {
            job: String,
        }
        let call = self.post("downloads").json(&order);
        let answer = upstream::send(SERVER, call).await?;
        match answer.status() {
            StatusCode::ACCEPTED => Ok(upstream::body::<Accepted>(SERVER, answer).await?.job),
            _ => Err(upstream::unexpected(SERVER, &answer)),
        }
    }

    /// Links a device by the PIN that it shows; the token to speak for it.
    ///
    /// # Errors
    /// When the PIN is wrong, or the server does not answer.
    pub async fn link(&self, pin: &str) -> Result<Secret> {
        #[derive(Deserialize)]
        struct Linked {
            token: String,
        }
        let call = self
            .post("devices")
            .json(&serde_json::json!({ "pin": pin }));
        let answer = upstream::send(SERVER, call).await?;
        match answer.status() {
            StatusCode::CREATED => {
                let linked: Linked = upstream::body(SERVER, answer).await?;
                Ok(Secret::new(&linked.token))
            }
            StatusCode::FORBIDDEN => Err(Error::invalid(
                "pin",
                "is not the one that the device shows; look again",
            )),
            _ => Err(upstream::unexpected(SERVER, &answer)),
        }
    }

    /// Ends what a token of [`MediaServer::link`] may do. One that is ended already is fine.
    ///
    /// # Errors
    /// When the server does not answer, or refuses.
    pub async fn unlink(&self, token: &Secret) -> Result {
        let url = format!("{}/devices/current", self.server.url);
        let call = self.http.delete(url).bearer_auth(token.expose());
        let answer = upstream::send(SERVER, call).await?;
        match answer.status() {
            StatusCode::NO_CONTENT | StatusCode::UNAUTHORIZED => Ok(()),
            _ => Err(upstream::unexpected(SERVER, &answer)),
        }
    }

    /// Whether the server answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result {
        let url = format!("{}/status", self.server.url);
        let answer = upstream::send(SERVER, self.http.get(url)).await?;
        match answer.status().is_success() {
            true => Ok(()),
            false => Err(upstream::unexpected(SERVER, &answer)),
        }
    }

    fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.http
            .post(format!("{}/{path}", self.server.url))
            .bearer_auth(self.server.key.expose())
    }
}
