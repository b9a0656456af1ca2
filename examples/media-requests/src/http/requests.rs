//! `/requests`

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::input::{Asked, Body, Named};
use crate::desk::Ask;
use crate::error::{Error, Result};
use crate::request::{Request, Status};
use crate::sessions::Who;
use crate::state::App;

/// 201 when it is new, 200 when it was there already.
pub(super) async fn create(
    State(app): State<App>,
    who: Who,
    headers: HeaderMap,
    Body(ask): Body<Ask>,
) -> Result<(StatusCode, Json<Request>)> {
    let key = headers
        .get("idempotency-key")
        .map(|key| key.to_str())
        .transpose()
        .map_err(|_| Error::invalid("idempotency-key", "must be visible ASCII"))?;
    let (request, new) = app.desk.request(&who, &ask, key).await?;
    let status = match new {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    Ok((status, Json(request)))
}

#[derive(Deserialize)]
pub(super) struct Which {
    status: Option<String>,
    before: Option<i64>,
    /// Everybody's; for editors.
    #[serde(default)]
    all: bool,
}

pub(super) async fn list(
    State(app): State<App>,
    who: Who,
    Asked(which): Asked<Which>,
) -> Result<Json<Vec<Request>>> {
    let status = which
        .status
        .map(|status| status.parse::<Status>())
        .transpose()?;
    let account = match which.all {
        true => {
            who.must_be_editor()?;
            None
        }
        false => Some(who.account),
    };
    app.desk
        .requests
        .list(account, status, which.before)
        .await
        .map(Json)
}

pub(super) async fn show(
    State(app): State<App>,
    who: Who,
    Named(id): Named<i64>,
) -> Result<Json<Request>> {
    app.desk.show(&who, id).await.map(Json)
}

pub(super) async fn cancel(
    State(app): State<App>,
    who: Who,
    Named(id): Named<i64>,
) -> Result<Json<Request>> {
    app.desk.cancel(&who, id).await.map(Json)
}

pub(super) async fn approve(
    State(app): State<App>,
    who: Who,
    Named(id): Named<i64>,
) -> Result<Json<Request>> {
    app.desk.approve(&who, id).await.map(Json)
}

#[derive(Deserialize)]
pub(super) struct Refusal {
    reason: String,
}

pub(super) async fn decline(
    State(app): State<App>,
    who: Who,
    Named(id): Named<i64>,
    Body(refusal): Body<Refusal>,
) -> Result<Json<Request>> {
    app.desk.decline(&who, id, &refusal.reason).await.map(Json)
}
