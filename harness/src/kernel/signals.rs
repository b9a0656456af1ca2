//! Signal dispositions, and taking signals one by one on a thread of their own.

/// Signals by which a person or a supervisor asks the harness to stop.
const STOP: [i32; 3] = [libc::SIGINT, libc::SIGTERM, libc::SIGHUP];

/// Ignores the requests to stop: the fork server ends when the harness closes its end, and must
/// not die earlier because a terminal signals the whole group.
#[cfg(target_os = "linux")]
pub(crate) fn ignore_stop_requests() {
    for signal in STOP {
        set(signal, libc::SIG_IGN);
    }
}

/// Makes ended children wait to be waited for, whatever the caller of this program has set: with
/// `SIGCHLD` ignored, which is inherited, they would vanish with what is to be learnt from them.
pub(crate) fn keep_ended_children() {
    set(libc::SIGCHLD, libc::SIG_DFL);
}

/// Gives a test the dispositions and the mask that a program starts with. `SIGPIPE` stays as the
/// Rust runtime has it.
#[cfg(target_os = "linux")]
pub(crate) fn restore_defaults() {
    for signal in STOP {
        set(signal, libc::SIG_DFL);
    }
    change_mask(libc::SIG_UNBLOCK);
}

/// Gives a program that is about to be executed the dispositions and the mask that one starts with:
/// the harness holds requests to stop back, and both are inherited.
#[cfg(feature = "services")]
pub(super) fn reset() {
    for signal in STOP {
        set(signal, libc::SIG_DFL);
    }
    change_mask(libc::SIG_UNBLOCK);
}

/// Keeps the requests to stop from the calling thread and from the threads it will start, so that
/// [`take_stop_request`] gets them.
pub(crate) fn hold_stop_requests() {
    change_mask(libc::SIG_BLOCK);
}

/// Blocks until a request to stop arrives, and says which signal it was.
pub(crate) fn take_stop_request() -> i32 {
    let set = stop_set();
    let mut signal = 0;
    // SAFETY: both pointers are to live locals.
    while unsafe { libc::sigwait(&raw const set, &raw mut signal) } != 0 {}
    signal
}

fn set(signal: i32, disposition: libc::sighandler_t) {
    // SAFETY: `SIG_IGN` and `SIG_DFL` are the only dispositions passed; no handler of ours is
    // installed.
    unsafe {
        libc::signal(signal, disposition);
    }
}

fn change_mask(how: i32) {
    let set = stop_set();
    // SAFETY: `set` is live; the old mask is not asked for.
    unsafe {
        libc::pthread_sigmask(how, &raw const set, std::ptr::null_mut());
    }
}

fn stop_set() -> libc::sigset_t {
    // SAFETY: an all-zero set is valid memory, and `sigemptyset` initialises it before use.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        for signal in STOP {
            libc::sigaddset(&raw mut set, signal);
        }
        set
    }
}
