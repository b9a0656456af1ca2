//! `/devices`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use super::input::{Body, Named};
use crate::devices::Device;
use crate::error::Result;
use crate::sessions::Who;
use crate::state::App;

#[derive(Deserialize)]
pub(super) struct Link {
    name: String,
    pin: String,
}

pub(super) async fn link(
    State(app): State<App>,
    who: Who,
    Body(link): Body<Link>,
) -> Result<(StatusCode, Json<Device>)> {
    let device = app.devices.link(who.account, &link.name, &link.pin).await?;
    Ok((StatusCode::CREATED, Json(device)))
}

pub(super) async fn list(State(app): State<App>, who: Who) -> Result<Json<Vec<Device>>> {
    app.devices.list(who.account).await.map(Json)
}

pub(super) async fn unlink(
    State(app): State<App>,
    who: Who,
    Named(id): Named<i64>,
) -> Result<StatusCode> {
    app.devices.unlink(who.account, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
