//! `/requests/{id}/poster`

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use super::input::Named;
use crate::error::{Error, Result};
use crate::posters::Poster;
use crate::sessions::Who;
use crate::state::App;

/// The body is the picture.
pub(super) async fn store(
    State(app): State<App>,
    who: Who,
    Named(id): Named<i64>,
    picture: std::result::Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Poster>)> {
    app.desk.show(&who, id).await?;
    let picture = picture.map_err(|_| Error::TooLarge {
        limit: app.poster_bytes,
    })?;
    let poster = app.posters.store(id, &picture).await?;
    Ok((StatusCode::CREATED, Json(poster)))
}

pub(super) async fn load(
    State(app): State<App>,
    who: Who,
    Named(id): Named<i64>,
) -> Result<impl IntoResponse> {
    app.desk.show(&who, id).await?;
    let (poster, picture) = app.posters.load(id).await?;
    // Browsers must not guess a page out of what somebody uploaded.
    let headers = [
        (header::CONTENT_TYPE, poster.media_type),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, picture))
}

pub(super) async fn remove(
    State(app): State<App>,
    who: Who,
    Named(id): Named<i64>,
) -> Result<StatusCode> {
    app.desk.show(&who, id).await?;
    app.posters.remove(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
