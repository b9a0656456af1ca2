//! SQLite databases as a service.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::database::SqliteDatabase;
use super::template::{self, Step};
use crate::fixture::Context;
use crate::services::{Ask, Host, Running, Service};
use crate::terms::{Error, Result};

/// SQLite: each test has a database file of its own, a copy of one that is migrated once a run.
///
/// ```
/// use phasegate::Sqlite;
///
/// fn catalogue() -> Sqlite {
///     Sqlite::file().migrations("migrations").seed_sql("INSERT INTO shelf (name) VALUES ('A')")
/// }
/// # let _ = catalogue();
/// ```
#[derive(Clone)]
pub struct Sqlite {
    steps: Vec<Step>,
    wal: bool,
}

impl Sqlite {
    /// A file, empty until something is done to it. What is said below is done in that order.
    #[must_use]
    pub fn file() -> Self {
        Self {
            steps: Vec::new(),
            wal: false,
        }
    }

    /// Applies the `*.sql` files of a directory, by the numbers that their names begin with;
    /// `*.down.sql` is left out. A relative path is relative to the package.
    #[must_use]
    pub fn migrations(mut self, dir: impl Into<PathBuf>) -> Self {
        self.steps.push(Step::Directory(dir.into()));
        self
    }

    /// Lets a function migrate: the one that the application has.
    ///
    /// ```
    /// # use phasegate::Sqlite;
    /// # use phasegate::drivers::sqlite::rusqlite;
    /// fn migrate(connection: &rusqlite::Connection) -> phasegate::Result {
    ///     Ok(connection.execute_batch("CREATE TABLE shelf (name TEXT)")?)
    /// }
    ///
    /// let catalogue = Sqlite::file().migrate_with(migrate);
    /// # let _ = catalogue;
    /// ```
    #[must_use]
    pub fn migrate_with(
        mut self,
        migrate: impl Fn(&rusqlite::Connection) -> Result + Send + Sync + 'static,
    ) -> Self {
        self.steps.push(Step::Function(Arc::new(migrate)));
        self
    }

    /// Executes statements: rows that every test begins with.
    #[must_use]
    pub fn seed_sql(mut self, sql: impl Into<String>) -> Self {
        self.steps.push(Step::Sql(sql.into()));
        self
    }

    /// Uses a write-ahead log, as the migrations may do as well: readers and a writer at once.
    #[must_use]
    pub fn wal(mut self) -> Self {
        self.wal = true;
        self
    }
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite")
            .field("steps", &self.steps.len())
            .field("wal", &self.wal)
            .finish()
    }
}

/// The migrated database.
#[derive(Debug)]
pub struct SqliteRunning {
    template: PathBuf,
}

/// Where the migrated database is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SqliteShare {
    template: PathBuf,
}

impl Service for Sqlite {
    const KIND: &'static str = "sqlite";

    type Running = SqliteRunning;
    type Handle = SqliteDatabase;

    async fn start(&self, host: &Host) -> Result<SqliteRunning> {
        let template = host.dir().join("template.sqlite");
        let steps: Vec<Step> = self
            .steps
            .iter()
            .map(|step| match step {
                Step::Directory(dir) => Step::Directory(host.path(dir)),
                other => other.clone(),
            })
            .collect();
        let (path, wal) = (template.clone(), self.wal);
        host.step("migrate", async {
            tokio::task::spawn_blocking(move || template::build(&path, &steps, wal)).await?
        })
        .await?;
        Ok(SqliteRunning { template })
    }

    /// The copy lies where the attempt's other files lie, and goes with them.
    async fn open(
        &self,
        share: SqliteShare,
        cx: &Context,
        service: &'static str,
    ) -> Result<SqliteDatabase> {
        SqliteDatabase::copy(share.template, &cx.private_dir(service)?)
    }

    async fn reset(&self, database: &SqliteDatabase) -> Result {
        database.reset()
    }
}

impl Running for SqliteRunning {
    type Share = SqliteShare;

    async fn probe(&self) -> Result {
        self.template.metadata().map(drop).map_err(|error| {
            Error::from(error).context(format_args!(
                "the migrated database {} is gone",
                self.template.display()
            ))
        })
    }

    async fn lease(&self, _: &Ask) -> Result<SqliteShare> {
        Ok(SqliteShare {
            template: self.template.clone(),
        })
    }

    async fn reset(&self, _: &SqliteShare) -> Result {
        Ok(())
    }

    async fn reclaim(&self, _: &SqliteShare) -> Result {
        Ok(())
    }

    async fn stop(&self) -> Result {
        Ok(())
    }
}
