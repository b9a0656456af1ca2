//! What a service function returns.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

use super::endpoint::{Endpoint, Share};
use super::started::Started;
use crate::fixture::Context;
use crate::services::{Host, Probe, Service};
use crate::terms::Result;

/// Any program that serves on a port, or only works.
///
/// ```
/// use std::time::Duration;
/// use phasegate::drivers::command::Command;
/// use phasegate::services::Probe;
///
/// fn search() -> Command {
///     Command::new("search-server")
///         .args(["--listen", "127.0.0.1:{port}"])
///         .env("LOG_LEVEL", "debug")
///         .env_url("DATABASE_URL", "database")
///         .ready(Probe::Http("http://127.0.0.1:{port}/health".to_owned()))
///         .patience(Duration::from_secs(2))
/// }
/// ```
///
/// All tests share one process, and so whatever it remembers; with [`Command::per_lease`] each has
/// its own. `{port}` in arguments, variables, the probe and the URL stands for a free port of
/// 127.0.0.1.
#[derive(Debug, Clone)]
pub struct Command {
    pub(super) program: PathBuf,
    pub(super) args: Vec<OsString>,
    pub(super) env: Vec<(OsString, OsString)>,
    /// Variable, service.
    pub(super) urls: Vec<(String, String)>,
    pub(super) dir: Option<PathBuf>,
    pub(super) ready: Option<Probe>,
    pub(super) url: Option<String>,
    pub(super) stop_signal: i32,
    pub(super) patience: Duration,
    pub(super) start_patience: Duration,
    pub(super) per_lease: bool,
    pub(super) stateless: bool,
    pub(super) user: Option<String>,
}

impl Command {
    /// A program by its name on `PATH`, or by its path; a relative one with a `/` is relative to
    /// the package. Programs of the package itself are `env!("CARGO_BIN_EXE_name")`.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            env: Vec::new(),
            urls: Vec::new(),
            dir: None,
            ready: None,
            url: None,
            stop_signal: libc::SIGTERM,
            patience: Duration::from_secs(5),
            start_patience: Duration::from_secs(30),
            per_lease: false,
            stateless: false,
            user: None,
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets a variable of its environment, beside those that it inherits.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Sets a variable to the URL of another service, which stands in this one's `after`. The URL
    /// has no password: it names the server, not a test's share of it.
    #[must_use]
    pub fn env_url(mut self, name: impl Into<String>, service: impl Into<String>) -> Self {
        self.urls.push((name.into(), service.into()));
        self
    }

    /// Puts the free port into a variable of its environment.
    #[must_use]
    pub fn port(self, name: impl Into<OsString>) -> Self {
        self.env(name, super::launch::PORT)
    }

    /// Its working directory, relative to the package; an empty one of its own where nothing is
    /// said.
    #[must_use]
    pub fn dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.dir = Some(dir.into());
        self
    }

    /// What tells that it is ready, and later that it is still well. Where nothing is said, a
    /// connection to its port; a program without a port is ready once it runs.
    #[must_use]
    pub fn ready(mut self, probe: Probe) -> Self {
        self.ready = Some(probe);
        self
    }

    /// Its URL; `http://127.0.0.1:{port}` where nothing is said.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// The signal that asks it to end; `SIGTERM` where nothing is said.
    #[must_use]
    pub fn stop_signal(mut self, signal: i32) -> Self {
        self.stop_signal = signal;
        self
    }

    /// How long it may take to end when asked, before it is killed; 5 s where nothing is said.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// A process for each lease, started before its test and ended after it.
    #[must_use]
    pub fn per_lease(mut self) -> Self {
        self.per_lease = true;
        self
    }

    /// How long a process of [`Command::per_lease`] may take to be ready; 30 s where nothing is
    /// said. One that all tests share has the `timeout` of its `#[phasegate::service]`.
    #[must_use]
    pub fn start_patience(mut self, patience: Duration) -> Self {
        self.start_patience = patience;
        self
    }

    /// It remembers nothing between requests, so that a reset has nothing to do. Without this a
    /// reset of a process that all tests share is refused.
    #[must_use]
    pub fn stateless(mut self) -> Self {
        self.stateless = true;
        self
    }

    /// Runs as that user when the tests run as root, or as `nobody` if there is none of that name.
    #[must_use]
    pub fn user(mut self, name: impl Into<String>) -> Self {
        self.user = Some(name.into());
        self
    }

    /// Whether it is to be given a port.
    pub(super) fn wants_port(&self) -> bool {
        let asks = |text: &OsStr| text.to_string_lossy().contains(super::launch::PORT);
        self.args.iter().any(|arg| asks(arg)) || self.env.iter().any(|(_, value)| asks(value))
    }
}

impl Service for Command {
    const KIND: &'static str = "command";
    type Running = Started;
    type Handle = Endpoint;

    async fn start(&self, host: &Host) -> Result<Started> {
        Started::start(self, host).await
    }

    async fn open(&self, share: Share, _: &Context, _: &'static str) -> Result<Endpoint> {
        Ok(Endpoint::new(share))
    }
}
