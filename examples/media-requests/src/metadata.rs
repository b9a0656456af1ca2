//! The API that knows films and series.

use reqwest::StatusCode;
use serde::{Deserialize, Serialize};

use crate::config::Upstream;
use crate::error::Result;
use crate::title::{Kind, Title, TitleRef};
use crate::upstream;

const SERVER: &str = "metadata API";

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// One page of it.
    pub results: Vec<Hit>,
    /// How many there are on all pages.
    pub total: u64,
}

/// One line of a search's result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Film or series.
    pub kind: Kind,
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// A client of the API.
#[derive(Debug, Clone)]
pub struct Metadata {
    http: reqwest::Client,
    server: Upstream,
}

impl Metadata {
    /// A client of the API at that address.
    #[must_use]
    pub fn new(http: reqwest::Client, server: Upstream) -> Self {
        Self { http, server }
    }

    /// What the API knows of a title; `None` when it does not know it.
    ///
    /// # Errors
    /// When the API does not answer, or with something else.
    pub async fn title(&self, title: TitleRef) -> Result<Option<Title>> {
        let path = match title.kind {
            Kind::Film => "films",
            Kind::Series => "series",
        };
        let url = format!("{}/{path}/{}", self.server.url, title.id);
        let answer = upstream::ask(SERVER, &self.get(&url)).await?;
        match answer.status() {
            StatusCode::OK => Ok(Some(upstream::body(SERVER, answer).await?)),
            StatusCode::NOT_FOUND => Ok(None),
            _ => Err(upstream::unexpected(SERVER, &answer)),
        }
    }

    /// Titles whose name is like a text; pages count from 1.
    ///
    /// # Errors
    /// As [`Metadata::title`].
    pub async fn search(&self, text: &str, page: u32) -> Result<Found> {
        let call = self
            .get(&format!("{}/search", self.server.url))
            .query(&[("query", text), ("page", &page.to_string())]);
        let answer = upstream::ask(SERVER, &call).await?;
        match answer.status() {
            StatusCode::OK => upstream::body(SERVER, answer).await,
            _ => Err(upstream::unexpected(SERVER, &answer)),
        }
    }

    /// Whether the API answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result {
        let call = self.get(&format!("{}/status", self.server.url));
        let answer = upstream::send(SERVER, call).await?;
        match answer.status().is_success() {
            true => Ok(()),
            false => Err(upstream::unexpected(SERVER, &answer)),
        }
    }

    fn get(&self, url: &str) -> reqwest::RequestBuilder {
        self.http
            .get(url)
            .header("x-api-key", self.server.key.expose())
    }
}
