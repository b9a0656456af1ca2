//! A server that somebody else runs: databases that are claimed, used and given back.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Notify;

use super::admin::Admin;
use super::rules::Rules;
use super::secret::secret;
use super::share::Share;
use crate::services::Host;
use crate::services::journal::Intent;
use crate::terms::{Error, Result};

/// Databases of a server that does not say how many it has.
const DATABASES: u32 = 16;

/// How long a lease waits while all databases are claimed.
const ROOM: Duration = Duration::from_secs(60);

/// How often it is looked whether another run has given one back.
const LOOK: Duration = Duration::from_millis(50);

/// Where the server is.
#[derive(Clone)]
pub(super) enum Target {
    Url(String),
    Variable(String),
}

/// What is announced before a user is made and a database claimed for it.
#[derive(Debug, Serialize, Deserialize)]
struct Left {
    /// `host:port`
    at: String,
    /// The user's name, by which its claim is known, too.
    user: String,
}

/// Somebody's server.
pub(super) struct External {
    host: Host,
    address: (String, u16),
    admin: Admin,
    rules: Rules,
    databases: u32,
    /// The URL's own database, which is never leased.
    own: u32,
    leased: Mutex<HashMap<String, Intent>>,
    given_back: Notify,
}

impl Target {
    fn resolve(&self) -> Result<(ConnectionInfo, (String, u16))> {
        let (url, named) = match self {
            Self::Url(url) => (url.clone(), "the URL of `Redis::external`".to_owned()),
            Self::Variable(name) => match std::env::var(name) {
                Ok(url) if !url.is_empty() => (url, format!("the URL in {name}")),
                _ => {
                    return Err(Error::new(format_args!(
                        "{name} is not set; set it to `redis://user:password@host:port`, or use `Redis::local()`"
                    )));
                }
            },
        };
        // What the parser says may quote the URL with its password.
        let form = || {
            Error::new(format_args!(
                "{named} must have the form `redis://user:password@host:port`; for a server behind TLS or a socket, put a local tunnel in between"
            ))
        };
        let info = url.into_connection_info().map_err(|_| form())?;
        match info.addr() {
            ConnectionAddr::Tcp(host, port) => {
                let address = (host.clone(), *port);
                Ok((info, address))
            }
            _ => Err(form()),
        }
    }
}

impl External {
    pub(super) async fn start(host: &Host, target: &Target) -> Result<Self> {
        let (info, address) = target.resolve()?;
        let own = u32::try_from(info.redis_settings().db()).unwrap_or_default();
        let admin = Admin::new(info)?;
        let name = format!("PING of {}:{}", address.0, address.1);
        let reach = host.ready(name, || admin.ping());
        host.step("start", reach).await?;
        let (rules, databases) = host.step("probe", look(host, &admin, &address)).await?;
        Ok(Self {
            host: host.clone(),
            address,
            admin,
            rules,
            databases,
            own,
            leased: Mutex::default(),
            given_back: Notify::new(),
        })
    }

    pub(super) fn url(&self) -> String {
        format!("redis://{}:{}", self.address.0, self.address.1)
    }

    pub(super) async fn probe(&self) -> Result {
        self.admin.ping().await
    }

    fn leased(&self) -> MutexGuard<'_, HashMap<String, Intent>> {
        self.leased.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn lease(&self) -> Result<Share> {
        let user = user()?;
        let intent = announce(&self.host, &self.address, &user)?;
        // From here on a reclaim, the end of the service or the next run undoes it.
        self.leased().insert(user.clone(), intent);
        match self.make(&user).await {
            Ok(share) => Ok(share),
            Err(error) => {
                self.give_back(&user).await?;
                Err(error)
            }
        }
    }

    async fn make(&self, user: &str) -> Result<Share> {
        let share = Share {
            host: self.address.0.clone(),
            port: self.address.1,
            user: user.to_owned(),
            password: secret()?,
            database: self.claim(user).await?,
        };
        self.rules
            .make_user(&self.admin, &share.user, &share.password, share.database)
            .await?;
        Ok(share)
    }

    /// Claims a database that is empty and that nobody else has claimed.
    async fn claim(&self, user: &str) -> Result<u32> {
        let began = Instant::now();
        loop {
            let mut command = redis::cmd("EVAL");
            command
                .arg(CLAIM)
                .arg(0)
                .arg(user)
                .arg(self.databases)
                .arg(self.own);
            let claimed: u32 = self.admin.run(&command).await?;
            if claimed != 0 {
                return Ok(claimed);
            }
            if began.elapsed() > ROOM {
                return Err(Error::new(format_args!(
                    "all databases from 1 to {} of {} hold keys or are claimed; if no other run is using them, delete the keys `phasegate:claim:*` in database 0, or give the server more `databases`",
                    self.databases - 1,
                    self.url()
                )));
            }
            // Another run's are given back without a word to us.
            let _ = tokio::time::timeout(LOOK, self.given_back.notified()).await;
        }
    }

    pub(super) async fn reset(&self, share: &Share) -> Result {
        if !self.leased().contains_key(&share.user) {
            return Err(Error::new(format_args!("{share:?} was given back already")));
        }
        self.admin.empty(share.database).await
    }

    pub(super) async fn reclaim(&self, share: &Share) -> Result {
        self.give_back(&share.user).await
    }

    async fn give_back(&self, user: &str) -> Result {
        if !self.leased().contains_key(user) {
            return Ok(());
        }
        remove(&self.admin, user, self.databases).await?;
        let intent = self.leased().remove(user);
        self.given_back.notify_one();
        intent.map_or(Ok(()), Intent::undone)
    }

    /// Gives back what is still leased.
    pub(super) async fn stop(&self) -> Result {
        let left: Vec<String> = self.leased().keys().cloned().collect();
        let mut first = Ok(());
        for user in left {
            let given_back = self.give_back(&user).await;
            first = first.and(given_back);
        }
        first
    }
}

/// What the server can do, and how many databases it has.
async fn look(host: &Host, admin: &Admin, address: &(String, u16)) -> Result<(Rules, u32)> {
    if admin.info("cluster", "cluster_enabled").await?.as_deref() == Some("1") {
        return Err(Error::new(
            "the server is part of a cluster, which has one database only; use `Redis::dedicated()` or a server without `cluster-enabled`",
        ));
    }
    let probe = user()?;
    let intent = announce(host, address, &probe)?;
    let rules = Rules::of(admin, &probe).await?;
    intent.undone()?;
    Ok((rules, databases(admin).await?))
}

async fn databases(admin: &Admin) -> Result<u32> {
    let mut command = redis::cmd("CONFIG");
    command.arg("GET").arg("databases");
    match admin.ask::<Vec<String>>(&command).await {
        Ok(said) => Ok(said
            .get(1)
            .and_then(|count| count.parse().ok())
            .unwrap_or(DATABASES)),
        Err(error) if error.code() == Some("NOPERM") => Ok(DATABASES),
        Err(error) => Err(error.into()),
    }
}

/// A name that nobody else gives to a user.
fn user() -> Result<String> {
    Ok(format!("phasegate-{}", secret()?))
}

fn announce(host: &Host, (name, port): &(String, u16), user: &str) -> Result<Intent> {
    host.intend(serde_json::to_value(Left {
        at: format!("{name}:{port}"),
        user: user.to_owned(),
    })?)
}

/// Undoes what was announced: nothing, a user, or a user with a database.
pub(super) async fn undo(target: &Target, left: Value) -> Result {
    let left: Left = serde_json::from_value(left)?;
    let (info, (host, port)) = target.resolve()?;
    let at = format!("{host}:{port}");
    if at != left.at {
        return Err(Error::new(format_args!(
            "the user {} may be left on {}, and the URL now names {at}; remove it there with `ACL DELUSER`, and the key in database 0 that holds its name",
            left.user, left.at
        )));
    }
    let admin = Admin::new(info)?;
    let databases = databases(&admin).await?;
    remove(&admin, &left.user, databases).await
}

/// The user goes first, and its connections with it; then the claimed database is emptied; the
/// claim goes last.
async fn remove(admin: &Admin, user: &str, databases: u32) -> Result {
    admin.forget_user(user).await?;
    let mut command = redis::cmd("EVAL");
    command.arg(GIVE_BACK).arg(0).arg(user).arg(databases);
    let left: u64 = admin.run(&command).await?;
    match left {
        0 => Ok(()),
        left => Err(Error::new(format_args!(
            "{left} keys are still in the database that was claimed for {user}"
        ))),
    }
}

/// A claim is a key in database 0, whose value is the user that it is for. A script runs alone: no
/// two runs find the same database empty and unclaimed.
const CLAIM: &str = "local count = tonumber(ARGV[2]) \
    for db = 1, count - 1 do \
        redis.call('SELECT', 0) \
        local key = 'phasegate:claim:' .. db \
        if db ~= tonumber(ARGV[3]) and redis.call('EXISTS', key) == 0 then \
            redis.call('SELECT', db) \
            if redis.call('DBSIZE') == 0 then \
                redis.call('SELECT', 0) \
                redis.call('SET', key, ARGV[1]) \
                return db \
            end \
        end \
    end \
    return 0";

/// Looks for the claim by its owner: who died may not have heard which it got. Without a claim no
/// database is touched.
const GIVE_BACK: &str = "local count = tonumber(ARGV[2]) \
    local left = 0 \
    for db = 1, count - 1 do \
        redis.call('SELECT', 0) \
        local key = 'phasegate:claim:' .. db \
        if redis.call('GET', key) == ARGV[1] then \
            redis.call('SELECT', db) \
            redis.call('FLUSHDB', 'ASYNC') \
            left = left + redis.call('DBSIZE') \
            redis.call('SELECT', 0) \
            redis.call('DEL', key) \
        end \
    end \
    return left";

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn a_url_that_cannot_be_used_is_refused_without_its_password() {
        for url in [
            "rediss://u:geheim@host:1/0",
            "geheim",
            "redis+unix:///run/geheim.sock",
            "http://u:geheim@host",
        ] {
            let error = Target::Url(url.to_owned())
                .resolve()
                .expect_err("no server's URL")
                .to_string();
            assert!(error.contains("redis://user:password@host:port"), "{error}");
            assert!(!error.contains("geheim"), "{error}");
        }
    }

    #[test]
    fn a_variable_that_is_not_set_is_named() {
        let target = Target::Variable("PHASEGATE_TEST_NO_SUCH_URL".to_owned());
        let error = target.resolve().expect_err("not set").to_string();
        assert!(error.contains("PHASEGATE_TEST_NO_SUCH_URL"), "{error}");
    }
}
