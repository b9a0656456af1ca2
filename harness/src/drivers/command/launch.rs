//! From a description to a running program.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::description::Command;
use super::endpoint::Share;
use crate::services::host::{quoted, tail};
use crate::services::port::Port;
use crate::services::{Host, Probe, Process, Program, User, program};
use crate::terms::{Error, Result};

/// What stands for the port.
pub(super) const PORT: &str = "{port}";

/// A program with the place that it runs in; it can be started there more than once.
pub(super) struct Launch {
    host: Host,
    program: Program,
    probe: Option<Probe>,
    /// What is removed after it.
    base: PathBuf,
    /// The working directory of its own, unless it was given another: `base`, or below it.
    own: PathBuf,
    user: Option<User>,
    _port: Option<Port>,
    pub(super) share: Share,
    /// Whether it serves one lease only.
    alone: bool,
}

impl Launch {
    /// Prepares the program of that number; 0 is shared by all tests.
    pub(super) fn prepare(of: &Command, host: &Host, number: u64) -> Result<Self> {
        let alone = number != 0;
        let port = of.wants_port().then(Port::free).transpose()?;
        let with = |text: &OsStr| fill(text, port.as_ref());
        let text = |text: &str| with(OsStr::new(text)).to_string_lossy().into_owned();
        let user = match &of.user {
            Some(name) => User::unprivileged(&[name])?,
            None => None,
        };
        // A lease's log goes with it; the other's stays for the report.
        let lease = format!("lease-{number}");
        let base = host.dir().join(if alone { &lease } else { "work" });
        let own = if alone {
            base.join("work")
        } else {
            base.clone()
        };
        let path = find(&of.program, host)?;
        let mut program = Program::new(path)
            .args(of.args.iter().map(|arg| with(arg)))
            .dir(match &of.dir {
                Some(dir) => host.path(dir),
                None => own.clone(),
            })
            .user(user.clone());
        for (name, value) in &of.env {
            program = program.env(name, with(value));
        }
        for (name, service) in &of.urls {
            program = program.env(name, host.url_of(service)?);
        }
        let mut log = program.name();
        if alone {
            log = format!("{lease}/{log}");
            program = program.dispensable();
        }
        let url = match (&of.url, &port) {
            (Some(url), _) => text(url),
            (None, Some(port)) => format!("http://127.0.0.1:{}", port.number()),
            (None, None) => String::new(),
        };
        let probe = match (&of.ready, &port) {
            (Some(probe), _) => Some(filled(probe, &text, &with)),
            (None, Some(port)) => Some(Probe::Tcp(format!("127.0.0.1:{}", port.number()))),
            (None, None) => None,
        };
        Ok(Self {
            host: host.clone(),
            share: Share {
                number,
                port: port.as_ref().map(Port::number),
                url,
                log: host.dir().join(format!("{log}.log")),
            },
            program: program.log(log),
            probe,
            base,
            own,
            user,
            _port: port,
            alone,
        })
    }

    /// Starts it in an empty directory, and returns once it is ready.
    pub(super) async fn start(&self, of: &Command) -> Result<Process> {
        self.clear()?;
        std::fs::create_dir_all(&self.own).map_err(|error| {
            Error::from(error).context(format_args!("cannot create {}", self.own.display()))
        })?;
        if let Some(user) = &self.user {
            user.own(&self.own)?;
        }
        let process = self.host.start(&self.program)?;
        let ready = match &self.probe {
            None => Ok(()),
            Some(probe) if self.alone => {
                let patience = of.start_patience;
                let within = self
                    .host
                    .ready_within(&process, patience, probe, || probe.check());
                within.await
            }
            Some(probe) => self.host.ready(probe, || probe.check()).await,
        };
        match ready {
            Ok(()) => Ok(process),
            Err(error) => {
                process.stop(libc::SIGKILL, of.patience).await?;
                Err(self.with_log(error))
            }
        }
    }

    /// The last lines of a lease's program; those of the service's own are added by its host.
    pub(super) fn with_log(&self, error: Error) -> Error {
        if !self.alone {
            return error;
        }
        match std::fs::read(&self.share.log) {
            Ok(bytes) => {
                let said = quoted(&tail(&String::from_utf8_lossy(&bytes)));
                Error::new(format_args!("{error}{said}"))
            }
            Err(_) => error,
        }
    }

    /// Whether it is well.
    pub(super) async fn check(&self, process: &Process) -> Result {
        if let Some(how) = process.has_ended() {
            return Err(Error::new(how));
        }
        match &self.probe {
            Some(probe) => probe
                .check()
                .await
                .map_err(|error| error.context(format_args!("probe {probe}"))),
            None => Ok(()),
        }
    }

    /// Removes what it has written; a lease's log, too.
    pub(super) fn clear(&self) -> Result {
        match std::fs::remove_dir_all(&self.base) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::from(error)
                    .context(format_args!("cannot remove {}", self.base.display())))
            }
            _ => Ok(()),
        }
    }
}

/// The program's path. A bare name is looked up here, so that the message can say what to do.
fn find(wanted: &Path, host: &Host) -> Result<PathBuf> {
    if wanted.components().count() > 1 {
        return Ok(host.path(wanted));
    }
    let name = wanted.to_string_lossy();
    program::find(&name, []).ok_or_else(|| {
        Error::new(format_args!(
            "the program `{name}` is not on PATH; install it, or give `Command::new` its path"
        ))
    })
}

/// Puts the port where it belongs. Text that is no UTF-8 holds no place for it.
fn fill(text: &OsStr, port: Option<&Port>) -> OsString {
    match (text.to_str(), port) {
        (Some(text), Some(port)) => text.replace(PORT, &port.number().to_string()).into(),
        _ => text.to_owned(),
    }
}

fn filled(
    probe: &Probe,
    text: &impl Fn(&str) -> String,
    with: &impl Fn(&OsStr) -> OsString,
) -> Probe {
    match probe {
        Probe::Tcp(address) => Probe::Tcp(text(address)),
        Probe::Http(url) => Probe::Http(text(url)),
        Probe::Command(program) => {
            let mut program = program.clone();
            for arg in &mut program.args {
                *arg = with(arg);
            }
            for (_, value) in &mut program.env {
                *value = with(value);
            }
            Probe::Command(program)
        }
        #[cfg(feature = "postgres")]
        Probe::Sql { url, query } => Probe::Sql {
            url: text(url),
            query: query.clone(),
        },
    }
}
