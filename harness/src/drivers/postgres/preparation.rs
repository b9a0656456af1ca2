//! What is done to the template.

use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use tokio_postgres::Client;

use super::handle::Database;
use super::sql::{position, said};
use crate::drivers::migrations::{self, Migration};
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
                let files = migrations::read(&host.path(dir))?;
                let client = template.client().await?;
                for Migration { path, sql, .. } in files {
                    execute(&client, &path.display().to_string(), &sql).await?;
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

async fn execute(client: &Client, what: &str, sql: &str) -> Result {
    client.batch_execute(sql).await.map_err(|error| {
        let place = position(&error, sql)
            .map_or_else(String::new, |(line, column)| format!(":{line}:{column}"));
        Error::new(format_args!("{what}{place}: {}", said(&error)))
    })
}
