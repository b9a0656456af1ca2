//! Which books there are and who has them, in SQLite.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{Error, Isbn, Result};

const TABLES: &str = "
    BEGIN;
    CREATE TABLE IF NOT EXISTS book (
        isbn TEXT PRIMARY KEY, title TEXT NOT NULL, author TEXT NOT NULL, reader TEXT
    ) STRICT;
    CREATE TABLE IF NOT EXISTS see_also (
        book TEXT NOT NULL REFERENCES book, other TEXT NOT NULL REFERENCES book
    ) STRICT;
    COMMIT;";

/// A book as the catalogue lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// Names it.
    pub isbn: Isbn,
    /// As on the cover.
    pub title: String,
    /// As on the cover.
    pub author: String,
}

/// The books of a library, in a database file.
#[derive(Debug)]
pub struct Catalogue {
    database: Connection,
}

impl Catalogue {
    /// Opens the database in a file, which is created when it is not there.
    ///
    /// # Errors
    /// When the file is no database or the disk refuses.
    pub fn open(file: &Path) -> Result<Self> {
        let database = Connection::open(file)?;
        database.pragma_update(None, "foreign_keys", true)?;
        database.execute_batch(TABLES)?;
        Ok(Self { database })
    }

    /// Adds a book.
    ///
    /// # Errors
    /// When a book of this ISBN is there already.
    pub fn add(&self, book: &Book) -> Result<()> {
        self.database.execute(
            "INSERT INTO book (isbn, title, author) VALUES (?1, ?2, ?3)",
            params![book.isbn.as_str(), book.title, book.author],
        )?;
        Ok(())
    }

    /// Adds all books or, when one cannot be added, none.
    ///
    /// # Errors
    /// When one of them is there already.
    pub fn add_all<'a>(&self, books: impl IntoIterator<Item = &'a Book>) -> Result<()> {
        let all = self.database.unchecked_transaction()?;
        for book in books {
            self.add(book)?;
        }
        Ok(all.commit()?)
    }

    /// The book of an ISBN.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn find(&self, isbn: &Isbn) -> Result<Option<Book>> {
        let found = self
            .database
            .query_row(
                "SELECT isbn, title, author FROM book WHERE isbn = ?1",
                [isbn.as_str()],
                columns,
            )
            .optional()?;
        found.map(book).transpose()
    }

    /// Books whose title or author contains a text, by title.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn search(&self, text: &str) -> Result<Vec<Book>> {
        let mut search = self.database.prepare_cached(
            "SELECT isbn, title, author FROM book
             WHERE instr(lower(title), lower(?1)) OR instr(lower(author), lower(?1))
             ORDER BY title",
        )?;
        search
            .query_map([text], columns)?
            .map(|row| book(row?))
            .collect()
    }

    /// The first book that [`Self::search`] finds.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn best_match(&self, text: &str) -> Result<Option<Book>> {
        let found = self.search(text)?;
        if cfg!(feature = "defects") {
            return Ok(Some(found[0].clone()));
        }
        Ok(found.into_iter().next())
    }

    /// How many books there are.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn count(&self) -> Result<u32> {
        Ok(self
            .database
            .query_row("SELECT count(*) FROM book", [], |row| row.get(0))?)
    }

    /// Notes that who reads one book should see another.
    ///
    /// # Errors
    /// When one of them is not in the catalogue.
    pub fn refer(&self, isbn: &Isbn, other: &Isbn) -> Result<()> {
        self.database.execute(
            "INSERT INTO see_also (book, other) VALUES (?1, ?2)",
            [isbn.as_str(), other.as_str()],
        )?;
        Ok(())
    }

    /// All books that the references of a book lead to, near ones first, itself left out.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn see_also(&self, isbn: &Isbn) -> Result<Vec<Isbn>> {
        let mut seen = vec![isbn.clone()];
        self.follow(isbn, &mut seen)?;
        seen.remove(0);
        Ok(seen)
    }

    fn follow(&self, isbn: &Isbn, seen: &mut Vec<Isbn>) -> Result<()> {
        for other in self.references(isbn)? {
            let known = seen.contains(&other);
            if !known {
                seen.push(other.clone());
            }
            // With the defect, references that lead back are followed for ever.
            if !known || cfg!(feature = "defects") {
                self.follow(&other, seen)?;
            }
        }
        Ok(())
    }

    fn references(&self, isbn: &Isbn) -> Result<Vec<Isbn>> {
        let mut references = self
            .database
            .prepare_cached("SELECT other FROM see_also WHERE book = ?1 ORDER BY rowid")?;
        references
            .query_map([isbn.as_str()], |row| row.get::<_, String>(0))?
            .map(|other| other?.parse())
            .collect()
    }

    /// Lends a book for a number of days, and says on which day from now it is due.
    ///
    /// # Errors
    /// When the book is not there or lent already.
    ///
    /// # Panics
    /// When the loan lasts no day at all.
    pub fn lend(&self, isbn: &Isbn, reader: &str, days: u32) -> Result<u32> {
        assert!(days > 0, "a loan lasts at least one day");
        match self.reader(isbn)? {
            Some(reader) => Err(Error::Lent {
                isbn: isbn.clone(),
                reader,
            }),
            None => self.set_reader(isbn, Some(reader)).map(|()| days),
        }
    }

    /// Takes a book back. One that nobody has stays where it is.
    ///
    /// # Errors
    /// When the book is not in the catalogue.
    pub fn take_back(&self, isbn: &Isbn) -> Result<()> {
        self.set_reader(isbn, None)
    }

    /// Who has a book.
    ///
    /// # Errors
    /// When the book is not in the catalogue.
    pub fn reader(&self, isbn: &Isbn) -> Result<Option<String>> {
        self.database
            .query_row(
                "SELECT reader FROM book WHERE isbn = ?1",
                [isbn.as_str()],
                |row| row.get(0),
            )
            .optional()?
            .ok_or_else(|| Error::Unknown(isbn.clone()))
    }

    fn set_reader(&self, isbn: &Isbn, reader: Option<&str>) -> Result<()> {
        let changed = self.database.execute(
            "UPDATE book SET reader = ?2 WHERE isbn = ?1",
            params![isbn.as_str(), reader],
        )?;
        match changed {
            0 => Err(Error::Unknown(isbn.clone())),
            _ => Ok(()),
        }
    }
}

type Columns = (String, String, String);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn book((isbn, title, author): Columns) -> Result<Book> {
    Ok(Book {
        isbn: isbn.parse()?,
        title,
        author,
    })
}
