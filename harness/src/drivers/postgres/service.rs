//! The description of the service.

use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use super::binaries::Choice;
use super::budget::{Budget, OWN};
use super::external::{self, Target};
use super::handle::Database;
use super::local::Local;
use super::pool::Pool;
use super::preparation::Preparation;
use super::running::{Furnished, Server};
use super::site::{Ground, Left, Site};
use super::template::Template;
use crate::fixture::Context;
use crate::services::{Host, Service};
use crate::terms::{Error, Result};

/// Connections that a lease may have where nothing is said: what pools open by default.
const SHARE: u32 = 10;

/// Fewest and most connections that a server of ours is started for.
const CONNECTIONS: (usize, usize) = (40, 1000);

/// PostgreSQL: each test gets a database of its own, cloned from one that was migrated once.
///
/// ```
/// use phasegate::Postgres;
///
/// fn database() -> Postgres {              // under #[phasegate::service(boundary = "database")]
///     Postgres::local()
///         .migrations("migrations")
///         .seed_sql("INSERT INTO plan (name) VALUES ('free'), ('team')")
/// }
/// # let _ = database();
/// ```
///
/// What a test is handed is a [`Database`].
#[derive(Clone)]
pub struct Postgres {
    place: Place,
    preparations: Vec<Preparation>,
    settings: Vec<(String, String)>,
    share: u32,
    pool: Option<usize>,
}

#[derive(Clone)]
enum Place {
    Local(Choice),
    Url(String),
    Environment(String),
}

impl Postgres {
    /// A server of the run's own, from the programs that are installed. It listens on 127.0.0.1 on
    /// a free port, and goes with everything in it when the run ends. As root it runs as the user
    /// `postgres`, or `nobody`.
    #[must_use]
    pub fn local() -> Self {
        Self::at(Place::Local(Choice::default()))
    }

    /// A server that somebody else runs. Databases and roles whose names begin with `phasegate_`
    /// are made there, and removed again; nothing else is touched. The user of the URL must be
    /// allowed to create both.
    #[must_use]
    pub fn external(url: impl Into<String>) -> Self {
        Self::at(Place::Url(url.into()))
    }

    /// As [`Postgres::external`], with the URL in a variable of the environment.
    #[must_use]
    pub fn external_from_env(variable: impl Into<String>) -> Self {
        Self::at(Place::Environment(variable.into()))
    }

    fn at(place: Place) -> Self {
        Self {
            place,
            preparations: Vec::new(),
            settings: Vec::new(),
            share: SHARE,
            pool: None,
        }
    }

    /// The major version to use, where several are installed: `15`. Local servers only.
    #[must_use]
    pub fn version(mut self, major: u32) -> Self {
        if let Place::Local(choice) = &mut self.place {
            choice.major = Some(major);
        }
        self
    }

    /// The directory of `postgres` and `initdb`, instead of looking for them. Local servers only.
    #[must_use]
    pub fn binaries(mut self, dir: impl Into<PathBuf>) -> Self {
        if let Place::Local(choice) = &mut self.place {
            choice.dir = Some(dir.into());
        }
        self
    }

    /// A setting of the server, as in `postgresql.conf`; it wins over ours. Local servers only.
    #[must_use]
    pub fn setting(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.push((name.into(), value.into()));
        self
    }

    /// Applies the `*.sql` files of a directory, relative to the package, by the number at the
    /// beginning of their names and then by name. Each is sent whole, as one transaction;
    /// `*.down.sql` is left out. They run once for all tests, as a superuser where there is one.
    #[must_use]
    pub fn migrations(mut self, dir: impl Into<PathBuf>) -> Self {
        self.preparations.push(Preparation::Directory(dir.into()));
        self
    }

    /// Calls a function that migrates; for tools that bring their own migrations.
    ///
    /// ```
    /// # use phasegate::Postgres;
    /// Postgres::local().migrate_with(|db| async move {
    ///     // or: sqlx::migrate!().run(&sqlx::PgPool::connect(db.url()).await?).await?
    ///     let client = db.client().await?;
    ///     client.batch_execute("CREATE TABLE note (text TEXT)").await?;
    ///     Ok(())
    /// });
    /// ```
    #[must_use]
    pub fn migrate_with<F>(
        mut self,
        migrate: impl Fn(Database) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result> + Send + 'static,
    {
        let function = Arc::new(move |database| {
            let later: std::pin::Pin<Box<dyn Future<Output = Result> + Send>> =
                Box::pin(migrate(database));
            later
        });
        self.preparations.push(Preparation::Function(function));
        self
    }

    /// Runs statements, after what was written before.
    #[must_use]
    pub fn seed_sql(mut self, sql: impl Into<String>) -> Self {
        self.preparations.push(Preparation::Text(sql.into()));
        self
    }

    /// Connections that one lease may have open; 10 where nothing is said. Leases wait for each
    /// other rather than ask more of the server than it has.
    #[must_use]
    pub fn connections_per_lease(mut self, connections: u32) -> Self {
        self.share = connections.max(1);
        self
    }

    /// Clones that are kept ready; twice the tests that run at once where nothing is said.
    #[must_use]
    pub fn pool(mut self, clones: usize) -> Self {
        self.pool = Some(clones.max(1));
        self
    }

    fn target(&self) -> Result<Option<Target>> {
        match &self.place {
            Place::Local(_) => Ok(None),
            Place::Url(url) => external::target(url, "the server's URL").map(Some),
            Place::Environment(variable) => external::from_environment(variable).map(Some),
        }
    }

    async fn local_server(&self, host: &Host) -> Result<Local> {
        let choice = match &self.place {
            Place::Local(choice) => choice.clone(),
            Place::Url(_) | Place::Environment(_) => Choice::default(),
        };
        let share = usize::try_from(self.share).unwrap_or(usize::MAX);
        let wanted = host.workers().saturating_mul(share).saturating_add(2 * OWN);
        let connections = wanted.clamp(CONNECTIONS.0, CONNECTIONS.1);
        Local::start(host, &choice, connections, &self.settings).await
    }

    async fn furnish(&self, host: &Host, place: Ground) -> Result<Furnished> {
        let mut site = Site::new(host, place).await?;
        let budget = Budget::ask(&site.front, self.share, site.foreign.is_some()).await?;
        site.share = budget.share;
        let site = Arc::new(site);
        let template = Template::make(&site, &self.preparations).await?;
        let size = self.pool.unwrap_or_else(|| (2 * host.workers()).max(4));
        match Pool::fill(&site, size).await {
            Ok(pool) => Ok(Furnished {
                site,
                template,
                pool,
                budget,
            }),
            Err(error) => Err(match template.remove().await {
                Ok(()) => error,
                Err(more) => error.context(more),
            }),
        }
    }
}

impl Service for Postgres {
    const KIND: &'static str = "postgres";
    type Running = Server;
    type Handle = Database;

    async fn start(&self, host: &Host) -> Result<Server> {
        let (local, ground) = match self.target()? {
            Some(target) => {
                external::ready(host, &target).await?;
                (None, Ground::from(target))
            }
            None => {
                let local = self.local_server(host).await?;
                let ground = local.ground()?;
                (Some(local), ground)
            }
        };
        match (self.furnish(host, ground).await, local) {
            (Ok(furnished), local) => Ok(Server::new(local, furnished)),
            (Err(error), None) => Err(error),
            (Err(error), Some(local)) => Err(match local.stop().await {
                Ok(()) => error,
                Err(more) => error.context(more),
            }),
        }
    }

    async fn open(&self, share: Database, _: &Context, _: &'static str) -> Result<Database> {
        Ok(share)
    }

    async fn undo(&self, left: Value) -> Result {
        let left: Left = serde_json::from_value(left)?;
        match self.target()? {
            Some(target) => external::undo(&target, &left).await,
            None => Err(Error::new(format_args!(
                "the database {} was left on {}, and the service no longer uses that server; drop it there with `DROP DATABASE \"{}\"` and `DROP ROLE \"{}\"`",
                left.database, left.server, left.database, left.role
            ))),
        }
    }
}

/// Without the URL: there is a password in it.
impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place: &dyn fmt::Debug = match &self.place {
            Place::Local(choice) => choice,
            Place::Url(_) => &"external",
            Place::Environment(variable) => variable,
        };
        f.debug_struct("Postgres")
            .field("place", place)
            .field("preparations", &self.preparations)
            .field("settings", &self.settings)
            .field("share", &self.share)
            .field("pool", &self.pool)
            .finish()
    }
}
