//! The database that every test's own begins as.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::{Batch, Connection, Statement};

use crate::drivers::migrations::{self, Migration};
use crate::terms::{Error, Result};

type Function = Arc<dyn Fn(&Connection) -> Result + Send + Sync>;

/// One thing that is done to an empty database.
#[derive(Clone)]
pub(super) enum Step {
    /// The SQL files of a directory.
    Directory(PathBuf),
    /// A function of the project's.
    Function(Function),
    /// Statements.
    Sql(String),
}

/// Makes the database at `path`; nothing is left in a write-ahead log.
pub(super) fn build(path: &Path, steps: &[Step], wal: bool) -> Result {
    let connection = Connection::open(path).map_err(|error| {
        Error::from(error).context(format_args!("cannot create {}", path.display()))
    })?;
    // A template that a crash breaks is made anew: nothing of it needs to reach the disk.
    connection.execute_batch("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;")?;
    for step in steps {
        apply(&connection, step)?;
    }
    if !connection.is_autocommit() {
        return Err(Error::new(
            "the migrations leave a transaction open; end it with `COMMIT`",
        ));
    }
    let mode = if wal { "WAL" } else { "DELETE" };
    // What migrations have chosen for themselves stays: only the mode made for the template goes.
    let chosen: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    if wal || chosen == "memory" {
        connection.pragma_update_and_check(None, "journal_mode", mode, |_| Ok(()))?;
    }
    connection.pragma_update_and_check(None, "wal_checkpoint", "TRUNCATE", |_| Ok(()))?;
    connection.close().map_err(|(_, error)| {
        Error::from(error).context(format_args!("cannot close {}", path.display()))
    })
}

fn apply(connection: &Connection, step: &Step) -> Result {
    match step {
        Step::Directory(dir) => {
            for Migration { path, sql, .. } in migrations::read(dir)? {
                execute(connection, &sql, &path.display().to_string())?;
            }
            Ok(())
        }
        Step::Function(function) => function(connection)
            .map_err(|error| error.context("the function given to `migrate_with` failed")),
        Step::Sql(sql) => execute(connection, sql, "the SQL given to `seed_sql`"),
    }
}

/// Executes all statements; of one that fails the place is named, and the line on which it begins.
fn execute(connection: &Connection, whole: &str, place: &str) -> Result {
    let mut batch = Batch::new(connection, whole);
    let mut read = 0;
    let failed = |error: rusqlite::Error, read: usize| {
        let rest = whole.get(read..).unwrap_or_default();
        let begin = read + (rest.len() - rest.trim_start().len());
        let at = match &error {
            // SQLite points at a word of what it was given.
            rusqlite::Error::SqlInputError { offset, .. } => {
                read + usize::try_from(*offset).unwrap_or_default()
            }
            _ => begin,
        };
        let line = whole.bytes().take(at).filter(|b| *b == b'\n').count() + 1;
        let said = match error {
            rusqlite::Error::SqlInputError { msg, .. }
            | rusqlite::Error::SqliteFailure(_, Some(msg)) => msg,
            other => other.to_string(),
        };
        Error::new(format_args!("{place}:{line}: {said}"))
    };
    loop {
        let mut statement = match batch.next() {
            Ok(Some(statement)) => statement,
            Ok(None) => return Ok(()),
            Err(error) => return Err(failed(error, read)),
        };
        let run = |statement: &mut Statement<'_>| {
            let mut rows = statement.query([])?;
            while rows.next()?.is_some() {}
            Ok(())
        };
        run(&mut statement).map_err(|error| failed(error, read))?;
        let text = statement.expanded_sql().unwrap_or_default();
        let rest = whole.get(read..).unwrap_or_default();
        read += rest.find(&text).map_or(0, |at| at + text.len());
    }
}
