//! `/sessions`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::input::Body;
use crate::error::{Error, Result};
use crate::sessions::{Session, Who};
use crate::state::App;

#[derive(Deserialize)]
pub(super) struct SignIn {
    name: String,
    password: String,
}

/// Attempts are counted by name, right or wrong, so that nobody can try passwords for ever.
pub(super) async fn open(
    State(app): State<App>,
    Body(sign_in): Body<SignIn>,
) -> Result<(StatusCode, Json<Session>)> {
    let name = sign_in.name.trim();
    app.desk
        .rate_limit
        .spend("sign-in", name, app.sign_in_limit)
        .await?;
    let account = match app.accounts.verify(name, &sign_in.password).await {
        Err(Error::WrongPassword) => {
            let detail = json!({ "name": name });
            app.audit
                .add(None, "session.refused", "session", detail)
                .await?;
            return Err(Error::WrongPassword);
        }
        other => other?,
    };
    let session = app.sessions.open(&account).await?;
    Ok((StatusCode::CREATED, Json(session)))
}

pub(super) async fn close(State(app): State<App>, who: Who) -> Result<StatusCode> {
    app.sessions.close(&who).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn close_all(State(app): State<App>, who: Who) -> Result<StatusCode> {
    app.sessions.close_all(who.account).await?;
    Ok(StatusCode::NO_CONTENT)
}
