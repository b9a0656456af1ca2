//! What a request is.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::title::{Kind, TitleRef};

/// What has become of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Nobody has decided.
    Pending,
    /// The media server was told.
    Approved,
    /// It is there to be watched.
    Available,
    /// An editor said no.
    Declined,
    /// Whoever asked wants it no more.
    Cancelled,
}

impl Status {
    /// As in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Available => "available",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether a request may go from here to `next`.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        use Status::{Approved, Available, Cancelled, Declined, Pending};
        matches!(
            (self, next),
            (Pending, Approved | Declined | Cancelled) | (Approved, Available)
        )
    }
}

impl FromStr for Status {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "pending" => Ok(Self::Pending),
            "approved" => Ok(Self::Approved),
            "available" => Ok(Self::Available),
            "declined" => Ok(Self::Declined),
            "cancelled" => Ok(Self::Cancelled),
            _ => Err(Error::invalid(
                "status",
                "is none of `pending`, `approved`, `available`, `declined`, `cancelled`",
            )),
        }
    }
}

/// A wish, before it is a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// For what.
    pub title: TitleRef,
    /// Which season, of a series.
    pub season: Option<i32>,
    /// The caller's name for this call: two calls under one key are one request.
    pub key: Option<String>,
}

/// Somebody's request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Number.
    pub id: i64,
    /// Whose.
    pub account: i64,
    /// For what.
    #[serde(flatten)]
    pub title: Named,
    /// Which season, of a series.
    pub season: Option<i32>,
    /// What has become of it.
    pub status: Status,
    /// The media server's name for it.
    pub job: Option<String>,
    /// Why it was declined.
    pub reason: Option<String>,
    /// Seconds since 1970.
    pub created: u64,
}

/// A title with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Film or series.
    pub kind: Kind,
    /// Its number.
    pub title_id: i64,
    /// Its name.
    pub title: String,
}

impl Request {
    /// What is requested.
    #[must_use]
    pub fn wanted(&self) -> TitleRef {
        TitleRef {
            kind: self.title.kind,
            id: self.title.title_id,
        }
    }
}
