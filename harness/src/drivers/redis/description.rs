//! What a service function returns.

use std::fmt;
use std::path::PathBuf;

use serde_json::Value;

use super::dedicated::Dedicated;
use super::external::{self, External};
use super::keyspace::Keyspace;
use super::local::Local;
use super::share::Share;
use super::started::Started;
use crate::fixture::Context;
use crate::services::{Host, Service};
use crate::terms::Result;

/// Servers that are kept ready for dedicated leases where nothing is said.
const POOL: usize = 2;

/// A Redis or Valkey server, of which each test gets a logical database of its own.
///
/// ```
/// use phasegate::Redis;
///
/// fn cache() -> Redis { Redis::local() }
/// ```
///
/// The database stands in the lease's URL, so that the code under test needs no prefix for its
/// keys, and its user can select no other. What reaches across databases is refused with `NOPERM`:
/// channels, functions, `FLUSHALL`, `MOVE`, `COPY`, configuration. A test that needs these takes a
/// server of its own: [`Redis::dedicated`].
#[derive(Clone)]
pub struct Redis {
    form: Form,
    program: Option<PathBuf>,
}

#[derive(Clone)]
enum Form {
    Local,
    Dedicated { pool: usize },
    External(external::Target),
}

impl Redis {
    fn of(form: Form) -> Self {
        Self {
            form,
            program: None,
        }
    }

    /// A server that the run starts, on a private port, without persistence; each lease is a
    /// logical database of it. Needs `redis-server` 7 or `valkey-server`.
    #[must_use]
    pub fn local() -> Self {
        Self::of(Form::Local)
    }

    /// A server for each lease, from a pool of started ones: for tests that publish and subscribe,
    /// load functions, or change the configuration. About 15 ms and 12 MB a server.
    #[must_use]
    pub fn dedicated() -> Self {
        Self::of(Form::Dedicated { pool: POOL })
    }

    /// A server that somebody else runs; each lease is a database of it that was empty and that
    /// nobody else had claimed. The URL's user must be allowed to make users (`+acl`).
    ///
    /// `redis://user:password@host:port`
    #[must_use]
    pub fn external(url: impl Into<String>) -> Self {
        Self::of(Form::External(external::Target::Url(url.into())))
    }

    /// As [`Redis::external`], with the URL in a variable of the environment.
    #[must_use]
    pub fn external_from_env(variable: impl Into<String>) -> Self {
        Self::of(Form::External(external::Target::Variable(variable.into())))
    }

    /// How many servers are kept ready for [`Redis::dedicated`]; 2 where nothing is said.
    #[must_use]
    pub fn pool(mut self, servers: usize) -> Self {
        if let Form::Dedicated { pool } = &mut self.form {
            *pool = servers;
        }
        self
    }

    /// The server program, where it lies outside `PATH` and the usual places.
    #[must_use]
    pub fn program(mut self, path: impl Into<PathBuf>) -> Self {
        self.program = Some(path.into());
        self
    }
}

/// Without the URL, in which there may be a password.
impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.form {
            Form::Local => "Redis::local()",
            Form::Dedicated { .. } => "Redis::dedicated()",
            Form::External(_) => "Redis::external(…)",
        })
    }
}

impl Service for Redis {
    const KIND: &'static str = "redis";
    type Running = Started;
    type Handle = Keyspace;

    async fn start(&self, host: &Host) -> Result<Started> {
        let program = self.program.as_deref();
        Ok(match &self.form {
            Form::Local => Started::local(Local::start(host, program).await?),
            Form::Dedicated { pool } => {
                Started::dedicated(Dedicated::start(host, program, *pool).await?)
            }
            Form::External(target) => Started::external(External::start(host, target).await?),
        })
    }

    async fn open(&self, share: Share, _: &Context, _: &'static str) -> Result<Keyspace> {
        Ok(Keyspace::new(share))
    }

    async fn undo(&self, left: Value) -> Result {
        match &self.form {
            Form::External(target) => external::undo(target, left).await,
            // All that these make are processes and directories.
            Form::Local | Form::Dedicated { .. } => Ok(()),
        }
    }
}
