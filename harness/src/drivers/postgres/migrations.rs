//! What is done to the template.

use std::fmt;
use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use tokio_postgres::Client;

use super::handle::Database;
use super::sql::{position, said};
use crate::services::Host;
use crate::terms::{Error, Result};

type Later = Pin<Box<dyn Future<Output = Result> + Send>>;

/// One part of the preparation, in the order in which they were written.
#[derive(Clone)]
pub(super) enum Preparation {
    /// The `*.sql` files of a directory.
    Directory(PathBuf),
    /// Statements.
    Text(String),
    /// The user's function.
    Function(Arc<dyn Fn(Database) -> Later + Send + Sync>),
}

impl Preparation {
    pub(super) async fn run(&self, host: &Host, template: &Database) -> Result {
        match self {
            Self::Directory(dir) => {
                let dir = host.path(dir);
                let files = files(&dir)?;
                let client = template.client().await?;
                for file in files {
                    apply(&client, &file).await?;
                }
                Ok(())
            }
            Self::Text(sql) => execute(&template.client().await?, "the seed", sql).await,
            Self::Function(function) => function(template.clone()).await,
        }
    }

    /// Name of the step that it is.
    pub(super) fn step(&self) -> &'static str {
        match self {
            Self::Directory(_) | Self::Function(_) => "migrate",
            Self::Text(_) => "seed",
        }
    }
}

impl fmt::Debug for Preparation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(dir) => f.debug_tuple("Directory").field(dir).finish(),
            Self::Text(sql) => f.debug_tuple("Text").field(sql).finish(),
            Self::Function(_) => f.write_str("Function"),
        }
    }
}

/// The files of a directory in the order in which they apply.
fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let cannot = |error: std::io::Error| {
        Error::from(error).context(format_args!(
            "cannot read the migrations in {}",
            dir.display()
        ))
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let name = name(&path);
        if name.ends_with(".sql") && !name.ends_with(".down.sql") && path.is_file() {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(Error::new(format_args!(
            "no `*.sql` file in {}; migrations are called like `0001_accounts.sql`",
            dir.display()
        )));
    }
    // By version where there is one: `9_` comes before `10_`.
    files.sort_by_key(|path| {
        let name = name(path);
        let digits = name.trim_start_matches(['V', 'v']);
        let digits = &digits[..digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(0)];
        (digits.parse::<u64>().unwrap_or(u64::MAX), name)
    });
    Ok(files)
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

async fn apply(client: &Client, file: &Path) -> Result {
    let sql = fs::read_to_string(file).map_err(|error| {
        Error::from(error).context(format_args!("cannot read {}", file.display()))
    })?;
    execute(client, &file.display().to_string(), &sql).await
}

async fn execute(client: &Client, what: &str, sql: &str) -> Result {
    client.batch_execute(sql).await.map_err(|error| {
        let place = position(&error, sql)
            .map_or_else(String::new, |(line, column)| format!(":{line}:{column}"));
        Error::new(format_args!("{what}{place}: {}", said(&error)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_apply_by_version_and_never_backwards() {
        let dir = tempfile::tempdir().unwrap();
        for name in [
            "10_c.sql",
            "9_b.up.sql",
            "9_b.down.sql",
            "0001_a.sql",
            "last.sql",
            "README.md",
        ] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let found: Vec<String> = files(dir.path()).unwrap().iter().map(|p| name(p)).collect();
        assert_eq!(found, ["0001_a.sql", "9_b.up.sql", "10_c.sql", "last.sql"]);
    }

    #[test]
    fn a_directory_without_migrations_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let said = files(dir.path()).unwrap_err().to_string();
        assert!(said.contains("no `*.sql` file"), "{said}");
    }
}
