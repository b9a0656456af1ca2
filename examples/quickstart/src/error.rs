//! What can go wrong in the library.

use std::io;

use crate::Isbn;

/// A result of the library.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the library could not do its job.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is no ISBN.
    #[error("`{0}` is no ISBN; write thirteen digits, the last of them the check digit")]
    NoIsbn(String),
    /// The catalogue has no such book.
    #[error("{0} is not in the catalogue; add it first")]
    Unknown(Isbn),
    /// Somebody has the book.
    #[error("{isbn} is lent to {reader}; wait for its return")]
    Lent {
        /// The book.
        isbn: Isbn,
        /// Who has it.
        reader: String,
    },
    /// The API answered with something else than a book.
    #[error("the metadata API answered {status} to `{url}`")]
    Api {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// The API answered with a book that cannot be read.
    #[error("the metadata API's answer cannot be read: {0}")]
    Garbled(#[from] serde_json::Error),
    /// The API could not be reached.
    #[error("the metadata API cannot be reached: {0}")]
    Unreachable(#[from] minreq::Error),
    /// The database refused.
    #[error("the catalogue's database refused: {0}")]
    Database(#[from] rusqlite::Error),
    /// The disk refused.
    #[error("the shelves' disk refused: {0}")]
    Disk(#[from] io::Error),
}
