//! File systems that lie in memory.

use std::ffi::CString;
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Bytes that a file system in memory can hold, full or not; `None` when the directory is not on
/// one, or cannot be looked at.
pub(crate) fn capacity(dir: &Path) -> Option<u64> {
    let path = CString::new(dir.as_os_str().as_bytes()).ok()?;
    let mut about = MaybeUninit::<libc::statfs>::uninit();
    // SAFETY: the path ends with a nul and outlives the call; `about` has room for what is written.
    if unsafe { libc::statfs(path.as_ptr(), about.as_mut_ptr()) } != 0 {
        return None;
    }
    // SAFETY: the call has succeeded, so it has filled all of it.
    let about = unsafe { about.assume_init() };
    // The C libraries differ in the sign and size of these.
    #[allow(clippy::unnecessary_cast)]
    let (kind, tmpfs) = (about.f_type as i64, libc::TMPFS_MAGIC as i64);
    #[allow(clippy::unnecessary_cast)]
    let bytes = (about.f_blocks as u64).saturating_mul(about.f_bsize as u64);
    (kind == tmpfs).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_file_systems_in_memory_have_one() {
        assert_eq!(capacity(Path::new("/proc")), None);
        assert_eq!(capacity(Path::new("/no/such/directory")), None);
        let mounts = std::fs::read_to_string("/proc/mounts").unwrap();
        if mounts
            .lines()
            .any(|line| line.starts_with("tmpfs /dev/shm "))
        {
            assert!(capacity(Path::new("/dev/shm")).is_some_and(|bytes| bytes > 0));
        }
    }
}
