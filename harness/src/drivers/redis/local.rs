//! A server of ours that all tests share: a logical database for each.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::numbers::Numbers;
use super::rules::Rules;
use super::secret::secret;
use super::server::{self, Server, Wanted};
use super::share::Share;
use crate::services::{Ask, Host};
use crate::terms::{Error, Result};

/// Databases that a server has at least. Each costs a few hundred bytes; but a server looks for
/// expired keys in 16 databases a tick, so that a great many would make expiry lazy.
const DATABASES: u32 = 256;

/// Databases for each test that may run at once: processes of one run may share the server.
const DATABASES_A_WORKER: usize = 8;

/// The server, and which of its databases are free.
pub(super) struct Local {
    server: Server,
    rules: Rules,
    numbers: Numbers,
    /// Numbers that are leased, each to a user.
    leased: Mutex<BTreeMap<u32, String>>,
}

impl Local {
    pub(super) async fn start(host: &Host, program: Option<&Path>) -> Result<Self> {
        let program = server::find(program)?;
        let workers = u32::try_from(host.workers() * DATABASES_A_WORKER).unwrap_or(DATABASES);
        let databases = workers.clamp(DATABASES, 4 * DATABASES);
        let wanted = Wanted {
            name: "redis-server",
            program: &program,
            databases,
            password: None,
            patience: None,
        };
        let server = host.step("start", Server::start(host, wanted)).await?;
        let rules = host.step("probe", Rules::of(&server.admin, "phasegate-probe"));
        match rules.await {
            Ok(rules) => Ok(Self {
                server,
                rules,
                numbers: Numbers::new(1..databases),
                leased: Mutex::default(),
            }),
            Err(error) => {
                server.stop().await?;
                Err(error)
            }
        }
    }

    pub(super) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.server.port())
    }

    pub(super) async fn probe(&self) -> Result {
        self.server.admin.ping().await
    }

    fn leased(&self) -> MutexGuard<'_, BTreeMap<u32, String>> {
        self.leased.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the share has not been taken back: its number may be another's by now.
    fn is_leased(&self, share: &Share) -> bool {
        self.leased().get(&share.database) == Some(&share.user)
    }

    pub(super) async fn lease(&self, ask: &Ask) -> Result<Share> {
        let taken = self.numbers.take().await;
        let share = Share {
            host: "127.0.0.1".to_owned(),
            port: self.server.port(),
            user: ask.namespace.clone(),
            password: secret()?,
            database: taken.number(),
        };
        self.rules
            .make_user(
                &self.server.admin,
                &share.user,
                &share.password,
                share.database,
            )
            .await?;
        self.leased().insert(share.database, share.user.clone());
        taken.keep();
        Ok(share)
    }

    pub(super) async fn reset(&self, share: &Share) -> Result {
        if !self.is_leased(share) {
            return Err(Error::new(format_args!("{share:?} was given back already")));
        }
        self.server.admin.empty(share.database).await
    }

    /// The user goes first, and its connections with it: nobody can write after the database was
    /// emptied.
    pub(super) async fn reclaim(&self, share: &Share) -> Result {
        if !self.is_leased(share) {
            return Ok(());
        }
        self.server.admin.forget_user(&share.user).await?;
        self.server.admin.empty(share.database).await?;
        if self.leased().remove(&share.database).is_some() {
            self.numbers.give_back(share.database);
        }
        self.nobodys_keys().await
    }

    /// Database 0 belongs to nobody, but no rule keeps a client out of it that never selects
    /// another. What lies there is removed, and somebody is told.
    async fn nobodys_keys(&self) -> Result {
        let (count, names): (u64, Vec<String>) = self
            .server
            .admin
            .run(redis::cmd("EVAL").arg(STRAYS).arg(0))
            .await?;
        if count == 0 {
            return Ok(());
        }
        Err(Error::new(format_args!(
            "{count} keys were in database 0 ({}), where clients write that do not take the database from the URL's path: those of this test, or of one that ran beside it; connect with the whole URL of the lease. The keys are removed",
            names.join(", ")
        )))
    }

    pub(super) async fn stop(&self) -> Result {
        self.server.stop().await
    }
}

/// Counts, names and removes what is in database 0, in one go: no key that came in between is
/// removed unseen.
const STRAYS: &str = "redis.call('SELECT', 0) \
    local count = redis.call('DBSIZE') \
    local names = {} \
    if count > 0 then \
        for i = 1, 3 do \
            local name = redis.call('RANDOMKEY') \
            if name then names[i] = name redis.call('DEL', name) end \
        end \
        redis.call('FLUSHDB', 'ASYNC') \
    end \
    return {count, names}";
