//! `/titles`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::input::{Asked, Body, Named};
use crate::error::Result;
use crate::metadata::Found;
use crate::sessions::Who;
use crate::state::App;
use crate::title::{Kind, Title, TitleRef};

#[derive(Deserialize)]
pub(super) struct Search {
    query: String,
    page: Option<u32>,
}

pub(super) async fn search(
    State(app): State<App>,
    _: Who,
    Asked(search): Asked<Search>,
) -> Result<Json<Found>> {
    let page = search.page.unwrap_or(1);
    app.desk
        .catalogue
        .search(&search.query, page)
        .await
        .map(Json)
}

pub(super) async fn show(
    State(app): State<App>,
    _: Who,
    Named((kind, id)): Named<(Kind, i64)>,
) -> Result<Json<Title>> {
    app.desk
        .catalogue
        .title(TitleRef { kind, id })
        .await
        .map(Json)
}

#[derive(Deserialize)]
pub(super) struct Note {
    overview: String,
}

pub(super) async fn annotate(
    State(app): State<App>,
    who: Who,
    Named((kind, id)): Named<(Kind, i64)>,
    Body(note): Body<Note>,
) -> Result<StatusCode> {
    who.must_be_editor()?;
    let title = TitleRef { kind, id };
    app.desk.catalogue.annotate(title, &note.overview).await?;
    let subject = format!("title:{title}");
    app.audit
        .add(Some(who.account), "title.annotated", &subject, json!({}))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
