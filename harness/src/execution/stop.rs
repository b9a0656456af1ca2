//! One switch that every worker watches: whether the run is to stop.

use std::io::{self, PipeReader, PipeWriter};
use std::sync::atomic::{AtomicI32, AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

use super::limits::Stopping;

/// Set by a signal or by `--fail-fast`; watched by every worker.
///
/// Each level has a pipe whose writing end closes when the level is reached, so that workers who
/// wait for descriptors wake up: all of them, and for good.
#[derive(Debug)]
pub(crate) struct Stop {
    level: AtomicU8,
    /// The signal that asked, 0 when none did.
    signal: AtomicI32,
    soon: Level,
    now: Level,
}

#[derive(Debug)]
struct Level {
    watch: PipeReader,
    hold: Mutex<Option<PipeWriter>>,
}

impl Level {
    fn new() -> io::Result<Self> {
        let (watch, hold) = io::pipe()?;
        Ok(Self {
            watch,
            hold: Mutex::new(Some(hold)),
        })
    }

    fn reach(&self) {
        self.hold
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }
}

impl Stop {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            level: AtomicU8::new(0),
            signal: AtomicI32::new(0),
            soon: Level::new()?,
            now: Level::new()?,
        })
    }

    /// Asks for a stop on behalf of a signal.
    pub(crate) fn request_by(&self, signal: i32) -> Stopping {
        self.signal.store(signal, Ordering::SeqCst);
        self.request()
    }

    /// The signal that asked for the stop, if one did.
    pub(crate) fn signal(&self) -> Option<i32> {
        Some(self.signal.load(Ordering::SeqCst)).filter(|signal| *signal != 0)
    }

    /// Asks for a stop; asking again asks more urgently.
    pub(crate) fn request(&self) -> Stopping {
        if self.level.fetch_add(1, Ordering::SeqCst) == 0 {
            self.soon.reach();
            Stopping::Soon
        } else {
            self.now.reach();
            Stopping::Now
        }
    }

    pub(crate) fn level(&self) -> Stopping {
        match self.level.load(Ordering::SeqCst) {
            0 => Stopping::No,
            1 => Stopping::Soon,
            _ => Stopping::Now,
        }
    }

    /// How often a stop was asked for.
    pub(crate) fn asked(&self) -> u8 {
        self.level.load(Ordering::SeqCst)
    }

    pub(crate) fn requested(&self) -> bool {
        self.level() != Stopping::No
    }

    /// Becomes readable when a level above the present one is reached.
    #[cfg(target_os = "linux")]
    pub(crate) fn watch(&self) -> Option<std::os::fd::BorrowedFd<'_>> {
        use std::os::fd::AsFd;
        match self.level() {
            Stopping::No => Some(self.soon.watch.as_fd()),
            Stopping::Soon => Some(self.now.watch.as_fd()),
            Stopping::Now => None,
        }
    }
}
