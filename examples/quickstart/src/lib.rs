//! A lending library, small enough to read over a coffee, with real boundaries that need nothing
//! installed.
//!
//! * [`Catalogue`] – which books there are and who has them, in SQLite (boundary `database`).
//! * [`Shelves`] – their texts, one file a book (boundary `files`).
//! * [`Metadata`] – a client of an HTTP API that knows more about a book (boundary `external-api`).
//! * [`Lookup`] – all that is known of a book, with a cache in front (boundary `cache`).
//! * [`Isbn`] – the number that names a book everywhere.
//!
//! The tests in `tests/integration` are the tour of phasegate. The feature `defects` plants four
//! bugs here, in the library, so that the same tests show what a phase that is not done looks like.

mod catalogue;
mod error;
mod isbn;
mod lookup;
mod metadata;
mod shelves;

pub use catalogue::{Book, Catalogue};
pub use error::{Error, Result};
pub use isbn::Isbn;
pub use lookup::{Card, Lookup};
pub use metadata::{Details, Metadata};
pub use shelves::Shelves;
