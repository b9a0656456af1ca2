//! Chooses what keeps an attempt apart from the others, and keeps the lanes.

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use phasegate_record::event::{Isolation, Mechanism};

use super::executed::{Executed, Notice};
use super::limits::{Ending, Limits};
#[cfg(target_os = "linux")]
use super::server::{ForkedLane, Order, Root};
use super::stop::Stop;
use super::{Unfit, preload, spawn, thread};
use crate::fixture::Facts;
use crate::registry::image::BodyRef;

/// Runs attempts.
pub(crate) struct Executor {
    processes: Processes,
    /// Whether output is passed on while it is captured.
    pass_on: bool,
    /// Where attempts may create files.
    scratch: PathBuf,
}

/// How an attempt gets a process of its own.
enum Processes {
    #[cfg(target_os = "linux")]
    Forked {
        root: Mutex<Option<Root>>,
        idle: Mutex<Vec<ForkedLane>>,
    },
    Spawned,
}

/// What an executor is made with.
pub(crate) struct Setup {
    #[cfg(target_os = "linux")]
    pub(crate) root: Option<Root>,
    pub(crate) pass_on: bool,
    pub(crate) scratch: PathBuf,
    /// Whether some tests run in this very process, and so need the preloads here.
    pub(crate) threads_too: bool,
}

impl Executor {
    /// Runs the preloads and makes ready. The inner error is what every test is blocked by.
    pub(crate) fn start(setup: Setup) -> io::Result<Result<Self, Unfit>> {
        if setup.threads_too
            && let Err(unfit) = preload::run_here()
        {
            return Ok(Err(unfit));
        }
        #[cfg(target_os = "linux")]
        let processes = match setup.root {
            None => Processes::Spawned,
            Some(mut root) => match root.start()? {
                Err(unfit) => return Ok(Err(unfit)),
                Ok(()) => Processes::Forked {
                    root: Mutex::new(Some(root)),
                    idle: Mutex::default(),
                },
            },
        };
        #[cfg(not(target_os = "linux"))]
        let processes = Processes::Spawned;
        Ok(Ok(Self {
            processes,
            pass_on: setup.pass_on,
            scratch: setup.scratch,
        }))
    }

    /// Runs one attempt to its end.
    pub(crate) fn attempt(
        &self,
        isolation: Isolation,
        body: BodyRef,
        facts: Facts,
        limits: Limits,
        stop: &Stop,
        notice: Notice<'_>,
    ) -> (io::Result<Executed>, Mechanism) {
        if isolation == Isolation::Thread {
            return (
                Ok(thread::run(body, facts, limits, stop, notice)),
                Mechanism::Thread,
            );
        }
        match &self.processes {
            #[cfg(target_os = "linux")]
            Processes::Forked { root, idle } => {
                // Without a lane – the fork server was killed, or there are no descriptors left –
                // the binary is executed again instead.
                let Ok(lane) = lane(root, idle, self.pass_on) else {
                    return self.spawned(body, facts, limits, stop, notice);
                };
                let order = Order {
                    body,
                    facts,
                    own_group: limits.own_group,
                };
                (
                    Ok(forked(lane, idle, &order, limits, stop, notice)),
                    Mechanism::Fork,
                )
            }
            Processes::Spawned => self.spawned(body, facts, limits, stop, notice),
        }
    }

    fn spawned(
        &self,
        body: BodyRef,
        facts: Facts,
        limits: Limits,
        stop: &Stop,
        notice: Notice<'_>,
    ) -> (io::Result<Executed>, Mechanism) {
        let (scratch, pass_on) = (&self.scratch, self.pass_on);
        let executed = spawn::run(body, facts, scratch, limits, pass_on, stop, notice);
        (executed, Mechanism::Spawn)
    }

    /// Ends the processes that attempts were forked from, and waits for them. Nothing runs
    /// afterwards.
    pub(crate) fn close(&self) {
        #[cfg(target_os = "linux")]
        if let Processes::Forked { root, idle } = &self.processes {
            idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
            root.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
    }

    /// The directory below which attempts may create files.
    pub(crate) fn scratch(&self) -> &std::path::Path {
        &self.scratch
    }
}

/// Takes an idle lane or opens one. There are never more than there are workers.
#[cfg(target_os = "linux")]
fn lane(
    root: &Mutex<Option<Root>>,
    idle: &Mutex<Vec<ForkedLane>>,
    pass_on: bool,
) -> io::Result<ForkedLane> {
    let taken = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
    if let Some(lane) = taken {
        return Ok(lane);
    }
    match &*root.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(root) => ForkedLane::open(root, pass_on),
        None => Err(io::Error::other("the run is over")),
    }
}

#[cfg(target_os = "linux")]
fn forked(
    mut lane: ForkedLane,
    idle: &Mutex<Vec<ForkedLane>>,
    order: &Order,
    limits: Limits,
    stop: &Stop,
    notice: Notice<'_>,
) -> Executed {
    match lane.run(order, limits, stop, notice) {
        Ok(executed) => {
            idle.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(lane);
            executed
        }
        // The attempt killed the process that oversees it, and died with it; the kernel saw to
        // that. A new lane takes the next attempt.
        Err(_) => {
            let (stdout, stderr) = lane.salvage();
            Executed {
                said: None,
                ended: None,
                wall_us: 0,
                leftovers: None,
                ending: Some(Ending::Lost),
                stdout,
                stderr,
            }
        }
    }
}
