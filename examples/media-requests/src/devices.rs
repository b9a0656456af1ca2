//! Devices that people have linked to the media server, whose tokens we keep and nobody reads.

use std::time::Duration;

use deadpool_postgres::Pool;
use redis::AsyncCommands;
use redis::aio::ConnectionManager;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::audit;
use crate::config::Secret;
use crate::error::{Error, Result};
use crate::media_server::MediaServer;
use crate::vault::Vault;

/// How long a sealed token stays in the cache.
const KEPT: Duration = Duration::from_secs(300);

/// A linked device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Number.
    pub id: i64,
    /// As its owner calls it.
    pub name: String,
}

/// All devices: sealed tokens in PostgreSQL, those in use in Redis, sealed there too.
#[derive(Clone)]
pub struct Devices {
    pool: Pool,
    redis: ConnectionManager,
    vault: Vault,
    media_server: MediaServer,
}

impl Devices {
    /// Devices of a database, with a cache, a vault and the server that they belong to.
    #[must_use]
    pub fn new(
        pool: Pool,
        redis: ConnectionManager,
        vault: Vault,
        media_server: MediaServer,
    ) -> Self {
        Self {
            pool,
            redis,
            vault,
            media_server,
        }
    }

    /// Links a device by the PIN that it shows. A name that is linked already gets the new token.
    ///
    /// # Errors
    /// When the name is empty or the PIN is wrong; those of the parts.
    pub async fn link(&self, account: i64, name: &str, pin: &str) -> Result<Device> {
        let name = name.trim();
        if name.is_empty() {
            return Err(Error::invalid(
                "name",
                "is empty; say what to call the device",
            ));
        }
        let token = self.media_server.link(pin).await?;
        let sealed = self.vault.seal(&label(account, name), token.expose())?;
        let mut client = self.pool.get().await?;
        let tx = client.transaction().await?;
        let id: i64 = tx
            .query_one(
                "INSERT INTO device (account_id, name, sealed) VALUES ($1, $2, $3)
                 ON CONFLICT (account_id, name) DO UPDATE SET sealed = excluded.sealed
                 RETURNING id",
                &[&account, &name, &sealed],
            )
            .await?
            .get(0);
        let detail = json!({ "name": name });
        audit::note(&tx, Some(account), "device.linked", &subject(id), detail).await?;
        tx.commit().await?;
        self.redis.clone().del::<_, ()>(key(account, id)).await?;
        Ok(Device {
            id,
            name: name.to_owned(),
        })
    }

    /// The token to speak for a device with.
    ///
    /// # Errors
    /// When the account has no such device; [`Error::Unsealable`] when somebody changed the token.
    pub async fn token(&self, account: i64, id: i64) -> Result<Secret> {
        let mut redis = self.redis.clone();
        let kept: Option<(String, Vec<u8>)> = match redis.get(key(account, id)).await? {
            Some(bytes) => parts(bytes),
            None => None,
        };
        let (name, sealed) = match kept {
            Some(kept) => kept,
            None => {
                let (name, sealed) = self.stored(account, id).await?;
                let bytes = [name.as_bytes(), b"\0", &sealed].concat();
                redis
                    .set_ex::<_, _, ()>(key(account, id), bytes, KEPT.as_secs())
                    .await?;
                (name, sealed)
            }
        };
        let token = self.vault.open(&label(account, &name), &sealed)?;
        Ok(Secret::new(&token))
    }

    /// The devices of an account, by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn list(&self, account: i64) -> Result<Vec<Device>> {
        let rows = self
            .pool
            .get()
            .await?
            .query(
                "SELECT id, name FROM device WHERE account_id = $1 ORDER BY name",
                &[&account],
            )
            .await?;
        let device = |row: &tokio_postgres::Row| Device {
            id: row.get(0),
            name: row.get(1),
        };
        Ok(rows.iter().map(device).collect())
    }

    /// Unlinks a device: first at the media server, so that a token that we forget is worth nothing.
    ///
    /// # Errors
    /// When the account has no such device; when the media server does not answer: then it is
    /// still linked.
    pub async fn unlink(&self, account: i64, id: i64) -> Result {
        let token = self.token(account, id).await?;
        self.media_server.unlink(&token).await?;
        let mut client = self.pool.get().await?;
        let tx = client.transaction().await?;
        tx.execute(
            "DELETE FROM device WHERE account_id = $1 AND id = $2",
            &[&account, &id],
        )
        .await?;
        audit::note(
            &tx,
            Some(account),
            "device.unlinked",
            &subject(id),
            json!({}),
        )
        .await?;
        tx.commit().await?;
        Ok(self.redis.clone().del(key(account, id)).await?)
    }

    async fn stored(&self, account: i64, id: i64) -> Result<(String, Vec<u8>)> {
        let row = self
            .pool
            .get()
            .await?
            .query_opt(
                "SELECT name, sealed FROM device WHERE account_id = $1 AND id = $2",
                &[&account, &id],
            )
            .await?
            .ok_or_else(|| Error::unknown("device", id))?;
        Ok((row.get(0), row.get(1)))
    }
}

impl std::fmt::Debug for Devices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Devices").finish_non_exhaustive()
    }
}

/// What the vault binds a token to.
fn label(account: i64, name: &str) -> String {
    format!("device of account {account}: {name}")
}

fn key(account: i64, id: i64) -> String {
    format!("device:{account}:{id}")
}

fn subject(id: i64) -> String {
    format!("device:{id}")
}

/// Name and sealed token, as the cache keeps them.
fn parts(bytes: Vec<u8>) -> Option<(String, Vec<u8>)> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    let name = String::from_utf8(bytes[..end].to_vec()).ok()?;
    Some((name, bytes[end + 1..].to_vec()))
}
