//! Forking from a process that is known to have one thread.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::time::Instant;

use super::process::{LINGER, Pid};

/// Proof that the calling process has exactly one thread.
///
/// After `fork` in a process with more threads, the child may find locks (the allocator's among
/// them) held by threads that do not exist in it. With one thread that cannot be. The proof is
/// made by counting once, and handed down to children, who start with one thread by definition.
#[derive(Debug)]
pub(crate) struct SingleThreaded(());

impl SingleThreaded {
    /// Counts the threads of this process; `None` when there is more than one, or when they
    /// cannot be counted.
    pub(crate) fn check() -> Option<Self> {
        (thread_count() == Some(1)).then_some(Self(()))
    }
}

/// Which side of a fork this is.
pub(crate) enum Forked {
    /// The process that called; holds the child's id.
    Parent(Pid),
    /// The new process.
    Child(SingleThreaded),
}

/// Forks.
pub(crate) fn fork(_: &SingleThreaded) -> io::Result<Forked> {
    // SAFETY: `fork` takes no pointers. The caller proved that this process has one thread, so
    // the child inherits no lock that nobody would release.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(Forked::Child(SingleThreaded(()))),
        pid => Ok(Forked::Parent(Pid(pid))),
    }
}

/// Threads of this process: the link count of `/proc/self/task` is theirs plus two, which costs
/// one call where reading the directory costs three.
pub(crate) fn thread_count() -> Option<u32> {
    let links = std::fs::metadata("/proc/self/task").ok()?.nlink();
    u32::try_from(links.checked_sub(2)?).ok()
}

/// Threads beside this one. A thread that was joined, or that a runtime has just dismissed, may take
/// a moment to vanish from the kernel's list, so a count above one is taken again while it falls.
pub(crate) fn leaked_threads() -> Option<u32> {
    let mut count = thread_count()?;
    let patience = Instant::now() + LINGER;
    while count > 1 && Instant::now() < patience {
        std::thread::yield_now();
        count = thread_count()?;
    }
    Some(count.saturating_sub(1))
}

/// Writes out what C code left in its `stdio` buffers.
pub(crate) fn flush_c_streams() {
    // SAFETY: a null stream means "all output streams"; no pointer of ours is passed.
    unsafe {
        libc::fflush(std::ptr::null_mut());
    }
}
