//! One writer at a time.
//!
//! `std::fs::File::lock` needs Rust 1.89, one above the oldest version that is supported. `flock`
//! is one call into a library that the harness links anyway; a crate for it would cost its users
//! compile time. On Windows the file is opened without sharing for writing instead.

use std::fs::{File, OpenOptions};
use std::io;

/// An open file that no other [`Locked`] has open until it is dropped.
#[derive(Debug)]
pub(super) struct Locked(File);

impl Locked {
    /// Opens `path` and waits until no other process holds it.
    #[cfg(unix)]
    pub(super) fn open(options: &OpenOptions, path: &std::path::Path) -> io::Result<Self> {
        let file = options.open(path)?;
        flock(&file, libc::LOCK_EX)?;
        Ok(Self(file))
    }

    /// Opens `path` and waits until no other process holds it.
    #[cfg(windows)]
    pub(super) fn open(options: &OpenOptions, path: &std::path::Path) -> io::Result<Self> {
        use std::os::windows::fs::OpenOptionsExt;
        const SHARE_READ: u32 = 1;
        const SHARING_VIOLATION: i32 = 32;
        let mut options = options.clone();
        options.share_mode(SHARE_READ);
        loop {
            match options.open(path) {
                Ok(file) => return Ok(Self(file)),
                Err(error) if error.raw_os_error() == Some(SHARING_VIOLATION) => {
                    std::thread::sleep(std::time::Duration::from_millis(2));
                }
                Err(error) => return Err(error),
            }
        }
    }

    pub(super) fn file(&mut self) -> &mut File {
        &mut self.0
    }
}

/// A child forked while the file was open shares the lock; only an explicit release takes it from
/// both.
#[cfg(unix)]
impl Drop for Locked {
    fn drop(&mut self) {
        let _ = flock(&self.0, libc::LOCK_UN);
    }
}

#[cfg(unix)]
#[allow(unsafe_code)]
fn flock(file: &File, operation: libc::c_int) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    loop {
        // SAFETY: `flock` reads no memory of ours, and the descriptor is open: `file` is borrowed.
        if unsafe { libc::flock(file.as_raw_fd(), operation) } == 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}
