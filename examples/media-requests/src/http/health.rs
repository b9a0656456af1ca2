//! `/health`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use crate::health::Health;
use crate::state::App;

pub(super) async fn check(State(app): State<App>) -> (StatusCode, Json<Health>) {
    let health = app.monitor.check().await;
    let status = match health.ready() {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, Json(health))
}
