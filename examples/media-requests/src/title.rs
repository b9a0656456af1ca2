//! Films and series, as we speak of them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Film or series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One piece.
    Film,
    /// In seasons.
    Series,
}

impl Kind {
    /// As in URLs and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Film => "film",
            Self::Series => "series",
        }
    }
}

impl FromStr for Kind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "film" => Ok(Self::Film),
            "series" => Ok(Self::Series),
            _ => Err(Error::invalid("kind", "is neither `film` nor `series`")),
        }
    }
}

/// Names a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TitleRef {
    /// Film or series.
    pub kind: Kind,
    /// Its number at the metadata API.
    pub id: i64,
}

impl TitleRef {
    /// A film.
    #[must_use]
    pub fn film(id: i64) -> Self {
        Self {
            kind: Kind::Film,
            id,
        }
    }

    /// A series.
    #[must_use]
    pub fn series(id: i64) -> Self {
        Self {
            kind: Kind::Series,
            id,
        }
    }
}

impl fmt::Display for TitleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.as_str(), self.id)
    }
}

/// What is known of a title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// When it came out.
    pub year: i32,
    /// What it is about.
    #[serde(default)]
    pub overview: String,
    /// How many seasons a series has.
    #[serde(default)]
    pub seasons: Option<i32>,
}
