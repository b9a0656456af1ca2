//! A server that somebody else runs.

use std::sync::{Mutex, PoisonError};

use tokio_postgres::Config;
use tokio_postgres::config::SslMode;
use url::Url;

use super::clones;
use super::lane::Lane;
use super::site::{Ground, Left, PREFIX, decoded};
use super::sql::cannot;
use crate::services::Host;
use crate::terms::{Error, Result};

/// Where the server is, and our way in.
pub(super) struct Target {
    pub(super) admin: Config,
    /// Without user, password and database.
    pub(super) address: Url,
    /// `host:port`
    pub(super) name: String,
}

impl From<Target> for Ground {
    fn from(target: Target) -> Self {
        Self {
            admin: target.admin,
            address: target.address,
            foreign: Some(target.name),
        }
    }
}

/// What a URL should look like.
const SHAPE: &str = "postgres://user:password@host:port/database";

/// Reads a server's URL. What is wrong with it is said without quoting it: there is a password in
/// it.
pub(super) fn target(url: &str, from: &str) -> Result<Target> {
    let wrong = |what: &str| Error::new(format_args!("{from} {what}; write `{SHAPE}`"));
    let mut address = Url::parse(url).map_err(|_| wrong("is no URL"))?;
    if !matches!(address.scheme(), "postgres" | "postgresql") {
        return Err(wrong("does not begin with `postgres://`"));
    }
    let Some(host) = address.host_str().filter(|host| !host.is_empty()) else {
        return Err(wrong("names no host"));
    };
    let host = decoded(host);
    if address.username().is_empty() {
        return Err(wrong("names no user"));
    }
    let admin: Config = url.parse().map_err(|_| wrong("cannot be read"))?;
    if admin.get_ssl_mode() == SslMode::Require {
        return Err(wrong(
            "asks for TLS, which this driver does not speak: leave `sslmode=require` out, or go through a tunnel",
        ));
    }
    let port = address.port().unwrap_or(5432);
    let unfit = |()| wrong("has no place for a user");
    address.set_username("").map_err(unfit)?;
    address.set_password(None).map_err(unfit)?;
    address.set_path("");
    Ok(Target {
        admin,
        address,
        name: format!("{host}:{port}"),
    })
}

/// The URL that a variable of the environment holds.
pub(super) fn from_environment(variable: &str) -> Result<Target> {
    match std::env::var(variable) {
        Ok(url) if !url.is_empty() => target(&url, &format!("the variable {variable}")),
        _ => Err(Error::new(format_args!(
            "the variable {variable} is not set, and names the server that the tests should use; write `export {variable}={SHAPE}`, of a role that may create databases and roles"
        ))),
    }
}

/// Waits for the server: it may be starting, too. A refusal is not waited out.
pub(super) async fn ready(host: &Host, target: &Target) -> Result {
    let lane = Lane::new(&target.admin);
    let refusal = Mutex::new(None);
    let probe = || async {
        match lane.run("SELECT 1").await {
            Err(error) if refuses(&error) => {
                let error = cannot(format_args!("connect to {}", target.name))(error);
                *refusal.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                Ok(())
            }
            answer => answer.map_err(cannot(format_args!("connect to {}", target.name))),
        }
    };
    host.step("probe", host.ready("`SELECT 1`", probe)).await?;
    match refusal.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// Whether it will never let us in: wrong password, no such database.
fn refuses(error: &tokio_postgres::Error) -> bool {
    let code = error.code().map_or("", |code| code.code());
    code.starts_with("28") || code.starts_with("3D")
}

/// Removes what a start that is gone has left on the server.
pub(super) async fn undo(target: &Target, left: &Left) -> Result {
    if left.server != target.name {
        return Err(Error::new(format_args!(
            "the database {} was left on {}, and the tests now use {}; drop it there with `DROP DATABASE \"{}\"` and `DROP ROLE \"{}\"`",
            left.database, left.server, target.name, left.database, left.role
        )));
    }
    for name in [&left.database, &left.role] {
        if !name.starts_with(PREFIX) {
            return Err(Error::new(format_args!(
                "`{name}` stands in the journal and is no name of ours; nothing was removed"
            )));
        }
    }
    let lane = Lane::new(&target.admin);
    // A server finishes what it was told although nobody waits for it any more: a database could
    // come into being after it was dropped.
    if let Some((start, _)) = left.database.rsplit_once('_') {
        clones::end_start(&lane, start).await?;
    }
    clones::drop_both(&lane, &target.admin, &left.database, &left.role).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(url: &str) -> String {
        let refused = target(url, "the URL").err().expect("a wrong URL");
        refused.to_string()
    }

    #[test]
    fn a_wrong_url_is_refused_without_being_quoted() {
        for (url, why) in [
            ("hunter2", "is no URL"),
            ("mysql://u:hunter2@h/d", "does not begin with"),
            ("postgres:///d?password=hunter2", "names no host"),
            ("postgres://:hunter2@h/d", "names no user"),
            ("postgres://u:hunter2@h/d?sslmode=require", "asks for TLS"),
            ("postgres://u:hunter2@h/d?nonsense=1", "cannot be read"),
        ] {
            let said = refusal(url);
            assert!(said.contains(why), "{said}");
            assert!(!said.contains("hunter2"), "{said}");
        }
    }

    #[test]
    fn an_address_has_no_credentials() {
        let target = target("postgres://u:hunter2@[::1]:5433/d", "the URL").unwrap();
        assert_eq!(target.name, "::1:5433");
        assert_eq!(target.address.as_str(), "postgres://[::1]:5433");
    }
}
