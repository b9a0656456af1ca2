//! One service without a supervisor: what the tests of a driver use.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::watch;

use super::host::{Host, Inner};
use super::journal::{Journal, Made};
use super::service::{Ask, Service};
use crate::fixture::{Context, Facts};
use crate::terms::{Error, Result};

/// Runs one service in this process, for the tests of its driver. What it starts is marked and
/// journalled as under the supervisor, but nobody cleans up when this process is killed: a driver's
/// tests use it, the tests of an application take a [`Lease`](super::Lease).
///
/// ```no_run
/// # use phasegate::services::{Running, Service, Trial};
/// # async fn example<S: Service>(service: S) -> phasegate::Result {
/// let trial = Trial::new("database")?;
/// let running = service.start(trial.host()).await?;
/// let share = running.lease(&trial.ask("a_test")).await?;
/// running.reclaim(&share).await?;
/// running.stop().await?;
/// assert!(trial.left_in_journal().is_empty());
/// trial.close()
/// # }
/// ```
pub struct Trial {
    host: Host,
    journal: Journal,
    journals: std::path::PathBuf,
    base: std::path::PathBuf,
    steps: Arc<Mutex<Vec<(String, Duration)>>>,
    mark: String,
    closed: bool,
}

impl Trial {
    /// Makes a host for a service of that name, with a directory where a supervisor would make it.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn new(service: &str) -> Result<Self> {
        Self::with(service, 2, Duration::from_secs(30))
    }

    /// As [`Trial::new`], for that many tests at once and that long a start.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn with(service: &str, workers: usize, patience: Duration) -> Result<Self> {
        let mark = format!(
            "trial-{:016x}",
            crate::terms::mix(
                u64::from(std::process::id()),
                format!("{service} {:?}", std::time::SystemTime::now()).as_bytes()
            )
        );
        let base = super::supervisor::place().join(format!("phasegate-{mark}"));
        let dir = base.join(service);
        super::supervisor::open_directory(&base)?;
        super::supervisor::open_directory(&dir)?;
        let journals = base.join("journals");
        let journal = Journal::create(&journals, "trial", "trial", "trial")?;
        let steps = Arc::<Mutex<Vec<(String, Duration)>>>::default();
        let heard = Arc::clone(&steps);
        let host = Host::new(Inner {
            service: service.to_owned(),
            dir: dir.clone(),
            package: std::env::var_os("CARGO_MANIFEST_DIR")
                .unwrap_or_default()
                .into(),
            workers,
            journal: journal.clone(),
            mark: mark.clone(),
            session: true,
            deadline: Instant::now() + patience,
            steps: Box::new(move |step| {
                heard
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push((step.name, step.took));
            }),
            death: watch::Sender::new(None),
            urls: Arc::new(Mutex::new(BTreeMap::new())),
        });
        Ok(Self {
            host,
            journal,
            journals,
            base,
            steps,
            mark,
            closed: false,
        })
    }

    /// The host.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// A request for a lease, with a namespace of its own.
    #[must_use]
    pub fn ask(&self, test: &str) -> Ask {
        let unique = crate::terms::mix(0, format!("{} {test}", self.mark).as_bytes());
        Ask {
            test: test.to_owned(),
            attempt: 1,
            namespace: format!("pg_{unique:016x}_1"),
        }
    }

    /// A test's side of a lease: what [`Service::open`] is given. It ends with [`Trial::release`].
    #[must_use]
    pub fn context(&self, test: &str) -> Context {
        let Ask {
            test,
            attempt,
            namespace,
        } = self.ask(test);
        Context::new(Facts {
            scratch: self.base.join("scratch").join(&namespace),
            test,
            attempt,
            namespace,
            ..Facts::default()
        })
    }

    /// Does what the harness does when a test has ended: runs what was registered with
    /// [`Context::on_release`], last first, and removes the test's directories.
    ///
    /// # Errors
    /// Those of the releases, all of them.
    pub async fn release(&self, cx: Context) -> Result {
        let mut errors = Vec::new();
        while let Some(undo) = cx.next_release() {
            errors.extend(undo.await.err().map(|error| error.to_string()));
        }
        super::undo::remove(cx.scratch())?;
        if errors.is_empty() {
            return Ok(());
        }
        Err(Error::new(errors.join("; ")))
    }

    /// Names of the steps so far.
    #[must_use]
    pub fn steps(&self) -> Vec<String> {
        self.timings().into_iter().map(|(name, _)| name).collect()
    }

    /// The steps so far, with how long each took.
    #[must_use]
    pub fn timings(&self) -> Vec<(String, Duration)> {
        self.steps
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What was announced for [`Service::undo`] and not undone.
    #[must_use]
    pub fn left_in_journal(&self) -> Vec<Value> {
        let path = self.journals.join("trial.journal");
        super::journal::read(&path)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|made| match made {
                Made::Driver { what, .. } => Some(what),
                _ => None,
            })
            .collect()
    }

    /// Undoes what the journal still announces, as the next run does after a power cut.
    ///
    /// # Errors
    /// The driver's.
    pub async fn recover<S: Service>(&self, service: &S) -> Result {
        for what in self.left_in_journal() {
            service.undo(what).await?;
        }
        Ok(())
    }

    /// Ends what still runs and removes the directory.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn close(mut self) -> Result {
        self.closed = true;
        self.clear()
    }

    fn clear(&self) -> Result {
        super::undo::end_processes(&self.mark, &self.base)?;
        self.journal.close()?;
        super::undo::remove(&self.base)
    }
}

/// What a test that failed has left.
impl Drop for Trial {
    fn drop(&mut self) {
        if !self.closed {
            // The test has an error of its own to tell.
            let _ = self.clear();
        }
    }
}
