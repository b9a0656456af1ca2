//! A running program of a service.

use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use super::program::Program;
use super::undo::MARK;
use crate::kernel::detach::{self, Apart};
use crate::terms::{Error, Result};

/// A running program. Dropping it does not end it: [`Process::stop`] does, and so does the end of
/// the supervisor.
#[derive(Debug, Clone)]
pub struct Process {
    pid: u32,
    name: String,
    wanted: Arc<AtomicBool>,
    ended: watch::Receiver<Option<String>>,
}

/// Where a program's surroundings come from.
pub(crate) struct Surroundings<'a> {
    pub(crate) mark: &'a str,
    pub(crate) dir: &'a std::path::Path,
    pub(crate) session: bool,
}

pub(crate) fn command(program: &Program, around: &Surroundings<'_>) -> std::process::Command {
    let mut command = std::process::Command::new(&program.path);
    command
        .args(&program.args)
        .envs(program.env.iter().map(|(name, value)| (name, value)))
        .env(MARK, around.mark)
        .env_remove(super::supervisor::ROLE)
        .current_dir(program.dir.as_deref().unwrap_or(around.dir))
        .stdin(Stdio::null());
    if let Some(user) = &program.user {
        use std::os::unix::process::CommandExt;
        command.uid(user.uid).gid(user.gid).env("HOME", around.dir);
    }
    detach::set_apart(
        &mut command,
        Apart {
            session: around.session,
            death_signal: Some(program.death_signal),
        },
    );
    command
}

/// What to call when a program ends that nobody asked to.
pub(crate) type OnDeath = Box<dyn FnOnce(String) + Send>;

pub(crate) fn start(
    program: &Program,
    around: &Surroundings<'_>,
    log: std::fs::File,
    on_death: OnDeath,
) -> Result<Process> {
    let mut command = command(program, around);
    command.stdout(log.try_clone()?).stderr(log);
    let name = program.name();
    let mut child = tokio::process::Command::from(command)
        .spawn()
        .map_err(|error| {
            Error::from(error).context(format_args!("cannot start {}", program.path.display()))
        })?;
    let pid = child
        .id()
        .ok_or_else(|| Error::new(format_args!("{name} ended at once")))?;
    let wanted = Arc::new(AtomicBool::new(true));
    let (tell, ended) = watch::channel(None);
    let (still, called) = (Arc::clone(&wanted), name.clone());
    tokio::spawn(async move {
        let how = match child.wait().await {
            Ok(status) => format!("{called} {}", said(status)),
            Err(error) => format!("{called} cannot be waited for: {error}"),
        };
        tell.send_replace(Some(how.clone()));
        if still.load(Ordering::SeqCst) {
            on_death(how);
        }
    });
    Ok(Process {
        pid,
        name,
        wanted,
        ended,
    })
}

/// `exited with code 1`, `was ended by signal 9`.
pub(crate) fn said(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exited with code {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "ended".to_owned(),
    }
}

impl Process {
    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Waits until it has ended, and says how.
    pub async fn ended(&self) -> String {
        let mut ended = self.ended.clone();
        match ended.wait_for(Option::is_some).await {
            Ok(how) => how.clone().unwrap_or_default(),
            Err(_) => format!("{} ended", self.name),
        }
    }

    /// How it ended, if it has.
    #[must_use]
    pub fn has_ended(&self) -> Option<String> {
        self.ended.borrow().clone()
    }

    /// From here on its end is no surprise.
    pub fn expect_end(&self) {
        self.wanted.store(false, Ordering::SeqCst);
    }

    /// Sends a signal to it, unless it has ended.
    pub fn signal(&self, signal: i32) {
        if self.has_ended().is_none() {
            detach::signal(self.pid, signal);
        }
    }

    /// Asks it to end by `signal`, waits for `patience`, then kills it.
    ///
    /// # Errors
    /// It is still there a while after it was killed.
    pub async fn stop(&self, signal: i32, patience: Duration) -> Result {
        self.expect_end();
        self.signal(signal);
        if tokio::time::timeout(patience, self.ended()).await.is_ok() {
            return Ok(());
        }
        self.signal(libc::SIGKILL);
        tokio::time::timeout(Duration::from_secs(10), self.ended())
            .await
            .map(drop)
            .map_err(|_| {
                Error::new(format_args!(
                    "{} (process {}) does not end; end it with `kill -9 {}`",
                    self.name, self.pid, self.pid
                ))
            })
    }
}

/// Waits until a process that is not ours has ended.
pub(crate) async fn process_end(pid: u32) {
    let ended = tokio::task::spawn_blocking(move || {
        while crate::kernel::process::is_alive(pid) {
            crate::kernel::process::await_end_of(pid, Duration::from_secs(1));
        }
    });
    // It cannot panic, and nobody aborts it.
    let _ = ended.await;
}
