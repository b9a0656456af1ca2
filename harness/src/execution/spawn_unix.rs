//! A spawned process on Unix: its group is signalled, and it is waited for with resource usage.

use std::io;
use std::process::Child;

use phasegate_record::event::Leftover;

use crate::execution::kernel::process::{self, Ended, Pid};

/// The spawned process. It is waited for in [`Subject::finish`] only, so its id stays its own
/// until then.
pub(super) struct Subject {
    pid: Pid,
    own_group: bool,
}

/// Knows when the process has ended.
pub(super) struct Waiter(Pid);

impl Waiter {
    pub(super) fn await_end(&mut self) {
        process::await_end(self.0);
    }
}

impl Subject {
    // The standard library neither waits for nor kills a `Child` that is dropped.
    pub(super) fn new(child: Child, own_group: bool) -> Self {
        Self {
            pid: Pid(child.id().cast_signed()),
            own_group,
        }
    }

    pub(super) fn waiter(&self) -> Waiter {
        Waiter(self.pid)
    }

    pub(super) fn terminate(&mut self) {
        process::signal_group(self.pid, libc::SIGTERM);
    }

    pub(super) fn kill(&mut self) {
        process::signal_group(self.pid, libc::SIGKILL);
    }

    /// Ends what is left of the group and says what that was. The leader has ended but keeps its
    /// id until it is waited for, so the group cannot be anybody else's.
    pub(super) fn finish(&mut self) -> io::Result<super::Watched> {
        let leftovers = self.own_group.then(|| self.end_group());
        let ended: Option<Ended> = process::wait(Some(self.pid), true)?.map(|(_, ended)| ended);
        Ok((ended, leftovers))
    }

    fn end_group(&self) -> Vec<Leftover> {
        let leader = self.pid.0;
        let left = process::living(|_, group| group == leader);
        if !left.is_empty() {
            process::signal_group(self.pid, libc::SIGKILL);
        }
        left
    }
}
