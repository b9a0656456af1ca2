//! Which path leads where.

use std::io;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post, put};
use tokio::net::TcpListener;

use super::{
    accounts, audit, devices, health, live, notifications, posters, requests, sessions, titles,
    webhooks,
};
use crate::state::App;

/// No JSON that we take is larger.
const JSON_BYTES: usize = 64 * 1024;

/// All paths of the application.
pub fn router(app: App) -> Router {
    // One byte more than allowed is let through, so that the refusal is ours and says the limit.
    let pictures = DefaultBodyLimit::max(app.poster_bytes + 1);
    Router::new()
        .route("/accounts", post(accounts::create))
        .route("/accounts/me", get(accounts::me))
        .route("/accounts/me/password", put(accounts::change_password))
        .route(
            "/sessions",
            post(sessions::open).delete(sessions::close_all),
        )
        .route("/sessions/current", delete(sessions::close))
        .route("/titles", get(titles::search))
        .route("/titles/{kind}/{id}", get(titles::show))
        .route("/titles/{kind}/{id}/note", put(titles::annotate))
        .route("/requests", get(requests::list).post(requests::create))
        .route(
            "/requests/{id}",
            get(requests::show).delete(requests::cancel),
        )
        .route("/requests/{id}/approve", post(requests::approve))
        .route("/requests/{id}/decline", post(requests::decline))
        .route("/devices", get(devices::list).post(devices::link))
        .route("/devices/{id}", delete(devices::unlink))
        .route("/notifications", get(notifications::unread))
        .route("/notifications/{id}", delete(notifications::read))
        .route("/notifications/live", get(live::watch))
        .route("/webhooks/media-server", post(webhooks::media_server))
        .route("/audit", get(audit::read))
        .route("/health", get(health::check))
        .layer(DefaultBodyLimit::max(JSON_BYTES))
        .merge(
            Router::new()
                .route(
                    "/requests/{id}/poster",
                    put(posters::store)
                        .get(posters::load)
                        .delete(posters::remove),
                )
                .layer(pictures),
        )
        .with_state(app)
}

/// Serves the application until the task is dropped.
///
/// # Errors
/// Those of the listener.
pub async fn serve(listener: TcpListener, app: App) -> io::Result<()> {
    axum::serve(listener, router(app)).await
}
