//! A spawned process where there are no process groups: only the process itself is ended.
//! Compiles by the standard library's contract; has not been run on such a platform.

use std::io;
use std::process::Child;
use std::sync::{Arc, Mutex, PoisonError};

use phasegate_record::event::Exit;

use crate::kernel::process::Ended;

/// The spawned process.
pub(super) struct Subject(Arc<Mutex<Child>>);

/// Knows when the process has ended.
pub(super) struct Waiter(Arc<Mutex<Child>>);

impl Waiter {
    pub(super) fn await_end(&mut self) {
        while matches!(
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .try_wait(),
            Ok(None)
        ) {
            std::thread::park_timeout(std::time::Duration::from_millis(1));
        }
    }
}

impl Subject {
    pub(super) fn new(child: Child, _own_group: bool, _namespace: String) -> Self {
        Self(Arc::new(Mutex::new(child)))
    }

    pub(super) fn waiter(&self) -> Waiter {
        Waiter(Arc::clone(&self.0))
    }

    pub(super) fn terminate(&mut self) {
        self.kill();
    }

    pub(super) fn kill(&mut self) {
        // A process that has ended already needs no killing.
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).kill();
    }

    pub(super) fn finish(&mut self) -> io::Result<super::Watched> {
        let status = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .wait()?;
        let exit = Exit::Code(status.code().unwrap_or(-1));
        Ok((
            Some(Ended {
                exit,
                user_us: 0,
                system_us: 0,
                peak_kib: 0,
            }),
            None,
        ))
    }
}
