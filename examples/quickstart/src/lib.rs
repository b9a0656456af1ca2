//! A lending library, small enough to read in a minute: shelves in files, a cache in front.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::PathBuf;

/// Books on shelves, one file a book.
#[derive(Debug)]
pub struct Shelves {
    root: PathBuf,
}

impl Shelves {
    /// Shelves below a directory.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Puts a book on its shelf, or replaces it.
    ///
    /// # Errors
    /// When the title names no file or the disk refuses.
    pub fn put(&self, title: &str, text: &str) -> io::Result<()> {
        fs::write(self.path(title)?, text)
    }

    /// Reads a book; `None` when it is not there.
    ///
    /// # Errors
    /// When the title names no file or the disk refuses.
    pub fn get(&self, title: &str) -> io::Result<Option<String>> {
        match fs::read_to_string(self.path(title)?) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// How many books there are.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn count(&self) -> io::Result<usize> {
        Ok(fs::read_dir(&self.root)?.count())
    }

    fn path(&self, title: &str) -> io::Result<PathBuf> {
        if title.is_empty() || title.contains(['/', '\\', '\0']) || title.starts_with('.') {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("`{title}` is no title"),
            ));
        }
        Ok(self.root.join(title))
    }
}

/// A cache in front of shelves.
#[derive(Debug, Default)]
pub struct Cache {
    kept: HashMap<String, String>,
    hits: u32,
}

impl Cache {
    /// Reads through the cache.
    ///
    /// # Errors
    /// What the shelves report.
    pub fn read(&mut self, shelves: &Shelves, title: &str) -> io::Result<Option<String>> {
        if let Some(text) = self.kept.get(title) {
            self.hits += 1;
            return Ok(Some(text.clone()));
        }
        let text = shelves.get(title)?;
        if let Some(text) = &text {
            self.kept.insert(title.to_owned(), text.clone());
        }
        Ok(text)
    }

    /// Writes through the cache.
    ///
    /// # Errors
    /// What the shelves report.
    pub fn write(&mut self, shelves: &Shelves, title: &str, text: &str) -> io::Result<()> {
        shelves.put(title, text)?;
        // The feature `defects` shows what a report of a failing phase looks like.
        if !cfg!(feature = "defects") {
            self.kept.remove(title);
        }
        Ok(())
    }

    /// How often a read was answered without the shelves.
    #[must_use]
    pub fn hits(&self) -> u32 {
        self.hits
    }
}
