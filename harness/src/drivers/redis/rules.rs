//! What a test may do on a server that others use, too.

use super::admin::Admin;
use crate::terms::{Error, Result};

/// Oldest server whose rules can name the first argument of a command, as in `+select|5`, together
/// with subcommands.
const OLDEST: u32 = 7;

/// All keys, no channels, and what stays within the database: what reaches others, shows them or
/// changes the server is taken away, and what only looks dangerous is given back.
const RULES: &[&str] = &[
    "~*",
    "resetchannels",
    "+@all",
    "-@admin",
    "-@dangerous",
    "-@pubsub",
    "-select",
    // Across databases.
    "-copy",
    "-move",
    // One library of functions for the whole server.
    "-function",
    "-fcall",
    "-fcall_ro",
    // Neither ending the scripts of others nor forgetting them; the cache itself tells nothing.
    "-script",
    "+script|load",
    "+script|exists",
    // Other clients: seen by LIST, ended by KILL; TRACKING tells of keys in every database.
    "-client",
    "+client|id",
    "+client|info",
    "+client|getname",
    "+client|setname",
    "+client|reply",
    // Dangerous to a production server only.
    "+keys",
    "+sort",
    "+restore",
    "+flushdb",
    "+info",
];

/// The same for commands that not every server has.
const WHERE_KNOWN: &[&str] = &["+sort_ro", "+client|setinfo", "+client|no-touch"];

/// What a test's user is given on one server.
#[derive(Debug, Clone)]
pub(super) struct Rules(Vec<&'static str>);

impl Rules {
    /// Asks the server which commands it has. A server that cannot keep tests apart is refused.
    pub(super) async fn of(admin: &Admin, probe: &str) -> Result<Self> {
        let version = admin.info("server", "redis_version").await?;
        let version = version.unwrap_or_default();
        let major: u32 = version
            .split('.')
            .next()
            .and_then(|major| major.parse().ok())
            .unwrap_or_default();
        if major < OLDEST {
            return Err(Error::new(format_args!(
                "the server is version {version:?}, and users who can select one database only need Redis {OLDEST} or Valkey; install a newer one, or use `Redis::dedicated()`"
            )));
        }
        let mut rules = RULES.to_vec();
        for rule in WHERE_KNOWN {
            let mut command = redis::cmd("ACL");
            command.arg("SETUSER").arg(probe).arg("off").arg(rule);
            match admin.ask::<()>(&command).await {
                Ok(()) => rules.push(rule),
                Err(error) if error.code() == Some("ERR") => {}
                Err(error) => return Err(refused(error)),
            }
        }
        admin.forget_user(probe).await?;
        Ok(Self(rules))
    }

    /// Makes a user that can do no more than that, in that database.
    pub(super) async fn make_user(
        &self,
        admin: &Admin,
        user: &str,
        password: &str,
        database: u32,
    ) -> Result {
        let mut command = redis::cmd("ACL");
        command
            .arg("SETUSER")
            .arg(user)
            .arg("reset")
            .arg("on")
            .arg(format!(">{password}"))
            .arg(&self.0)
            .arg(format!("+select|{database}"));
        admin.ask(&command).await.map_err(refused)
    }
}

fn refused(error: redis::RedisError) -> Error {
    if error.code() == Some("NOPERM") {
        return Error::from(error)
            .context("the URL's user may not make users; give it `+acl`, or use `Redis::local()`");
    }
    Error::from(error)
}
