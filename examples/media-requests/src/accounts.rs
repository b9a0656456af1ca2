//! Who people are.

use std::str::FromStr;

use deadpool_postgres::Pool;
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;

use crate::error::{Error, Result};
use crate::password::Hasher;

const LONGEST_NAME: usize = 40;

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Requests titles.
    Member,
    /// Decides on requests, too.
    Editor,
}

impl Role {
    /// As in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Editor => "editor",
        }
    }
}

impl FromStr for Role {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "member" => Ok(Self::Member),
            "editor" => Ok(Self::Editor),
            other => Err(Error::garbled("a role", other)),
        }
    }
}

/// Somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Number.
    pub id: i64,
    /// Name, as they write it.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// All accounts, in PostgreSQL.
#[derive(Debug, Clone)]
pub struct Accounts {
    pool: Pool,
    hasher: Hasher,
}

impl Accounts {
    /// The accounts of a database.
    #[must_use]
    pub fn new(pool: Pool, hasher: Hasher) -> Self {
        Self { pool, hasher }
    }

    /// Makes an account.
    ///
    /// # Errors
    /// When the name is taken or unfit, or the password is.
    pub async fn create(&self, name: &str, password: &str, role: Role) -> Result<Account> {
        let name = fit(name)?;
        let password = self.hasher.hash(password)?;
        let row = self
            .pool
            .get()
            .await?
            .query_one(
                "INSERT INTO account (name, password, role) VALUES ($1, $2, $3)
                 RETURNING id, name, role",
                &[&name, &password, &role.as_str()],
            )
            .await
            .map_err(Error::from);
        match row {
            Err(error) if error.breaks("account_name") => Err(Error::Conflict(format!(
                "the name `{name}` is taken; choose another"
            ))),
            other => account(&other?),
        }
    }

    /// Who has this name and this password.
    ///
    /// # Errors
    /// [`Error::WrongPassword`] when nobody has.
    pub async fn verify(&self, name: &str, password: &str) -> Result<Account> {
        let row = self
            .pool
            .get()
            .await?
            .query_opt(
                "SELECT id, name, role, password FROM account WHERE lower(name) = lower($1)",
                &[&name.trim()],
            )
            .await?;
        let kept = row.as_ref().map(|row| row.get::<_, &str>(3));
        match (self.hasher.verify(password, kept)?, &row) {
            (true, Some(row)) => account(row),
            _ => Err(Error::WrongPassword),
        }
    }

    /// The account of a number.
    ///
    /// # Errors
    /// When there is none.
    pub async fn find(&self, id: i64) -> Result<Account> {
        let row = self
            .pool
            .get()
            .await?
            .query_opt("SELECT id, name, role FROM account WHERE id = $1", &[&id])
            .await?;
        account(&row.ok_or_else(|| Error::unknown("account", id))?)
    }

    /// Gives an account another password.
    ///
    /// # Errors
    /// When the old one is wrong, or the new one unfit.
    pub async fn change_password(&self, id: i64, old: &str, new: &str) -> Result {
        let account = self.find(id).await?;
        self.verify(&account.name, old).await?;
        let hash = self.hasher.hash(new)?;
        self.pool
            .get()
            .await?
            .execute(
                "UPDATE account SET password = $2 WHERE id = $1",
                &[&id, &hash],
            )
            .await?;
        Ok(())
    }
}

fn fit(name: &str) -> Result<&str> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(Error::invalid(
            "name",
            format!("must have 1 to {LONGEST_NAME} characters"),
        ));
    }
    if name.chars().any(char::is_control) {
        return Err(Error::invalid("name", "must not hold control characters"));
    }
    Ok(name)
}

fn account(row: &Row) -> Result<Account> {
    Ok(Account {
        id: row.get(0),
        name: row.get(1),
        role: row.get::<_, &str>(2).parse()?,
    })
}
