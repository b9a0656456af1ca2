//! The texts of the books, in files.

use std::fs;
use std::io;
use std::path::PathBuf;

use crate::{Isbn, Result};

/// Texts on shelves, one file a book.
#[derive(Debug)]
pub struct Shelves {
    root: PathBuf,
}

impl Shelves {
    /// Shelves below a directory, which is created when it is not there.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn open(root: PathBuf) -> Result<Self> {
        fs::create_dir_all(&root)?;
        Ok(Self { root })
    }

    /// Puts a text on its shelf, or replaces it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn put(&self, isbn: &Isbn, text: &str) -> Result<()> {
        // Whoever reads meanwhile sees the old text or the new one, never half of it.
        let draft = self.root.join(format!("{isbn}.draft"));
        fs::write(&draft, text)?;
        Ok(fs::rename(draft, self.path(isbn))?)
    }

    /// Reads a text; `None` when it is not there.
    ///
    /// # Errors
    /// When the disk refuses, or the file is no text.
    pub fn get(&self, isbn: &Isbn) -> Result<Option<String>> {
        match fs::read_to_string(self.path(isbn)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// How many files there are.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn count(&self) -> Result<usize> {
        Ok(fs::read_dir(&self.root)?.count())
    }

    fn path(&self, isbn: &Isbn) -> PathBuf {
        self.root.join(format!("{isbn}.txt"))
    }
}
