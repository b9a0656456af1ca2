//! Telling people: kept until they have read it, sent to whoever is looking, pushed to their phones.

use deadpool_postgres::Pool;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::broadcast;
use tokio_postgres::Row;

use crate::error::{Error, Result};
use crate::gateway::Gateway;

/// Notifications that one who looks may lag behind before some are left out.
const LAG: usize = 256;
const COLUMNS: &str = "id, account_id, event, body";

/// Something that somebody is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notification {
    /// Number; later is larger.
    pub id: i64,
    /// Who is told.
    pub account: i64,
    /// What happened: `request.approved`.
    pub event: String,
    /// More of it.
    pub body: Value,
}

/// All notifications: kept in PostgreSQL, sent by websockets.
#[derive(Debug, Clone)]
pub struct Notifications {
    pool: Pool,
    live: broadcast::Sender<Notification>,
    gateway: Option<Gateway>,
}

impl Notifications {
    /// The notifications of a database, pushed through a gateway if there is one.
    #[must_use]
    pub fn new(pool: Pool, gateway: Option<Gateway>) -> Self {
        Self {
            pool,
            live: broadcast::Sender::new(LAG),
            gateway,
        }
    }

    /// Tells somebody something. That the gateway takes it is not waited for in vain: what it did
    /// not take is kept for [`Notifications::push_again`].
    ///
    /// # Errors
    /// When the database does not keep it.
    pub async fn notify(&self, account: i64, event: &str, body: Value) -> Result<Notification> {
        let row = self
            .pool
            .get()
            .await?
            .query_one(
                &format!(
                    "INSERT INTO notification (account_id, event, body) VALUES ($1, $2, $3)
                     RETURNING {COLUMNS}"
                ),
                &[&account, &event, &body],
            )
            .await?;
        let told = notification(&row);
        // An error here says that nobody is looking.
        let _ = self.live.send(told.clone());
        if let Some(gateway) = &self.gateway {
            match self.push(gateway, &told).await {
                // It stays marked as not pushed.
                Err(Error::Upstream { .. }) | Ok(()) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(told)
    }

    /// Pushes what the gateway has not taken yet, oldest first; says how many it took.
    ///
    /// # Errors
    /// When the gateway does not take one: then that and those after it are kept; the database's.
    pub async fn push_again(&self) -> Result<usize> {
        let Some(gateway) = &self.gateway else {
            return Ok(0);
        };
        let rows = self
            .pool
            .get()
            .await?
            .query(
                &format!("SELECT {COLUMNS} FROM notification WHERE NOT pushed ORDER BY id"),
                &[],
            )
            .await?;
        for row in &rows {
            self.push(gateway, &notification(row)).await?;
        }
        Ok(rows.len())
    }

    /// What somebody has not read, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn unread(&self, account: i64) -> Result<Vec<Notification>> {
        let rows = self
            .pool
            .get()
            .await?
            .query(
                &format!(
                    "SELECT {COLUMNS} FROM notification
                     WHERE account_id = $1 AND NOT read ORDER BY id"
                ),
                &[&account],
            )
            .await?;
        Ok(rows.iter().map(notification).collect())
    }

    /// Marks one as read; one that is somebody else's, or gone, is left alone.
    ///
    /// # Errors
    /// The database's.
    pub async fn read(&self, account: i64, id: i64) -> Result {
        self.pool
            .get()
            .await?
            .execute(
                "UPDATE notification SET read = true WHERE account_id = $1 AND id = $2",
                &[&account, &id],
            )
            .await?;
        Ok(())
    }

    /// Everybody's notifications from now on, as they happen.
    #[must_use]
    pub fn watch(&self) -> broadcast::Receiver<Notification> {
        self.live.subscribe()
    }

    async fn push(&self, gateway: &Gateway, told: &Notification) -> Result {
        gateway
            .push(told.id, told.account, &told.event, &told.body)
            .await?;
        self.pool
            .get()
            .await?
            .execute(
                "UPDATE notification SET pushed = true WHERE id = $1",
                &[&told.id],
            )
            .await?;
        Ok(())
    }
}

fn notification(row: &Row) -> Notification {
    Notification {
        id: row.get(0),
        account: row.get(1),
        event: row.get(2),
        body: row.get(3),
    }
}
