//! The standard descriptors.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};

/// Makes `target` (0, 1 or 2) mean what `source` means.
pub(crate) fn redirect(source: BorrowedFd<'_>, target: RawFd) -> io::Result<()> {
    // SAFETY: integers only. The standard descriptors are owned by the process as a whole, which
    // is what is to be changed here.
    match unsafe { libc::dup2(source.as_raw_fd(), target) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Status flags of a descriptor, as far as code under test can change them for others.
pub(crate) fn flags(fd: BorrowedFd<'_>) -> i32 {
    // SAFETY: reads an integer of a descriptor that is open.
    unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_GETFL) }
}

/// Sets the status flags of a descriptor.
pub(crate) fn set_flags(fd: BorrowedFd<'_>, flags: i32) {
    // SAFETY: sets an integer of a descriptor that is open.
    unsafe {
        libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, flags);
    }
}

/// Takes standard output out of everybody's reach: returns it, and makes descriptor 1 mean
/// standard error.
pub(crate) fn take_stdout() -> io::Result<File> {
    let taken = io::stdout().as_fd().try_clone_to_owned()?;
    redirect(io::stderr().as_fd(), 1)?;
    Ok(taken.into())
}
