//! `/webhooks/media-server`

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::input::Body;
use crate::error::{Error, Result};
use crate::state::App;

/// What the media server tells us.
#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(super) enum Told {
    /// A download is there to be watched.
    Available {
        /// Our number.
        reference: i64,
    },
    /// Anything else is none of our business.
    #[serde(other)]
    Other,
}

pub(super) async fn media_server(
    State(app): State<App>,
    headers: HeaderMap,
    Body(told): Body<Told>,
) -> Result<StatusCode> {
    let sent = headers
        .get("x-webhook-token")
        .map_or(&[][..], |v| v.as_bytes());
    // Digests are compared, so that the time it takes tells nothing of the token.
    if Sha256::digest(sent) != Sha256::digest(app.webhook_token.expose()) {
        return Err(Error::NotSignedIn("the webhook's token is not ours"));
    }
    if let Told::Available { reference } = told {
        app.desk.fulfil(reference).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
