//! `/audit`

use axum::Json;
use axum::extract::State;

use super::input::Asked;
use crate::audit::{Entry, Filter};
use crate::error::Result;
use crate::sessions::Who;
use crate::state::App;

pub(super) async fn read(
    State(app): State<App>,
    who: Who,
    Asked(filter): Asked<Filter>,
) -> Result<Json<Vec<Entry>>> {
    who.must_be_editor()?;
    app.audit.read(&filter).await.map(Json)
}
