//! Processes that stand apart from the one that starts them: services and their supervisor.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// The user that this process acts as.
pub(crate) fn effective_user() -> u32 {
    // SAFETY: takes nothing and cannot fail.
    unsafe { libc::geteuid() }
}

/// Whether this process runs as root.
pub(crate) fn is_root() -> bool {
    effective_user() == 0
}

/// Whether this process may make something in the directory.
pub(crate) fn may_write_in(dir: &Path) -> bool {
    use std::os::unix::ffi::OsStrExt;
    let Ok(path) = std::ffi::CString::new(dir.as_os_str().as_bytes()) else {
        return false;
    };
    // SAFETY: `path` is a string that ends with a zero and outlives the call.
    unsafe { libc::access(path.as_ptr(), libc::W_OK | libc::X_OK) == 0 }
}

/// How a command stands apart from the process that starts it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Apart {
    /// A session of its own: no signal to the starter's group, and no terminal, reaches it.
    pub(crate) session: bool,
    /// The signal that it gets when the thread that started it ends, where the kernel can do that.
    pub(crate) death_signal: Option<i32>,
}

/// Makes the command stand apart once it is started.
pub(crate) fn set_apart(command: &mut Command, apart: Apart) {
    let starter = std::process::id().cast_signed();
    // SAFETY: the closure runs in the child between `fork` and `exec`. It calls `setsid`, `prctl`,
    // `getppid`, `_exit` and those of `reset`, all of them async-signal-safe, and allocates only on
    // the path where `setsid` fails, for the error that ends the child.
    unsafe {
        command.pre_exec(move || {
            super::signals::reset();
            if apart.session && libc::setsid() == -1 {
                return Err(io::Error::last_os_error());
            }
            #[cfg(target_os = "linux")]
            if let Some(signal) = apart.death_signal {
                libc::prctl(libc::PR_SET_PDEATHSIG, signal, 0, 0, 0);
                // The starter may have died before the request was made.
                if libc::getppid() != starter {
                    libc::_exit(1);
                }
            }
            #[cfg(not(target_os = "linux"))]
            let _ = starter;
            Ok(())
        });
    }
}

/// Sends `signal` to a process. The caller has started it and has not waited for it, or knows that
/// its id cannot have come to mean another; a process that is gone is no error.
pub(crate) fn signal(pid: u32, signal: i32) {
    // SAFETY: `kill` takes integers.
    unsafe {
        libc::kill(pid.cast_signed(), signal);
    }
}

/// Locks an open file for this process alone, until it is closed or the process ends. `false` when
/// another process has it.
pub(crate) fn try_lock(file: &std::fs::File) -> io::Result<bool> {
    use std::os::fd::AsRawFd;
    // SAFETY: integers only; the descriptor is open for the time of the call.
    match unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_EX | libc::LOCK_NB) } {
        0 => Ok(true),
        _ => match io::Error::last_os_error() {
            error if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
            error => Err(error),
        },
    }
}

/// Locks an open file for this process alone, as soon as no other has it.
pub(crate) fn lock(file: &std::fs::File) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    loop {
        // SAFETY: as above.
        if unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_EX) } == 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}
