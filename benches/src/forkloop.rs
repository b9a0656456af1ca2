//! The least that a process for each test can cost: fork, exit, wait, one after another.
#![allow(unsafe_code)]

/// As many processes as the suites beside it have tests.
const TIMES: usize = 2_000;

fn main() {
    for _ in 0..TIMES {
        // SAFETY: this process has one thread, and the child does nothing but end; `waitpid` is
        // told not to store a status.
        let waited = unsafe {
            match libc::fork() {
                -1 => -1,
                0 => libc::_exit(0),
                child => libc::waitpid(child, std::ptr::null_mut(), 0),
            }
        };
        assert!(
            waited > 0,
            "fork or wait failed: {}",
            std::io::Error::last_os_error()
        );
    }
}
