//! Waiting for one of several descriptors.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::time::{Duration, Instant};

use super::process::Pid;

/// Waits until at least one of `fds` can be read from or is closed at its other end, or until
/// `deadline`. Says for each whether it is.
pub(crate) fn wait_readable<const N: usize>(
    fds: [Option<BorrowedFd<'_>>; N],
    deadline: Option<Instant>,
) -> io::Result<[bool; N]> {
    // A negative descriptor is skipped by the kernel.
    let mut polled = fds.map(|fd| libc::pollfd {
        fd: fd.map_or(-1, |fd| fd.as_raw_fd()),
        events: libc::POLLIN,
        revents: 0,
    });
    loop {
        let left = deadline.map(|d| d.saturating_duration_since(Instant::now()));
        // Rounded up: waking a moment late costs less than waking early and again.
        let millis = left.map_or(-1, |d| {
            i32::try_from(d.as_micros().div_ceil(1000)).unwrap_or(i32::MAX)
        });
        // SAFETY: the array is live for the call and its length is passed with it.
        let ready = unsafe { libc::poll(polled.as_mut_ptr(), N as libc::nfds_t, millis) };
        if ready >= 0 {
            return Ok(polled.map(|p| p.revents != 0));
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

/// A descriptor that becomes readable when the process ends.
pub(crate) fn end_of(pid: Pid) -> io::Result<OwnedFd> {
    // SAFETY: integers only; the descriptor returned is new and owned by nobody.
    unsafe {
        match libc::syscall(libc::SYS_pidfd_open, pid.0, 0) {
            -1 => Err(io::Error::last_os_error()),
            fd => Ok(OwnedFd::from_raw_fd(
                i32::try_from(fd).map_err(io::Error::other)?,
            )),
        }
    }
}

/// Waits until the process has ended, at most for `patience`. Says whether it has.
pub(crate) fn await_end_for(pid: Pid, patience: Duration) -> bool {
    let Ok(end) = end_of(pid) else { return true };
    let deadline = Some(Instant::now() + patience);
    use std::os::fd::AsFd;
    wait_readable([Some(end.as_fd())], deadline).is_ok_and(|[ended]| ended)
}

/// Bytes that can be read from a pipe right now.
pub(crate) fn pending(fd: BorrowedFd<'_>) -> usize {
    let mut count: libc::c_int = 0;
    // SAFETY: `FIONREAD` writes one integer through the pointer, which is to a live local.
    let asked = unsafe { libc::ioctl(fd.as_raw_fd(), libc::FIONREAD, &raw mut count) };
    if asked == 0 {
        usize::try_from(count).unwrap_or(0)
    } else {
        0
    }
}
