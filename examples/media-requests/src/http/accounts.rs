//! `/accounts`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::input::Body;
use crate::accounts::{Account, Role};
use crate::error::Result;
use crate::sessions::{Session, Who};
use crate::state::App;

#[derive(Deserialize)]
pub(super) struct Newcomer {
    name: String,
    password: String,
}

/// Whoever comes is a member; editors are made by other means.
pub(super) async fn create(
    State(app): State<App>,
    Body(newcomer): Body<Newcomer>,
) -> Result<(StatusCode, Json<Account>)> {
    let account = app
        .accounts
        .create(&newcomer.name, &newcomer.password, Role::Member)
        .await?;
    let subject = format!("account:{}", account.id);
    app.audit
        .add(Some(account.id), "account.made", &subject, json!({}))
        .await?;
    Ok((StatusCode::CREATED, Json(account)))
}

pub(super) async fn me(State(app): State<App>, who: Who) -> Result<Json<Account>> {
    app.accounts.find(who.account).await.map(Json)
}

#[derive(Deserialize)]
pub(super) struct Change {
    old: String,
    new: String,
}

/// Ends all sessions, whoever holds them, and begins another.
pub(super) async fn change_password(
    State(app): State<App>,
    who: Who,
    Body(change): Body<Change>,
) -> Result<Json<Session>> {
    app.accounts
        .change_password(who.account, &change.old, &change.new)
        .await?;
    app.sessions.close_all(who.account).await?;
    let subject = format!("account:{}", who.account);
    app.audit
        .add(
            Some(who.account),
            "account.password-changed",
            &subject,
            json!({}),
        )
        .await?;
    let account = app.accounts.find(who.account).await?;
    app.sessions.open(&account).await.map(Json)
}
