//! One server, and our names on it.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Config;
use url::Url;

use super::handle::Database;
use super::lane::Lane;
use super::secret::{self, Secret};
use super::sql::{cannot, ident};
use crate::services::Host;
use crate::services::journal::Intent;
use crate::terms::{Error, Result};

/// What all our names begin with.
pub(super) const PREFIX: &str = "phasegate_";

/// A server before anything is made on it.
pub(super) struct Ground {
    /// Our way in, to a database that nothing is made in.
    pub(super) admin: Config,
    /// Where tests connect; no user, no password, no database.
    pub(super) address: Url,
    /// `host:port` of a server that somebody else runs; nothing made there vanishes by itself.
    pub(super) foreign: Option<String>,
}

/// A server, whoever runs it, and what we may do on it.
pub(super) struct Site {
    pub(super) host: Host,
    pub(super) admin: Config,
    address: Url,
    pub(super) foreign: Option<String>,
    pub(super) superuser: bool,
    /// As `server_version_num`: 150004.
    pub(super) version: u32,
    /// Connections that a lease may have.
    pub(super) share: u32,
    /// `phasegate_` and a number that no other start has.
    prefix: String,
    next: AtomicU64,
    /// For what is quick: leases, resets, probes.
    pub(super) front: Lane,
}

/// A database and the role that owns it or what is in it; written into the journal before either
/// is made, and enough to remove both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Left {
    /// `host:port`
    pub(super) server: String,
    pub(super) database: String,
    pub(super) role: String,
}

impl Site {
    pub(super) async fn new(host: &Host, ground: Ground) -> Result<Self> {
        let Ground {
            admin,
            address,
            foreign,
        } = ground;
        let prefix = format!("{PREFIX}{}_", secret::token::<6>()?);
        let mut admin = admin;
        // By which whoever undoes this start finds what it has not finished.
        admin.application_name(prefix.trim_end_matches('_'));
        let front = Lane::new(&admin);
        let known = front
            .column(
                "SELECT current_setting('server_version_num') UNION ALL SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user",
            )
            .await
            .map_err(cannot("ask the server what it is"))?;
        let version = known.first().and_then(|v| v.parse().ok());
        Ok(Self {
            host: host.clone(),
            admin,
            address,
            foreign,
            superuser: known.get(1).is_some_and(|answer| answer == "true"),
            version: version
                .ok_or_else(|| Error::new("the server does not say which version it is"))?,
            share: 1,
            prefix,
            next: AtomicU64::new(1),
            front,
        })
    }

    /// The name with that end.
    pub(super) fn name(&self, end: &str) -> String {
        format!("{}{end}", self.prefix)
    }

    /// A name that has not been used.
    pub(super) fn fresh(&self) -> String {
        self.name(&self.next.fetch_add(1, Ordering::Relaxed).to_string())
    }

    /// Where the server listens; no password.
    pub(super) fn address(&self) -> String {
        self.address.to_string()
    }

    /// The database as its role reaches it.
    pub(super) fn database(&self, name: &str, role: &str, secret: &Secret) -> Result<Database> {
        let mut url = self.address.clone();
        let unfit = |()| Error::new("the server's URL has no place for a user");
        url.set_username(role).map_err(unfit)?;
        url.set_password(Some(&secret.password)).map_err(unfit)?;
        url.set_path(name);
        let host = self.address.host_str().unwrap_or_default();
        Ok(Database {
            host: decoded(host),
            port: self.address.port().unwrap_or(5432),
            name: name.to_owned(),
            role: role.to_owned(),
            password: secret.password.clone(),
            url: url.into(),
        })
    }

    /// Announces a database and a role, where they would outlive the server that we started.
    pub(super) fn intend(&self, database: &str, role: &str) -> Result<Option<Intent>> {
        let Some(server) = &self.foreign else {
            return Ok(None);
        };
        let left = Left {
            server: server.clone(),
            database: database.to_owned(),
            role: role.to_owned(),
        };
        let what: Value = serde_json::to_value(left)?;
        self.host.intend(what).map(Some)
    }

    /// `CREATE DATABASE … TEMPLATE …`, in the way that is quick for small databases.
    pub(super) fn create_database(&self, name: &str, owner: &str, template: &str) -> String {
        let strategy = if self.version >= 150_000 {
            " STRATEGY FILE_COPY"
        } else {
            ""
        };
        format!(
            "CREATE DATABASE {} OWNER {} TEMPLATE {}{strategy} ALLOW_CONNECTIONS false",
            ident(name),
            ident(owner),
            ident(template)
        )
    }

    /// Makes us a member of the role, without which only a superuser may act for it.
    pub(super) fn join(&self, role: &str) -> String {
        if self.superuser {
            String::new()
        } else {
            format!("; GRANT {} TO CURRENT_USER", ident(role))
        }
    }
}

/// A host as it is used to connect: no brackets, and the directory of a socket as a path.
pub(super) fn decoded(host: &str) -> String {
    host.trim_matches(['[', ']'])
        .replace("%2F", "/")
        .replace("%2f", "/")
}
