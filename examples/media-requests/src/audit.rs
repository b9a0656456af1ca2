//! Who did what, for ever.

use deadpool_postgres::{GenericClient, Pool};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::seconds;
use crate::error::Result;

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Number; later is larger.
    pub id: i64,
    /// Seconds since 1970.
    pub at: u64,
    /// Whose doing, if it was an account's.
    pub actor: Option<i64>,
    /// What: `request.approved`.
    pub action: String,
    /// To what: `request:7`.
    pub subject: String,
    /// More of it.
    pub detail: Value,
}

/// Which lines to read.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Filter {
    /// Only of this subject.
    pub subject: Option<String>,
    /// Only of this account's doing.
    pub actor: Option<i64>,
    /// Only after this number.
    pub after: Option<i64>,
}

const PAGE: i64 = 100;

/// The log, in PostgreSQL, which lets nobody change it.
#[derive(Debug, Clone)]
pub struct Audit {
    pool: Pool,
}

impl Audit {
    /// The log of a database.
    #[must_use]
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// Adds a line by itself.
    ///
    /// # Errors
    /// The database's.
    pub async fn add(
        &self,
        actor: Option<i64>,
        action: &str,
        subject: &str,
        detail: Value,
    ) -> Result {
        note(&self.pool.get().await?, actor, action, subject, detail).await
    }

    /// Lines, oldest first; at most a hundred.
    ///
    /// # Errors
    /// The database's.
    pub async fn read(&self, filter: &Filter) -> Result<Vec<Entry>> {
        let rows = self
            .pool
            .get()
            .await?
            .query(
                "SELECT id, at, actor, action, subject, detail FROM audit
                 WHERE ($1::text IS NULL OR subject = $1)
                   AND ($2::bigint IS NULL OR actor = $2)
                   AND ($3::bigint IS NULL OR id > $3)
                 ORDER BY id LIMIT $4",
                &[&filter.subject, &filter.actor, &filter.after, &PAGE],
            )
            .await?;
        Ok(rows
            .iter()
            .map(|row| Entry {
                id: row.get(0),
                at: seconds(row.get(1)),
                actor: row.get(2),
                action: row.get(3),
                subject: row.get(4),
                detail: row.get(5),
            })
            .collect())
    }
}

/// Adds a line within the transaction of what it tells: they happen together or not at all.
pub(crate) async fn note(
    client: &impl GenericClient,
    actor: Option<i64>,
    action: &str,
    subject: &str,
    detail: Value,
) -> Result {
    client
        .execute(
            "INSERT INTO audit (actor, action, subject, detail) VALUES ($1, $2, $3, $4)",
            &[&actor, &action, &subject, &detail],
        )
        .await?;
    Ok(())
}
