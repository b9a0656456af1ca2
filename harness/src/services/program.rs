//! A program that a driver starts.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::User;

/// A program with its arguments and surroundings. Its output goes to a log in the service's
/// directory; it dies with the supervisor, whatever kills that.
///
/// ```no_run
/// # use phasegate::services::Program;
/// let program = Program::new("/usr/bin/redis-server")
///     .arg("--port")
///     .arg("0")
///     .env("TZ", "UTC");
/// ```
#[derive(Debug, Clone)]
pub struct Program {
    pub(crate) path: PathBuf,
    pub(crate) args: Vec<OsString>,
    pub(crate) env: Vec<(OsString, OsString)>,
    pub(crate) dir: Option<PathBuf>,
    pub(crate) user: Option<User>,
    pub(crate) death_signal: i32,
    pub(crate) vital: bool,
    pub(crate) log: Option<String>,
}

impl Program {
    /// A program by path, or by name on `PATH`.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            args: Vec::new(),
            env: Vec::new(),
            dir: None,
            user: None,
            death_signal: libc::SIGKILL,
            vital: true,
            log: None,
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

    /// Working directory; the service's own where nothing is said.
    #[must_use]
    pub fn dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.dir = Some(dir.into());
        self
    }

    /// Runs as another user; `None` is the supervisor's own.
    #[must_use]
    pub fn user(mut self, user: Option<User>) -> Self {
        self.user = user;
        self
    }

    /// The signal that it gets when the supervisor dies (Linux); `SIGKILL` where nothing is said.
    #[must_use]
    pub fn death_signal(mut self, signal: i32) -> Self {
        self.death_signal = signal;
        self
    }

    /// Its end does not mean that the service has died: it serves one lease only.
    #[must_use]
    pub fn dispensable(mut self) -> Self {
        self.vital = false;
        self
    }

    /// Its output goes to `<name>.log` in the service's directory; its own name where nothing is
    /// said. Several programs of one name can be told apart by it.
    #[must_use]
    pub fn log(mut self, name: impl Into<String>) -> Self {
        self.log = Some(name.into());
        self
    }

    /// Last part of its path, for messages and logs.
    #[must_use]
    pub fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        name.to_string_lossy().into_owned()
    }
}

/// Where `name` lies on `PATH` or in `more` directories.
pub(crate) fn find(name: &str, more: impl IntoIterator<Item = PathBuf>) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(more)
        .map(|dir| dir.join(name))
        .find(|candidate| is_program(candidate))
}

pub(crate) fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

/// The command that installs a package on this machine, by its package managers.
pub(crate) fn install_hint(debian: &str, fedora: &str, homebrew: &str, alpine: &str) -> String {
    let found = |program: &str| find(program, []).is_some();
    if found("apt-get") {
        format!("apt-get install {debian}")
    } else if found("dnf") {
        format!("dnf install {fedora}")
    } else if found("brew") {
        format!("brew install {homebrew}")
    } else if found("apk") {
        format!("apk add {alpine}")
    } else {
        format!("install {debian}")
    }
}
