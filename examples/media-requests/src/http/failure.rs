//! Errors, as browsers see them.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::error::Error;

impl Error {
    /// What programs know it by.
    fn code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Invalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            Self::WrongPassword => (StatusCode::UNAUTHORIZED, "wrong-password"),
            Self::NotSignedIn(_) => (StatusCode::UNAUTHORIZED, "not-signed-in"),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
            Self::Unknown { .. } => (StatusCode::NOT_FOUND, "unknown"),
            Self::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
            Self::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, "too-many"),
            Self::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            Self::NoPicture => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "no-picture"),
            Self::Upstream { .. } => (StatusCode::BAD_GATEWAY, "upstream"),
            Self::Database(_) | Self::NoConnection(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "database")
            }
            Self::Cache(_) => (StatusCode::SERVICE_UNAVAILABLE, "cache"),
            Self::Disk(_) => (StatusCode::INTERNAL_SERVER_ERROR, "disk"),
            Self::Unsealable | Self::Hash(_) | Self::Garbled { .. } | Self::Config { .. } => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal")
            }
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, code) = self.code();
        // What is ours to repair may quote statements and addresses.
        let ours = status.is_server_error() && !matches!(self, Self::Upstream { .. });
        let message = match ours {
            true => format!("something is wrong with our {code}; try again later"),
            false => self.to_string(),
        };
        let body = Json(json!({ "code": code, "message": message }));
        let mut response = (status, body).into_response();
        if let Self::TooMany { retry_after } = self {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
        }
        response
    }
}
