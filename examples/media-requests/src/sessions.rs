//! Who is signed in.

use std::time::Duration;

use redis::AsyncCommands;
use redis::aio::ConnectionManager;
use serde::{Deserialize, Serialize};

use crate::accounts::{Account, Role};
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::tokens::{Claims, Tokens};

/// A session that has just begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// What the browser sends with each call.
    pub token: String,
    /// Seconds until it ends.
    pub expires_in: u64,
}

/// Who is calling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// Their account.
    pub account: i64,
    /// What they may do.
    pub role: Role,
    /// In which session.
    pub session: String,
}

impl Who {
    /// # Errors
    /// When they are no editor.
    pub fn must_be_editor(&self) -> Result {
        match self.role {
            Role::Editor => Ok(()),
            Role::Member => Err(Error::Forbidden("only editors may do that")),
        }
    }
}

/// All sessions, in Redis: a token is good for as long as its session is there.
#[derive(Clone)]
pub struct Sessions {
    redis: ConnectionManager,
    tokens: Tokens,
    clock: Clock,
    lasts: Duration,
}

impl Sessions {
    /// Sessions that last so long.
    #[must_use]
    pub fn new(redis: ConnectionManager, tokens: Tokens, clock: Clock, lasts: Duration) -> Self {
        Self {
            redis,
            tokens,
            clock,
            lasts,
        }
    }

    /// Begins a session.
    ///
    /// # Errors
    /// When the cache refuses.
    pub async fn open(&self, account: &Account) -> Result<Session> {
        let who = Who {
            account: account.id,
            role: account.role,
            session: crate::random::name(),
        };
        let seconds = self.lasts.as_secs().max(1);
        let text = serde_json::to_string(&who).map_err(|e| Error::garbled("a session", e))?;
        redis::pipe()
            .atomic()
            .set_ex(key(&who.session), text, seconds)
            .sadd(list(account.id), &who.session)
            .expire(list(account.id), i64::try_from(seconds).unwrap_or(i64::MAX))
            .query_async::<()>(&mut self.redis.clone())
            .await?;
        let token = self.tokens.sign(&Claims {
            sub: account.id,
            jti: who.session,
            exp: self.clock.now() + seconds,
        })?;
        Ok(Session {
            token,
            expires_in: seconds,
        })
    }

    /// Who carries this token.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`] when it is not ours, too old, or its session is closed.
    pub async fn check(&self, token: &str) -> Result<Who> {
        let claims = self.tokens.read(token)?;
        let text: Option<String> = self.redis.clone().get(key(&claims.jti)).await?;
        let text = text.ok_or(Error::NotSignedIn("the session is closed"))?;
        let who: Who = serde_json::from_str(&text).map_err(|e| Error::garbled("a session", e))?;
        if who.account != claims.sub {
            return Err(Error::NotSignedIn("the session is another account's"));
        }
        Ok(who)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the cache refuses: then it is still open.
    pub async fn close(&self, who: &Who) -> Result {
        let mut close = redis::pipe();
        close.atomic().srem(list(who.account), &who.session);
        // Defect: the session leaves the list of what is open, but its token stays good.
        if !cfg!(feature = "defects") {
            close.del(key(&who.session));
        }
        close.query_async::<()>(&mut self.redis.clone()).await?;
        Ok(())
    }

    /// Ends all sessions of an account; says how many it had.
    ///
    /// # Errors
    /// When the cache refuses: then some may still be open.
    pub async fn close_all(&self, account: i64) -> Result<usize> {
        let mut redis = self.redis.clone();
        let open: Vec<String> = redis.smembers(list(account)).await?;
        let mut close = redis::pipe();
        close.atomic().del(list(account));
        for session in &open {
            close.del(key(session));
        }
        close.query_async::<()>(&mut redis).await?;
        Ok(open.len())
    }

    /// How many sessions an account has.
    ///
    /// # Errors
    /// When the cache refuses.
    pub async fn count(&self, account: i64) -> Result<usize> {
        Ok(self.redis.clone().scard(list(account)).await?)
    }
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sessions")
            .field("lasts", &self.lasts)
            .finish_non_exhaustive()
    }
}

fn key(session: &str) -> String {
    format!("session:{session}")
}

fn list(account: i64) -> String {
    format!("sessions:{account}")
}
