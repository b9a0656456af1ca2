//! What can go wrong.

use std::io;

use crate::title::TitleRef;

/// A result of the application.
pub type Result<T = ()> = std::result::Result<T, Error>;

/// Why something was not done. The first half are answers to whoever asked, the second half are
/// ours to repair: `http` says no more of them than which part failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was sent makes no sense.
    #[error("`{field}` {why}")]
    Invalid {
        /// What of it.
        field: &'static str,
        /// What is wrong, and what to send.
        why: String,
    },
    /// No such account, or another password: which of them is not said.
    #[error("name or password is wrong")]
    WrongPassword,
    /// Nobody is signed in.
    #[error("{0}; sign in")]
    NotSignedIn(&'static str),
    /// Somebody is, but may not.
    #[error("{0}")]
    Forbidden(&'static str),
    /// It is not there, or not for them to see.
    #[error("there is no {what} `{name}`")]
    Unknown {
        /// What kind of thing.
        what: &'static str,
        /// Which.
        name: String,
    },
    /// It contradicts what is there.
    #[error("{0}")]
    Conflict(String),
    /// Too often.
    #[error("too many attempts; try again in {retry_after} s")]
    TooMany {
        /// Seconds until it is worth trying.
        retry_after: u64,
    },
    /// A picture is too large.
    #[error("a poster may have {limit} bytes; send a smaller one")]
    TooLarge {
        /// How large it may be.
        limit: usize,
    },
    /// It is no picture.
    #[error("a poster is a PNG, JPEG or WebP picture; this begins like none of them")]
    NoPicture,
    /// Another server failed us.
    #[error("{server}: {why}")]
    Upstream {
        /// Which.
        server: &'static str,
        /// How.
        why: String,
    },

    /// The database refused.
    #[error("the database refused: {0}")]
    Database(#[from] tokio_postgres::Error),
    /// No connection to the database.
    #[error("no connection to the database: {0}")]
    NoConnection(#[from] deadpool_postgres::PoolError),
    /// The cache refused, or cannot be reached.
    #[error("the cache refused: {0}")]
    Cache(#[from] redis::RedisError),
    /// The disk refused.
    #[error("the directory of posters refused: {0}")]
    Disk(#[from] io::Error),
    /// Something that we sealed cannot be opened.
    #[error("a sealed token cannot be opened: another key sealed it, or it was changed")]
    Unsealable,
    /// A password cannot be hashed.
    #[error("a password cannot be hashed: {0}")]
    Hash(String),
    /// Something that we wrote cannot be read.
    #[error("{what} cannot be read: {why}")]
    Garbled {
        /// What.
        what: &'static str,
        /// Why.
        why: String,
    },
    /// The configuration cannot work.
    #[error("the configuration's `{key}` cannot work: {why}")]
    Config {
        /// Which key.
        key: &'static str,
        /// Why.
        why: String,
    },
}

impl Error {
    pub(crate) fn invalid(field: &'static str, why: impl Into<String>) -> Self {
        Self::Invalid {
            field,
            why: why.into(),
        }
    }

    pub(crate) fn unknown(what: &'static str, name: impl ToString) -> Self {
        Self::Unknown {
            what,
            name: name.to_string(),
        }
    }

    pub(crate) fn no_title(title: TitleRef) -> Self {
        Self::unknown(title.kind.as_str(), title.id)
    }

    pub(crate) fn garbled(what: &'static str, why: impl ToString) -> Self {
        Self::Garbled {
            what,
            why: why.to_string(),
        }
    }

    /// Whether the database refused because of the constraint of that name.
    pub(crate) fn breaks(&self, constraint: &str) -> bool {
        let Self::Database(error) = self else {
            return false;
        };
        error.as_db_error().and_then(|db| db.constraint()) == Some(constraint)
    }
}
