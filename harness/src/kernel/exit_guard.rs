//! A test that calls `exit` in the harness's own process must not make the run look good.

use std::sync::atomic::{AtomicBool, Ordering};

static FINISHED: AtomicBool = AtomicBool::new(false);

/// libtest's code for tests that did not pass.
const FAILED: i32 = 101;

/// From now on the process can end with 0 only after [`disarm`]: whoever calls `exit` earlier ends
/// it as failed. Processes that are forked leave by `_exit`, which runs no such guard.
pub(crate) fn arm() {
    // SAFETY: `guard` is a function without captures that stays valid for the whole process.
    unsafe {
        libc::atexit(guard);
    }
}

/// The run has come to its own end.
pub(crate) fn disarm() {
    FINISHED.store(true, Ordering::SeqCst);
}

extern "C" fn guard() {
    if FINISHED.load(Ordering::SeqCst) {
        return;
    }
    let text = b"phasegate: error: a test in `thread` isolation called `exit` and ended the harness; the run proves nothing\n";
    // SAFETY: writes from a live constant; ends the process without returning into handlers that
    // may wait for threads which still run.
    unsafe {
        libc::write(2, text.as_ptr().cast(), text.len());
        libc::_exit(FAILED);
    }
}
