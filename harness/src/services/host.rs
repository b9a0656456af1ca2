//! What a driver may use while its service starts and runs.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::future::Future;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;
use tokio::sync::watch;

use super::cache;
use super::journal::{Intent, Journal, Made};
use super::probe::until_ready;
use super::process::{self, Process, Surroundings};
use super::program::Program;
use super::user::User;
use crate::terms::{Error, Result};

/// Lines of a service's log that an error quotes.
const LOG_LINES: usize = 12;

/// Bytes of it that are looked at for them.
const LOG_BYTES: u64 = 16 << 10;

/// A timed part of a service's start or stop.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) began: SystemTime,
    pub(crate) took: Duration,
    pub(crate) error: Option<String>,
}

/// What a driver may use: directories that vanish, programs that die with the supervisor, probes
/// with patience, steps that are timed into the record. Cheap to clone.
#[derive(Clone)]
pub struct Host(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) service: String,
    /// The service's own directory.
    pub(crate) dir: PathBuf,
    /// The package's directory: what relative paths are relative to.
    pub(crate) package: PathBuf,
    pub(crate) workers: usize,
    pub(crate) journal: Journal,
    pub(crate) mark: String,
    /// Whether programs get sessions of their own.
    pub(crate) session: bool,
    /// When the service must be ready.
    pub(crate) deadline: Instant,
    pub(crate) steps: Box<dyn Fn(Step) + Send + Sync>,
    /// How the service died, once it has.
    pub(crate) death: watch::Sender<Option<String>>,
    /// URLs of the services that are ready.
    pub(crate) urls: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Host {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// Name of the service.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.0.service
    }

    /// A directory of the service's own, empty when it starts and removed after it has stopped.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.0.dir
    }

    /// A path as its owner wrote it: relative ones are relative to the package.
    #[must_use]
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.0.package.join(path)
    }

    /// How many tests may run at once.
    #[must_use]
    pub fn workers(&self) -> usize {
        self.0.workers
    }

    /// URL of another service, which must stand in `after`.
    ///
    /// # Errors
    /// It is not ready, or has none.
    pub fn url_of(&self, service: &str) -> Result<String> {
        let urls = self.0.urls.lock().unwrap_or_else(PoisonError::into_inner);
        urls.get(service).cloned().ok_or_else(|| {
            Error::new(format_args!(
                "`{}` asks for the URL of `{service}`, which is not ready or has none; write `after = [\"{service}\"]` in its `#[phasegate::service]`",
                self.0.service
            ))
        })
    }

    /// Announces something outside [`Host::dir`] that is about to be made, so that it is undone
    /// even if the supervisor is killed: then [`Service::undo`](super::Service::undo) gets `what`.
    ///
    /// # Errors
    /// The journal cannot be written; the thing must not be made.
    pub fn intend(&self, what: Value) -> Result<Intent> {
        self.0.journal.intend(Made::Driver {
            service: self.0.service.clone(),
            what,
        })
    }

    /// Announces a file or directory outside [`Host::dir`] that is about to be made.
    ///
    /// # Errors
    /// The journal cannot be written; the thing must not be made.
    pub fn intend_path(&self, path: &Path) -> Result<Intent> {
        self.0.journal.intend(Made::Path {
            path: path.to_owned(),
        })
    }

    /// What is expensive to build and the same for every run: made once by `build` in an empty
    /// directory of `user`'s, kept under `key` across runs.
    ///
    /// # Errors
    /// The build's, and those of the file system.
    pub async fn cached<F>(
        &self,
        key: &str,
        user: Option<&User>,
        build: impl FnOnce(PathBuf) -> F,
    ) -> Result<PathBuf>
    where
        F: Future<Output = Result>,
    {
        cache::get(&self.0.journal, key, user, build).await
    }

    /// Starts a program. When it ends unasked, the service has died.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(&self, program: &Program) -> Result<Process> {
        let log = self.log(program.log.as_deref().unwrap_or(&program.name()))?;
        let death = self.0.death.clone();
        let vital = program.vital;
        let on_death = Box::new(move |how: String| {
            if vital {
                death.send_if_modified(|known| match known {
                    None => {
                        *known = Some(how);
                        true
                    }
                    Some(_) => false,
                });
            }
        });
        process::start(program, &self.surroundings(), log, on_death)
    }

    /// Runs a program to its end; its output is returned and logged.
    ///
    /// # Errors
    /// It cannot be started, or does not exit with code 0: then its last lines are quoted.
    pub async fn run(&self, program: &Program) -> Result<String> {
        let command = process::command(program, &self.surroundings());
        let output = tokio::process::Command::from(command)
            .output()
            .await
            .map_err(|error| {
                Error::from(error).context(format_args!("cannot start {}", program.path.display()))
            })?;
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(stdout);
        }
        let stderr = String::from_utf8_lossy(&output.stderr);
        let said = tail(&format!("{stdout}{stderr}"));
        Err(Error::new(format_args!(
            "{} {}{}",
            program.name(),
            process::said(output.status),
            quoted(&said)
        )))
    }

    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            mark: &self.0.mark,
            dir: &self.0.dir,
            session: self.0.session,
        }
    }

    fn log(&self, name: &str) -> Result<std::fs::File> {
        let path = self.0.dir.join(format!("{name}.log"));
        std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(|error| {
                Error::from(error).context(format_args!("cannot write {}", path.display()))
            })
    }

    /// Does one part of a start or stop; how long it took stands in the record and the report.
    ///
    /// # Errors
    /// Those of the part, with its name.
    pub async fn step<T>(&self, name: &str, part: impl Future<Output = Result<T>>) -> Result<T> {
        let (began, clock) = (SystemTime::now(), Instant::now());
        let result = part.await;
        (self.0.steps)(Step {
            name: name.to_owned(),
            began,
            took: clock.elapsed(),
            error: result.as_ref().err().map(ToString::to_string),
        });
        result.map_err(|error| error.context(name))
    }

    /// Tries `probe` until it succeeds, with growing pauses, until the service's time to start is
    /// over or its program has ended. `name` is what a reader knows the probe by.
    ///
    /// # Errors
    /// The last answer, with the name and the time.
    pub async fn ready<F: Future<Output = Result>>(
        &self,
        name: impl Display,
        probe: impl FnMut() -> F,
    ) -> Result {
        let mut dead = self.0.death.subscribe();
        let death = async move {
            let how = dead.wait_for(Option::is_some).await;
            how.ok().and_then(|how| how.clone()).unwrap_or_default()
        };
        until_ready(&name, self.0.deadline, death, probe).await
    }

    /// As [`Host::ready`], for a [dispensable](Program::dispensable) program that is started while
    /// the service is up: it has `patience` of its own, and its own end ends the wait.
    ///
    /// # Errors
    /// The last answer, with the name and the time.
    pub async fn ready_within<F: Future<Output = Result>>(
        &self,
        process: &Process,
        patience: Duration,
        name: impl Display,
        probe: impl FnMut() -> F,
    ) -> Result {
        until_ready(&name, Instant::now() + patience, process.ended(), probe).await
    }

    /// Waits until a program of the service has ended unasked, and says how.
    pub(crate) async fn death(&self) -> String {
        let mut death = self.0.death.subscribe();
        let how = death.wait_for(Option::is_some).await.ok();
        if let Some(how) = how.and_then(|how| how.clone()) {
            return how;
        }
        // The sender lives as long as this host, so that nothing leads here.
        std::future::pending().await
    }

    /// How the service has died, if it is known to have.
    pub(crate) fn known_death(&self) -> Option<String> {
        self.0.death.borrow().clone()
    }

    /// Last lines of what the service's programs have written.
    pub(crate) fn last_words(&self) -> String {
        let Ok(entries) = std::fs::read_dir(&self.0.dir) else {
            return String::new();
        };
        let mut logs: Vec<PathBuf> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|e| e == "log"))
            .collect();
        logs.sort();
        let said: Vec<String> = logs
            .iter()
            .filter_map(|log| end_of(log).ok())
            .map(|bytes| tail(&String::from_utf8_lossy(&bytes)))
            .filter(|lines| !lines.is_empty())
            .collect();
        quoted(&said.join("\n"))
    }
}

/// The end of a log, which may be of any length.
fn end_of(log: &Path) -> std::io::Result<Vec<u8>> {
    let mut file = std::fs::File::open(log)?;
    let before = file.metadata()?.len().saturating_sub(LOG_BYTES);
    file.seek(SeekFrom::Start(before))?;
    let mut bytes = Vec::new();
    file.take(LOG_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

pub(crate) fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(LOG_LINES)..].join("\n")
}

/// Log lines, set off from the sentence before them.
pub(crate) fn quoted(lines: &str) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let indented: Vec<String> = lines.lines().map(|line| format!("  | {line}")).collect();
    format!("\n{}", indented.join("\n"))
}
