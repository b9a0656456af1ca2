//! All that is known of a book, from everywhere.

use std::collections::HashMap;

use crate::{Book, Catalogue, Details, Error, Isbn, Metadata, Result, Shelves};

/// All that is known of a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// What our catalogue says.
    pub book: Book,
    /// What the API says, unless it knows nothing or could not be asked.
    pub details: Option<Details>,
    /// How the text begins, when it is on our shelves.
    pub first_line: Option<String>,
}

/// Looks books up, and keeps what the API said.
#[derive(Debug)]
pub struct Lookup<'a> {
    catalogue: &'a Catalogue,
    shelves: &'a Shelves,
    api: &'a Metadata,
    kept: HashMap<Isbn, Option<Details>>,
    hits: u32,
}

impl<'a> Lookup<'a> {
    /// With nothing kept yet.
    #[must_use]
    pub fn new(catalogue: &'a Catalogue, shelves: &'a Shelves, api: &'a Metadata) -> Self {
        Self {
            catalogue,
            shelves,
            api,
            kept: HashMap::new(),
            hits: 0,
        }
    }

    /// The card of a book. A card can do without the API: while that fails, details are missing,
    /// and the next lookup asks again.
    ///
    /// # Errors
    /// When the catalogue does not know the book, or it or the shelves refuse.
    pub fn card(&mut self, isbn: &Isbn) -> Result<Card> {
        let book = self.catalogue.find(isbn)?;
        Ok(Card {
            book: book.ok_or_else(|| Error::Unknown(isbn.clone()))?,
            details: self.details(isbn),
            first_line: self
                .shelves
                .get(isbn)?
                .and_then(|text| text.lines().next().map(str::to_owned)),
        })
    }

    /// Drops what the API said of a book, so that the next lookup asks again.
    pub fn forget(&mut self, isbn: &Isbn) {
        self.kept.remove(isbn);
    }

    /// How many lookups were answered without the API.
    #[must_use]
    pub fn hits(&self) -> u32 {
        self.hits
    }

    fn details(&mut self, isbn: &Isbn) -> Option<Details> {
        if let Some(kept) = self.kept.get(isbn) {
            self.hits += 1;
            return kept.clone();
        }
        let details = self.api.details(isbn).ok()?;
        self.kept.insert(isbn.clone(), details.clone());
        details
    }
}
