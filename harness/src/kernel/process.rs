//! Process groups, signals to them, and waiting with resource usage.

use std::io;
use std::time::Duration;

use phasegate_record::event::{Exit, Leftover};
use serde::{Deserialize, Serialize};

/// A process id. Valid as a target only while its process has not been waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pid(pub(crate) i32);

/// How a process ended and what it used.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Ended {
    pub(crate) exit: Exit,
    pub(crate) user_us: u64,
    pub(crate) system_us: u64,
    pub(crate) peak_kib: u64,
}

/// Makes `pid` the leader of a process group of its own. Parent and child both ask for it, so
/// that neither has to wait for the other.
#[cfg(target_os = "linux")]
pub(crate) fn lead_group(pid: Pid) {
    // SAFETY: `setpgid` takes integers. It fails when the child has executed or ended already,
    // and then nothing is to be done.
    unsafe {
        libc::setpgid(pid.0, pid.0);
    }
}

/// Sends `signal` to the group that `leader` leads and to `leader` itself, which may not have
/// become a leader yet. The caller has not waited for `leader`, so neither id can be reused.
#[cfg(unix)]
pub(crate) fn signal_group(leader: Pid, signal: i32) {
    // SAFETY: `kill` takes integers; processes that are gone are no error that matters.
    unsafe {
        libc::kill(-leader.0, signal);
        libc::kill(leader.0, signal);
    }
}

/// Sends `signal` to one process that has not been waited for.
#[cfg(target_os = "linux")]
pub(crate) fn signal_one(pid: Pid, signal: i32) {
    // SAFETY: as above.
    unsafe {
        libc::kill(pid.0, signal);
    }
}

/// Blocks until `pid` has ended, and leaves it to be waited for.
#[cfg(unix)]
pub(crate) fn await_end(pid: Pid) {
    loop {
        // SAFETY: `info` is a plain structure for the kernel to fill; an all-zero value is valid.
        let done = unsafe {
            let mut info: libc::siginfo_t = std::mem::zeroed();
            libc::waitid(
                libc::P_PID,
                pid.0.unsigned_abs(),
                &raw mut info,
                libc::WEXITED | libc::WNOWAIT,
            )
        };
        if done == 0 || io::Error::last_os_error().kind() != io::ErrorKind::Interrupted {
            return;
        }
    }
}

/// Waits for `pid` (any child when `None`). `Ok(None)` means that children are there but none has
/// ended; that happens only without `block`.
#[cfg(unix)]
pub(crate) fn wait(pid: Option<Pid>, block: bool) -> io::Result<Option<(Pid, Ended)>> {
    let options = if block { 0 } else { libc::WNOHANG };
    loop {
        let mut status = 0;
        // SAFETY: both pointers are to live locals of the right types; all-zero `rusage` is valid.
        let (found, usage) = unsafe {
            let mut usage: libc::rusage = std::mem::zeroed();
            (
                libc::wait4(
                    pid.map_or(-1, |p| p.0),
                    &raw mut status,
                    options,
                    &raw mut usage,
                ),
                usage,
            )
        };
        match found {
            -1 => {
                let error = io::Error::last_os_error();
                if error.kind() != io::ErrorKind::Interrupted {
                    return Err(error);
                }
            }
            0 => return Ok(None),
            found => return Ok(Some((Pid(found), ended(status, &usage)))),
        }
    }
}

#[cfg(unix)]
fn ended(status: i32, usage: &libc::rusage) -> Ended {
    let exit = if libc::WIFSIGNALED(status) {
        Exit::Signal(libc::WTERMSIG(status))
    } else {
        Exit::Code(libc::WEXITSTATUS(status))
    };
    let micros = |t: libc::timeval| {
        u64::try_from(t.tv_sec).unwrap_or(0) * 1_000_000 + u64::try_from(t.tv_usec).unwrap_or(0)
    };
    let peak = u64::try_from(usage.ru_maxrss).unwrap_or(0);
    // macOS counts bytes, everyone else kilobytes.
    let peak_kib = if cfg!(target_os = "macos") {
        peak / 1024
    } else {
        peak
    };
    Ended {
        exit,
        user_us: micros(usage.ru_utime),
        system_us: micros(usage.ru_stime),
        peak_kib,
    }
}

/// Ends this process without running destructors or `atexit` handlers, which belong to the
/// process it was forked from.
#[cfg(unix)]
pub(crate) fn exit_now(code: i32) -> ! {
    // SAFETY: `_exit` takes an integer and does not return.
    unsafe { libc::_exit(code) }
}

/// Makes this process the parent of every descendant whose own parent ends, so that none can
/// leave the family unseen.
#[cfg(target_os = "linux")]
pub(crate) fn adopt_orphans() -> io::Result<()> {
    // SAFETY: `prctl` with integer arguments only.
    match unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Asks the kernel to kill this process when `parent`, a process of one thread, ends; ends it at
/// once if that has happened already.
#[cfg(target_os = "linux")]
pub(crate) fn die_with(parent: Pid) {
    // SAFETY: integer arguments only.
    let orphaned = unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0);
        libc::getppid() != parent.0
    };
    if orphaned {
        exit_now(1);
    }
}

/// This process.
#[cfg(unix)]
pub(crate) fn me() -> Pid {
    Pid(std::process::id().cast_signed())
}

/// Living processes for which `wanted(pid, parent, group)` holds, found in `/proc`. Zombies are not
/// alive. Empty where there is no `/proc`.
#[cfg(unix)]
pub(crate) fn living(wanted: impl Fn(u32, i32, i32) -> bool) -> Vec<Leftover> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter_map(|pid| {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            // The name stands in parentheses and may itself contain any of them.
            let (start, end) = (stat.find('(')?, stat.rfind(')')?);
            let mut fields = stat[end + 1..].split_whitespace();
            let state = fields.next()?;
            let parent = fields.next()?.parse().ok()?;
            let group = fields.next()?.parse().ok()?;
            let alive = !matches!(state, "Z" | "X");
            let name = stat[start + 1..end].to_owned();
            (alive && wanted(pid, parent, group)).then_some(Leftover { pid, name })
        })
        .collect()
}

/// Whether the environment that a process was started with contains `text`; `false` where that
/// cannot be seen.
#[cfg(unix)]
pub(crate) fn was_started_with(pid: u32, text: &str) -> bool {
    std::fs::read(format!("/proc/{pid}/environ"))
        .is_ok_and(|environment| memchr::memmem::find(&environment, text.as_bytes()).is_some())
}

/// Kills a process that is not ours to wait for, unless its id has come to mean another since.
#[cfg(target_os = "linux")]
pub(crate) fn kill_started_with(pid: u32, text: &str) {
    use std::os::fd::AsRawFd;
    let Ok(process) = super::readiness::end_of(Pid(pid.cast_signed())) else {
        return;
    };
    if was_started_with(pid, text) {
        // SAFETY: integers and a null pointer, which means "as `kill` would send it".
        unsafe {
            libc::syscall(
                libc::SYS_pidfd_send_signal,
                process.as_raw_fd(),
                libc::SIGKILL,
                std::ptr::null::<libc::siginfo_t>(),
                0,
            );
        }
    }
}

/// Name of the program that a process runs now, as the kernel knows it.
#[cfg(target_os = "linux")]
pub(crate) fn name_of(pid: Pid) -> Option<String> {
    let name = std::fs::read(format!("/proc/{}/comm", pid.0)).ok()?;
    Some(
        String::from_utf8_lossy(&name)
            .trim_end_matches('\n')
            .to_owned(),
    )
}

/// The longest that a process which outlives its test may take to end by itself before it counts
/// as left behind.
pub(crate) const LINGER: Duration = Duration::from_millis(100);

/// Waits until a process has ended, at most for `patience`.
#[cfg(all(unix, feature = "services"))]
pub(crate) fn await_end_of(pid: u32, patience: Duration) {
    #[cfg(target_os = "linux")]
    super::readiness::await_end_for(Pid(pid.cast_signed()), patience);
    #[cfg(not(target_os = "linux"))]
    {
        let _ = pid;
        std::thread::sleep(patience);
    }
}

/// Whether there is a process of that id.
#[cfg(all(unix, feature = "services"))]
pub(crate) fn is_alive(pid: u32) -> bool {
    // SAFETY: `kill` with signal 0 takes integers and sends nothing.
    let answer = unsafe { libc::kill(pid.cast_signed(), 0) };
    answer == 0 || io::Error::last_os_error().raw_os_error() == Some(libc::EPERM)
}
