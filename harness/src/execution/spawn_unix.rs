//! A spawned process on Unix: its group is signalled, and it is waited for with resource usage.

use std::io;
use std::process::Child;
use std::time::Instant;

use phasegate_record::event::Leftover;

use crate::kernel::process::{self, Ended, LINGER, Pid};

/// The spawned process. It is waited for in [`Subject::finish`] only, so its id stays its own
/// until then.
pub(super) struct Subject {
    pid: Pid,
    own_group: bool,
    /// What the environment that it was started with contains, and no other's does.
    namespace: String,
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
    pub(super) fn new(child: Child, own_group: bool, namespace: String) -> Self {
        Self {
            pid: Pid(child.id().cast_signed()),
            own_group,
            namespace,
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
        let leftovers = self.end_leftovers();
        let ended: Option<Ended> = process::wait(Some(self.pid), true)?.map(|(_, ended)| ended);
        Ok((ended, leftovers))
    }

    /// `None` where nothing can be seen: without a group of its own and without `/proc`.
    fn end_leftovers(&self) -> Option<Vec<Leftover>> {
        if !self.own_group && !cfg!(target_os = "linux") {
            return None;
        }
        let patience = Instant::now() + LINGER;
        loop {
            let left = self.leftovers();
            if left.is_empty() {
                return Some(left);
            }
            if Instant::now() >= patience {
                if self.own_group {
                    process::signal_group(self.pid, libc::SIGKILL);
                }
                #[cfg(target_os = "linux")]
                for stray in &left {
                    process::kill_started_with(stray.pid, &self.namespace);
                }
                return Some(left);
            }
            std::thread::sleep(LINGER / 20);
        }
    }

    /// Who is left of the group, and who has left the group but still carries the environment
    /// that the attempt was started with.
    fn leftovers(&self) -> Vec<Leftover> {
        let leader = self.pid.0;
        let in_group = |group| self.own_group && group == leader;
        process::living(|pid, _, group| {
            in_group(group) || process::was_started_with(pid, &self.namespace)
        })
    }
}
