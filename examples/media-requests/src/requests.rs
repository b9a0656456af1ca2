//! Who asked for what.

use deadpool_postgres::{GenericClient, Pool, Transaction};
use serde_json::json;
use tokio_postgres::Row;

use crate::audit;
use crate::clock::seconds;
use crate::error::{Error, Result};
use crate::request::{Named, Request, Status, Wish};

const COLUMNS: &str =
    "id, account_id, kind, title_id, title, season, status, job, reason, created_at";
const PAGE: i64 = 50;

/// All requests, in PostgreSQL.
#[derive(Debug, Clone)]
pub struct Requests {
    pool: Pool,
    /// Requests of one account that may be open at once.
    most: i64,
}

impl Requests {
    /// The requests of a database.
    #[must_use]
    pub fn new(pool: Pool, most: i64) -> Self {
        Self { pool, most }
    }

    /// The request that a wish's key has made before, whatever has become of it.
    ///
    /// # Errors
    /// When the key was used for something else; the database's.
    pub async fn replayed(&self, account: i64, wish: &Wish) -> Result<Option<Request>> {
        replayed(&self.pool.get().await?, account, wish).await
    }

    /// Makes a request for a title of that name, or finds the one that this wish has made before;
    /// says whether it is new.
    ///
    /// # Errors
    /// When the key was used for something else, or too many are open; the database's.
    pub async fn create(&self, account: i64, wish: &Wish, name: &str) -> Result<(Request, bool)> {
        let mut client = self.pool.get().await?;
        let tx = client.transaction().await?;
        // One account's wishes take turns.
        tx.execute(
            "SELECT 1 FROM account WHERE id = $1 FOR UPDATE",
            &[&account],
        )
        .await?;
        if let Some(before) = replayed(&tx, account, wish).await? {
            return Ok((before, false));
        }
        let same = tx
            .query_opt(
                &format!(
                    "SELECT {COLUMNS} FROM request WHERE account_id = $1 AND sameness = $2
                     AND status IN ('pending', 'approved')"
                ),
                &[&account, &sameness(wish)],
            )
            .await?;
        let (made, new) = match same {
            Some(row) => (request(&row)?, false),
            None => (self.insert(&tx, account, wish, name).await?, true),
        };
        if let Some(key) = &wish.key {
            tx.execute(
                "INSERT INTO idempotency_key (account_id, key, asked_for, request_id)
                 VALUES ($1, $2, $3, $4)",
                &[&account, key, &asked_for(wish), &made.id],
            )
            .await?;
        }
        tx.commit().await?;
        Ok((made, new))
    }

    async fn insert(
        &self,
        tx: &Transaction<'_>,
        account: i64,
        wish: &Wish,
        name: &str,
    ) -> Result<Request> {
        let open: i64 = tx
            .query_one(
                "SELECT count(*) FROM request
                 WHERE account_id = $1 AND status IN ('pending', 'approved')",
                &[&account],
            )
            .await?
            .get(0);
        if open >= self.most {
            return Err(Error::Conflict(format!(
                "{open} of your requests are open, and no more may be; wait or cancel one"
            )));
        }
        let row = tx
            .query_one(
                &format!(
                    "INSERT INTO request (account_id, kind, title_id, title, season, sameness)
                     VALUES ($1, $2, $3, $4, $5, $6) RETURNING {COLUMNS}"
                ),
                &[
                    &account,
                    &wish.title.kind.as_str(),
                    &wish.title.id,
                    &name,
                    &wish.season,
                    &sameness(wish),
                ],
            )
            .await?;
        let made = request(&row)?;
        let detail = json!({ "title": name, "season": wish.season });
        audit::note(tx, Some(account), "request.made", &subject(made.id), detail).await?;
        Ok(made)
    }

    /// The request of a number.
    ///
    /// # Errors
    /// When there is none; the database's.
    pub async fn find(&self, id: i64) -> Result<Request> {
        find(&self.pool.get().await?, id, "").await
    }

    /// Requests of an account, or of all, newest first; those below `before`, at most fifty.
    ///
    /// # Errors
    /// The database's.
    pub async fn list(
        &self,
        account: Option<i64>,
        status: Option<Status>,
        before: Option<i64>,
    ) -> Result<Vec<Request>> {
        let rows = self
            .pool
            .get()
            .await?
            .query(
                &format!(
                    "SELECT {COLUMNS} FROM request
                     WHERE ($1::bigint IS NULL OR account_id = $1)
                       AND ($2::text IS NULL OR status = $2)
                       AND ($3::bigint IS NULL OR id < $3)
                     ORDER BY id DESC LIMIT $4"
                ),
                &[&account, &status.map(Status::as_str), &before, &PAGE],
            )
            .await?;
        rows.iter().map(request).collect()
    }

    /// Takes a request to another status. `on_the_way` runs while the request is locked; what it
    /// returns is kept as the media server's job. When it fails, nothing has changed.
    ///
    /// # Errors
    /// When there is no such request or it may not become that; those of `on_the_way`.
    pub async fn advance<F>(
        &self,
        id: i64,
        to: Status,
        actor: Option<i64>,
        reason: Option<&str>,
        on_the_way: impl FnOnce(Request) -> F,
    ) -> Result<Request>
    where
        F: Future<Output = Result<Option<String>>>,
    {
        let mut client = self.pool.get().await?;
        let tx = client.transaction().await?;
        let now = find(&tx, id, "FOR UPDATE").await?;
        if !now.status.may_become(to) {
            return Err(Error::Conflict(format!(
                "request {id} is {}; it cannot become {}",
                now.status.as_str(),
                to.as_str()
            )));
        }
        let job = on_the_way(now).await?;
        let row = tx
            .query_one(
                &format!(
                    "UPDATE request SET status = $2, reason = $3, job = coalesce($4, job)
                     WHERE id = $1 RETURNING {COLUMNS}"
                ),
                &[&id, &to.as_str(), &reason, &job],
            )
            .await?;
        let action = format!("request.{}", to.as_str());
        audit::note(
            &tx,
            actor,
            &action,
            &subject(id),
            json!({ "reason": reason }),
        )
        .await?;
        tx.commit().await?;
        request(&row)
    }
}

/// The request that this account's key has made before.
async fn replayed(
    client: &impl GenericClient,
    account: i64,
    wish: &Wish,
) -> Result<Option<Request>> {
    let Some(key) = &wish.key else {
        return Ok(None);
    };
    let before = client
        .query_opt(
            "SELECT asked_for, request_id FROM idempotency_key WHERE account_id = $1 AND key = $2",
            &[&account, key],
        )
        .await?;
    match before {
        None => Ok(None),
        Some(row) if row.get::<_, &str>(0) == asked_for(wish) => {
            find(client, row.get(1), "").await.map(Some)
        }
        Some(_) => Err(Error::Conflict(format!(
            "the key `{key}` was used for another request; use a new one"
        ))),
    }
}

async fn find(client: &impl GenericClient, id: i64, lock: &str) -> Result<Request> {
    let row = client
        .query_opt(
            &format!("SELECT {COLUMNS} FROM request WHERE id = $1 {lock}"),
            &[&id],
        )
        .await?;
    request(&row.ok_or_else(|| Error::unknown("request", id))?)
}

fn asked_for(wish: &Wish) -> String {
    match wish.season {
        Some(season) => format!("{}:{season}", wish.title),
        None => wish.title.to_string(),
    }
}

/// What makes two open requests of one account the same.
fn sameness(wish: &Wish) -> String {
    // Defect: no two wishes are the same, and a double click is stored twice.
    if cfg!(feature = "defects") {
        return format!("{}:{}", asked_for(wish), crate::random::name());
    }
    asked_for(wish)
}

fn subject(id: i64) -> String {
    format!("request:{id}")
}

fn request(row: &Row) -> Result<Request> {
    Ok(Request {
        id: row.get(0),
        account: row.get(1),
        title: Named {
            kind: row.get::<_, &str>(2).parse()?,
            title_id: row.get(3),
            title: row.get(4),
        },
        season: row.get(5),
        status: row.get::<_, &str>(6).parse()?,
        job: row.get(7),
        reason: row.get(8),
        created: seconds(row.get(9)),
    })
}
