//! A server for each lease, from a pool of started ones.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::secret::secret;
use super::server::{self, ADMIN, Server, Wanted};
use super::share::Share;
use crate::services::Host;
use crate::terms::{Error, Result};

/// How long one server may take to start.
const PATIENCE: Duration = Duration::from_secs(30);

/// Databases of a server, as many as it has by itself.
const DATABASES: u32 = 16;

/// The servers: some wait, some are leased.
pub(super) struct Dedicated {
    pool: Arc<Pool>,
    filler: Mutex<Option<JoinHandle<()>>>,
}

struct Pool {
    host: Host,
    program: PathBuf,
    size: usize,
    next: AtomicU64,
    closed: AtomicBool,
    idle: Mutex<VecDeque<Arc<Own>>>,
    leased: Mutex<HashMap<u16, Arc<Own>>>,
    /// A server was taken, or no more are wanted.
    changed: Notify,
}

/// A server, and how it was when it started.
struct Own {
    server: Server,
    password: String,
    config: BTreeMap<String, String>,
}

impl Dedicated {
    pub(super) async fn start(host: &Host, program: Option<&Path>, size: usize) -> Result<Self> {
        let pool = Arc::new(Pool {
            host: host.clone(),
            program: server::find(program)?,
            size,
            next: AtomicU64::new(1),
            closed: AtomicBool::new(false),
            idle: Mutex::default(),
            leased: Mutex::default(),
            changed: Notify::new(),
        });
        // One is waited for: it tells whether servers start at all.
        let first = host.step("start", pool.make()).await?;
        pool.idle().push_back(first);
        let filler = tokio::spawn(Arc::clone(&pool).fill());
        Ok(Self {
            pool,
            filler: Mutex::new(Some(filler)),
        })
    }

    pub(super) async fn probe(&self) -> Result {
        let waiting = self.pool.idle().front().cloned();
        match waiting {
            Some(own) => own.server.admin.ping().await,
            // All are leased; the next lease starts one, and says so if it cannot.
            None => Ok(()),
        }
    }

    pub(super) async fn lease(&self) -> Result<Share> {
        let own = match self.pool.ready() {
            Some(own) => own,
            None => self.pool.make().await?,
        };
        self.pool.changed.notify_one();
        let share = Share {
            host: "127.0.0.1".to_owned(),
            port: own.server.port(),
            user: "default".to_owned(),
            password: own.password.clone(),
            database: 0,
        };
        self.pool.leased().insert(share.port, own);
        Ok(share)
    }

    /// The server of a share, unless it was given back.
    fn own(&self, share: &Share) -> Option<Arc<Own>> {
        let leased = self.pool.leased();
        let own = leased.get(&share.port)?;
        (own.password == share.password).then(|| Arc::clone(own))
    }

    pub(super) async fn reset(&self, share: &Share) -> Result {
        let own = self
            .own(share)
            .ok_or_else(|| Error::new(format_args!("{share:?} was given back already")))?;
        own.reset().await
    }

    pub(super) async fn reclaim(&self, share: &Share) -> Result {
        let Some(own) = self.own(share) else {
            return Ok(());
        };
        own.server.kill().await?;
        self.pool.leased().remove(&share.port);
        Ok(())
    }

    pub(super) async fn stop(&self) -> Result {
        self.pool.closed.store(true, Ordering::SeqCst);
        self.pool.changed.notify_one();
        let filler = self
            .filler
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(filler) = filler {
            filler.await?;
        }
        let mut all: Vec<Arc<Own>> = self.pool.idle().drain(..).collect();
        all.extend(self.pool.leased().drain().map(|(_, own)| own));
        let mut first = Ok(());
        for own in all {
            let stopped = own.server.kill().await;
            first = first.and(stopped);
        }
        first
    }
}

impl Pool {
    fn idle(&self) -> MutexGuard<'_, VecDeque<Arc<Own>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn leased(&self) -> MutexGuard<'_, HashMap<u16, Arc<Own>>> {
        self.leased.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A server that waits and still lives.
    fn ready(&self) -> Option<Arc<Own>> {
        let mut idle = self.idle();
        loop {
            let own = idle.pop_front()?;
            if own.server.process.has_ended().is_none() {
                return Some(own);
            }
        }
    }

    async fn make(&self) -> Result<Arc<Own>> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let name = format!("redis-server-{number}");
        let password = secret()?;
        let wanted = Wanted {
            name: &name,
            program: &self.program,
            databases: DATABASES,
            password: Some(&password),
            patience: Some(PATIENCE),
        };
        let server = Server::start(&self.host, wanted).await?;
        let config = configuration(&server).await?;
        Ok(Arc::new(Own {
            server,
            password,
            config,
        }))
    }

    /// Keeps the pool full until it is closed.
    async fn fill(self: Arc<Self>) {
        loop {
            while !self.closed.load(Ordering::SeqCst) && self.idle().len() < self.size {
                match self.make().await {
                    Ok(own) => self.idle().push_back(own),
                    // The next lease that finds the pool empty tries again, and reports it.
                    Err(_) => break,
                }
            }
            if self.closed.load(Ordering::SeqCst) {
                return;
            }
            self.changed.notified().await;
        }
    }
}

impl Own {
    /// Everything as it was when the server started, except for its clients: the test's own
    /// connections, and what they are subscribed to, stay.
    async fn reset(&self) -> Result {
        let admin = &self.server.admin;
        for words in [
            &["REPLICAOF", "NO", "ONE"][..],
            &["FLUSHALL"],
            &["FUNCTION", "FLUSH"],
            &["SCRIPT", "FLUSH"],
            &["SLOWLOG", "RESET"],
        ] {
            let mut command = redis::cmd(words[0]);
            command.arg(&words[1..]);
            match admin.ask::<()>(&command).await {
                // Older servers have no functions.
                Err(error) if words[0] == "FUNCTION" && error.code() == Some("ERR") => {}
                answer => answer?,
            }
        }
        let now = configuration(&self.server).await?;
        for (name, value) in &self.config {
            if now.get(name) != Some(value) {
                let mut command = redis::cmd("CONFIG");
                command.arg("SET").arg(name).arg(value);
                admin.run::<()>(&command).await?;
            }
        }
        let users: Vec<String> = admin.run(redis::cmd("ACL").arg("USERS")).await?;
        for user in users {
            if user != ADMIN && user != "default" {
                admin.forget_user(&user).await?;
            }
        }
        let mut command = redis::cmd("ACL");
        command
            .arg("SETUSER")
            .arg("default")
            .arg(&["reset", "on", "~*", "&*", "+@all"])
            .arg(format!(">{}", self.password));
        admin.run(&command).await
    }
}

async fn configuration(server: &Server) -> Result<BTreeMap<String, String>> {
    server
        .admin
        .run(redis::cmd("CONFIG").arg("GET").arg("*"))
        .await
}
