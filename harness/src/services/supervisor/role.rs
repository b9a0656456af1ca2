//! What a supervisor is told when it is started.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::terms::{Error, Result};

/// Tells the re-executed binary that it is a supervisor.
pub(crate) const ROLE: &str = "PHASEGATE_SUPERVISOR";

/// What a supervisor is told. Crosses processes in [`ROLE`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Role {
    /// Differs from that of every other supervisor; fit for a file name.
    pub(crate) name: String,
    /// Where journals are kept.
    pub(crate) journals: PathBuf,
    /// The test binary that it serves.
    pub(crate) stem: String,
    pub(crate) run: String,
    /// The package's directory.
    pub(crate) package: PathBuf,
    /// How many tests may run at once.
    pub(crate) workers: usize,
    /// Whether programs get sessions of their own.
    pub(crate) session: bool,
    /// The file that says where the socket is, for harnesses that have not started it.
    pub(crate) address: PathBuf,
    pub(crate) life: Life,
    /// For tests of the clearing away.
    #[serde(default)]
    pub(crate) ambush: Option<(Ambushed, u64)>,
    /// For whoever composes the supervisor: where to tell what happens.
    pub(crate) record: serde_json::Value,
}

/// How long a supervisor lives.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Life {
    /// As long as the harness that started it.
    Harness,
    /// As long as the runner of many harnesses, or until none has been there for a while.
    Runner { pid: u32, idle_ms: u64 },
}

/// Who is killed when a certain entry of the journal has been written.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Ambushed {
    Harness,
    ForkServer,
    Supervisor,
}

impl Role {
    /// Directory of this supervisor.
    pub(crate) fn base(&self) -> PathBuf {
        place().join(format!("phasegate-{}", self.name))
    }
}

/// Where directories of services are made.
pub(crate) fn place() -> PathBuf {
    let first = std::env::temp_dir();
    let others = [PathBuf::from("/tmp"), PathBuf::from("/var/tmp")];
    in_memory()
        .into_iter()
        .chain([first.clone()])
        .chain(others)
        .find(|dir| is_fit(dir))
        .unwrap_or(first)
}

/// A directory in memory, unless `TMPDIR` says where temporary things go. What services keep is gone
/// with the run, and much of it is small files: a clone of a database is three hundred of them, and
/// a disk takes ten times as long over it. By size, not by what is free: all processes of a run
/// must come to the same answer.
fn in_memory() -> Option<PathBuf> {
    #[cfg(target_os = "linux")]
    {
        const LEAST: u64 = 2 << 30;
        let dir = PathBuf::from("/dev/shm");
        let asked = std::env::var_os("TMPDIR").is_some();
        let holds = crate::kernel::memory::capacity(&dir);
        if !asked && holds.is_some_and(|bytes| bytes >= LEAST) {
            return Some(dir);
        }
    }
    None
}

/// Whether services can live below the directory: it can be written; sockets need short paths (a limit of the
/// operating system's, about a hundred bytes), and as root, services run as another user, who must
/// be able to come by.
fn is_fit(dir: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    const LONGEST: usize = 40;
    let open = |dir: &Path| {
        dir.metadata()
            .is_ok_and(|about| about.is_dir() && about.permissions().mode() & 0o001 != 0)
    };
    dir.as_os_str().len() <= LONGEST
        && crate::kernel::detach::may_write_in(dir)
        && (!crate::kernel::detach::is_root() || dir.ancestors().all(open))
}

/// Makes a directory that others may pass through and not look into: as root, services run as
/// another user.
pub(crate) fn open_directory(path: &Path) -> Result {
    use std::os::unix::fs::DirBuilderExt;
    let mode = if crate::kernel::detach::is_root() {
        0o711
    } else {
        0o700
    };
    std::fs::DirBuilder::new()
        .mode(mode)
        .create(path)
        .map_err(|error| {
            Error::from(error).context(format_args!("cannot create {}", path.display()))
        })
}
