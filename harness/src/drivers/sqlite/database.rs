//! One test's own database.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::terms::{Error, Result};

/// How long a reset waits for transactions that the test has open.
const PATIENCE: Duration = Duration::from_secs(1);

/// One test's own database file. What a [`Lease<Sqlite>`](super::Sqlite) dereferences to.
#[derive(Debug, Clone)]
pub struct SqliteDatabase {
    path: PathBuf,
    template: PathBuf,
}

impl SqliteDatabase {
    /// Copies the template into a directory of the test's.
    pub(super) fn copy(template: PathBuf, dir: &Path) -> Result<Self> {
        let path = dir.join("database.sqlite");
        std::fs::copy(&template, &path).map_err(|error| {
            Error::from(error).context(format_args!(
                "cannot copy the migrated database to {}",
                path.display()
            ))
        })?;
        Ok(Self { path, template })
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// `sqlite:///tmp/…/database.sqlite`, as sqlx and others read it.
    #[must_use]
    pub fn url(&self) -> String {
        match url::Url::from_file_path(&self.path) {
            Ok(url) => url.as_str().replacen("file", "sqlite", 1),
            // The directories of tests are absolute.
            Err(()) => format!("sqlite://{}", self.path.display()),
        }
    }

    /// A connection of one's own. Foreign keys are enforced, as rusqlite does.
    ///
    /// # Errors
    /// SQLite's.
    pub fn client(&self) -> Result<Connection> {
        Connection::open(&self.path).map_err(|error| {
            Error::from(error).context(format_args!("cannot open {}", self.path.display()))
        })
    }

    /// Makes the database as it was when the test began. Open connections stay valid and see it.
    pub(super) fn reset(&self) -> Result {
        // Nobody changes the template, and opened like this no lock files appear beside it.
        let template = url::Url::from_file_path(&self.template).map_err(|()| {
            Error::new(format_args!("{} is not absolute", self.template.display()))
        })?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let template = Connection::open_with_flags(format!("{template}?immutable=1"), flags)?;
        let mut own = self.client()?;
        own.busy_timeout(PATIENCE)?;
        match Backup::new(&template, &mut own)?.step(-1)? {
            StepResult::Done => Ok(()),
            // `StepResult` is open for additions; all that there is means a lock.
            _ => Err(Error::new(format_args!(
                "{} cannot be reset: a transaction was still open after {}; end it before the reset",
                self.path.display(),
                humantime::format_duration(PATIENCE)
            ))),
        }
    }
}
