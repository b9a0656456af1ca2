//! Finding a supervisor, or starting one.

use std::io::{BufRead, BufReader};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::wire::Wire;
use crate::kernel::detach::{self, Apart};
use crate::services::protocol::{Reply, Request};
use crate::services::supervisor::{Life, ROLE, Role};
use crate::terms::{Error, Result};

/// How often a supervisor that has just ended is replaced before that is called a failure.
const TRIES: u32 = 5;

/// How a supervisor is found or started.
#[derive(Debug)]
pub(crate) struct Launch {
    pub(crate) role: Role,
    /// Process id of the fork server, where there is one.
    pub(crate) fork_server: Option<u32>,
    /// Where the harness's tests create files; removed when the harness is gone.
    pub(crate) scratch: PathBuf,
}

/// A supervisor that this harness has joined.
pub(super) struct Joined {
    pub(super) wire: Wire,
    pub(super) session: u64,
    pub(super) socket: PathBuf,
    /// Ours to wait for.
    pub(super) child: Option<Child>,
}

impl Launch {
    /// Joins the supervisor of this run, starting one if none is there. `round` counts the
    /// supervisors that this harness has joined before.
    pub(super) fn join(&self, round: u32) -> Result<Joined> {
        let shared = matches!(self.role.life, Life::Runner { .. });
        if !shared {
            return self.start(round);
        }
        let mut last = None;
        for _ in 0..TRIES {
            // One process at a time looks and starts, so that two of them never start two.
            let _alone = self.lock()?;
            if let Some(joined) = self.find() {
                return Ok(joined);
            }
            match self.start(round) {
                Ok(joined) => return Ok(joined),
                // It may have ended between being started and being joined.
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| Error::new("no supervisor could be started")))
    }

    /// The directory of the journals, made where it is missing.
    fn journals(&self) -> Result<&Path> {
        let dir = &self.role.journals;
        std::fs::create_dir_all(dir).map_err(|error| {
            Error::from(error).context(format_args!(
                "cannot create {}, where the supervisor of the services keeps its journal",
                dir.display()
            ))
        })?;
        Ok(dir)
    }

    /// Held until it is dropped. One file for all runs of the test binary: it stays, because
    /// whoever removed it could take it from under another.
    fn lock(&self) -> Result<std::fs::File> {
        let path = self.journals()?.join(format!("{}.lock", self.role.stem));
        let open = || {
            let file = std::fs::OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&path)?;
            detach::lock(&file)?;
            Ok(file)
        };
        open().map_err(|error: std::io::Error| {
            Error::from(error).context(format_args!("cannot lock {}", path.display()))
        })
    }

    /// The one that another harness of the run has started.
    fn find(&self) -> Option<Joined> {
        let socket = std::fs::read(&self.role.address).ok()?;
        let socket = PathBuf::from(std::ffi::OsString::from_vec(socket));
        self.greet(&socket, None).ok()
    }

    fn start(&self, round: u32) -> Result<Joined> {
        let mut role = self.role.clone();
        role.name = format!("{}-{round}", role.name);
        if round > 0 {
            role.ambush = None;
        }
        let log = self.journals()?.join(format!("{}.log", role.name));
        let cannot = |error: std::io::Error| {
            Error::from(error).context("cannot start the supervisor of the services")
        };
        let mut command = Command::new(std::env::current_exe().map_err(cannot)?);
        command
            .env(ROLE, serde_json::to_string(&role)?)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).map_err(cannot)?);
        let apart = Apart {
            session: role.session,
            death_signal: None,
        };
        detach::set_apart(&mut command, apart);
        let mut child = command.spawn().map_err(cannot)?;
        let mut said = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut said).map_err(cannot)?;
        }
        let said = said.trim_end();
        if let Some(why) = said.strip_prefix("error: ") {
            // It clears away what it has made so far.
            child.wait().map_err(cannot)?;
            return Err(Error::new(format_args!(
                "the supervisor of the services could not start: {why}"
            )));
        }
        if said.is_empty() {
            let ended = child.wait().map_err(cannot)?;
            let words = std::fs::read_to_string(&log).unwrap_or_default();
            return Err(Error::new(format_args!(
                "the supervisor of the services ended at once ({ended}): {}",
                words.trim_end()
            )));
        }
        // One that others share outlives this harness: nobody waits for it here.
        let ours = matches!(role.life, Life::Harness).then_some(child);
        self.greet(Path::new(said), ours)
    }

    fn greet(&self, socket: &Path, child: Option<Child>) -> Result<Joined> {
        let mut wire = Wire::connect(socket)?;
        let join = Request::Join {
            pid: std::process::id(),
            fork_server: self.fork_server,
            scratch: self.scratch.clone(),
        };
        match wire.ask(&join)? {
            Reply::Welcome { session } => Ok(Joined {
                wire,
                session,
                socket: socket.to_owned(),
                child,
            }),
            other => Err(Error::new(format_args!(
                "the supervisor answered {other:?} instead of a welcome; this is a bug in phasegate"
            ))),
        }
    }
}
