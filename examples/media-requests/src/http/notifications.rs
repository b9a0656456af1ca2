//! `/notifications`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::input::Named;
use crate::error::Result;
use crate::notifications::Notification;
use crate::sessions::Who;
use crate::state::App;

pub(super) async fn unread(State(app): State<App>, who: Who) -> Result<Json<Vec<Notification>>> {
    app.desk.notifications.unread(who.account).await.map(Json)
}

pub(super) async fn read(
    State(app): State<App>,
    who: Who,
    Named(id): Named<i64>,
) -> Result<StatusCode> {
    app.desk.notifications.read(who.account, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
