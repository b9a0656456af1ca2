//! The desk where requests are made and decided: the one place that takes a request across
//! catalogue, database, media server and notifications.

use serde::Deserialize;
use serde_json::json;

use crate::catalogue::Catalogue;
use crate::config::Limit;
use crate::error::{Error, Result};
use crate::media_server::{MediaServer, Order};
use crate::notifications::Notifications;
use crate::rate_limit::RateLimit;
use crate::request::{Request, Status, Wish};
use crate::requests::Requests;
use crate::sessions::Who;
use crate::title::{Kind, Title, TitleRef};

const LONGEST_KEY: usize = 100;

/// What somebody asks for.
#[derive(Debug, Clone, Deserialize)]
pub struct Ask {
    /// What.
    #[serde(flatten)]
    pub title: TitleRef,
    /// Which season, of a series.
    pub season: Option<i32>,
}

/// Makes and decides requests.
#[derive(Debug, Clone)]
pub struct Desk {
    /// What there is.
    pub catalogue: Catalogue,
    /// What was asked for.
    pub requests: Requests,
    /// Who fetches it.
    pub media_server: MediaServer,
    /// How people hear of it.
    pub notifications: Notifications,
    /// How often they may ask.
    pub rate_limit: RateLimit,
    /// So often.
    pub limit: Limit,
}

impl Desk {
    /// Makes a request, or finds the one that this call has made before; says whether it is new.
    ///
    /// # Errors
    /// When there is no such title or season, or it is there to be watched already; too many
    /// requests; those of the parts.
    pub async fn request(
        &self,
        who: &Who,
        ask: &Ask,
        key: Option<&str>,
    ) -> Result<(Request, bool)> {
        if key.is_some_and(|key| key.is_empty() || key.len() > LONGEST_KEY) {
            return Err(Error::invalid(
                "idempotency-key",
                format!("must have 1 to {LONGEST_KEY} bytes"),
            ));
        }
        self.rate_limit
            .spend("request", &who.account.to_string(), self.limit)
            .await?;
        let wish = Wish {
            title: ask.title,
            season: ask.season,
            key: key.map(str::to_owned),
        };
        // The same call again gets the same answer, whatever has become of the request.
        if let Some(before) = self.requests.replayed(who.account, &wish).await? {
            return Ok((before, false));
        }
        let title = self.catalogue.title(ask.title).await?;
        season_fits(ask, &title)?;
        if self.media_server.has(ask.title).await? {
            return Err(Error::Conflict(format!(
                "`{}` is there already; watch it",
                title.name
            )));
        }
        self.requests.create(who.account, &wish, &title.name).await
    }

    /// A request, for who may see it: whoever made it, and editors.
    ///
    /// # Errors
    /// [`Error::Unknown`] for all others.
    pub async fn show(&self, who: &Who, id: i64) -> Result<Request> {
        let request = self.requests.find(id).await?;
        match request.account == who.account || who.must_be_editor().is_ok() {
            true => Ok(request),
            false => Err(Error::unknown("request", id)),
        }
    }

    /// Approves: the media server is told, and the member.
    ///
    /// # Errors
    /// When it is not pending any more; when the media server does not take it: then it still is.
    pub async fn approve(&self, who: &Who, id: i64) -> Result<Request> {
        who.must_be_editor()?;
        let order = |request: Request| async move {
            let order = Order {
                title: request.wanted(),
                season: request.season,
                reference: request.id,
            };
            self.media_server.order(order).await.map(Some)
        };
        let approved = self
            .requests
            .advance(id, Status::Approved, Some(who.account), None, order)
            .await?;
        self.tell(&approved).await?;
        Ok(approved)
    }

    /// Declines, and says why.
    ///
    /// # Errors
    /// When it is not pending any more, or no reason is given.
    pub async fn decline(&self, who: &Who, id: i64, reason: &str) -> Result<Request> {
        who.must_be_editor()?;
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(Error::invalid("reason", "is empty; say why"));
        }
        let actor = Some(who.account);
        let declined = self
            .requests
            .advance(id, Status::Declined, actor, Some(reason), nothing)
            .await?;
        self.tell(&declined).await?;
        Ok(declined)
    }

    /// Takes one's own request back.
    ///
    /// # Errors
    /// When it is somebody else's, or not pending any more.
    pub async fn cancel(&self, who: &Who, id: i64) -> Result<Request> {
        if self.requests.find(id).await?.account != who.account {
            return Err(Error::unknown("request", id));
        }
        self.requests
            .advance(id, Status::Cancelled, Some(who.account), None, nothing)
            .await
    }

    /// The media server has fetched it: the member is told. To be told so again changes nothing.
    ///
    /// # Errors
    /// When there is no such request, or it was never approved.
    pub async fn fulfil(&self, id: i64) -> Result<Request> {
        let request = self.requests.find(id).await?;
        if request.status == Status::Available {
            return Ok(request);
        }
        let available = self
            .requests
            .advance(id, Status::Available, None, None, nothing)
            .await?;
        self.tell(&available).await?;
        Ok(available)
    }

    async fn tell(&self, request: &Request) -> Result {
        let event = format!("request.{}", request.status.as_str());
        let body = json!({
            "request": request.id,
            "title": request.title.title,
            "reason": request.reason,
        });
        self.notifications
            .notify(request.account, &event, body)
            .await?;
        Ok(())
    }
}

async fn nothing(_: Request) -> Result<Option<String>> {
    Ok(None)
}

fn season_fits(ask: &Ask, title: &Title) -> Result {
    match (ask.title.kind, ask.season) {
        (Kind::Film, None) => Ok(()),
        (Kind::Film, Some(_)) => Err(Error::invalid("season", "is for series; leave it out")),
        (Kind::Series, None) => Err(Error::invalid("season", "is missing; say which")),
        (Kind::Series, Some(season)) => {
            let last = title.seasons.unwrap_or(0);
            match (1..=last).contains(&season) {
                true => Ok(()),
                false => Err(Error::invalid(
                    "season",
                    format!("is not one of 1 to {last}"),
                )),
            }
        }
    }
}
