//! The first fork: runs the preloads once, then forks a lane whenever it is asked to.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;

use super::protocol::{Answer, Preloading};
use super::{lane, protocol};
use crate::execution::{Unfit, body, preload};
use crate::kernel::fork::{Forked, SingleThreaded, fork};
use crate::kernel::process::{self, LINGER, Pid, exit_now};
use crate::kernel::{channel, readiness, signals, streams};
use crate::registry;

const START: u8 = b'S';
const LANE: u8 = b'L';

/// The harness's end of the root.
#[derive(Debug)]
pub(crate) struct Root {
    /// Taken when the root is told to end.
    socket: Option<UnixStream>,
    pid: Pid,
}

impl Root {
    /// Forks the root. To be called before anything else: what is in memory now is copied into
    /// every attempt.
    ///
    /// With `own_group` it leaves the harness's process group: who kills that group must not kill
    /// those who clear away after the tests.
    pub(crate) fn fork(alone: &SingleThreaded, own_group: bool) -> io::Result<Self> {
        let (ours, theirs) = UnixStream::pair()?;
        match fork(alone)? {
            Forked::Parent(pid) => Ok(Self {
                socket: Some(ours),
                pid,
            }),
            Forked::Child(alone) => {
                drop(ours);
                if own_group {
                    process::lead_group(process::me());
                }
                signals::ignore_stop_requests();
                let served = serve(theirs, alone);
                exit_now(i32::from(served.is_err()))
            }
        }
    }

    /// Its process id.
    #[cfg(feature = "services")]
    pub(crate) fn pid(&self) -> u32 {
        self.pid.0.unsigned_abs()
    }

    /// Runs the preloads.
    pub(crate) fn start(&mut self) -> io::Result<Result<(), Unfit>> {
        let socket = self.socket.as_mut().expect("taken only when dropped");
        channel::send(socket, START, &[])?;
        let mut running = None;
        loop {
            match protocol::receive(socket)? {
                Some(Preloading::Begins(blame)) => running = Some(blame),
                Some(Preloading::Done(result)) => return Ok(result),
                None => {
                    return running.map(Err).ok_or_else(|| {
                        io::Error::other("the fork server ended before it ran the preloads")
                    });
                }
            }
        }
    }

    /// Forks a lane that reads orders from `orders` and whose attempts write to `stdout` and
    /// `stderr`.
    pub(crate) fn open_lane(
        &self,
        orders: &OwnedFd,
        stdout: &OwnedFd,
        stderr: &OwnedFd,
    ) -> io::Result<()> {
        let socket = self.socket.as_ref().expect("taken only when dropped");
        channel::send(
            socket,
            LANE,
            &[orders.as_fd(), stdout.as_fd(), stderr.as_fd()],
        )
    }
}

impl Drop for Root {
    /// Ends the root and waits until it has ended: it holds the harness's standard error, and a
    /// runner that finds that open after the harness has ended calls it a leak.
    fn drop(&mut self) {
        drop(self.socket.take());
        // It cannot have been waited for before, so this cannot fail.
        let _ = process::wait(Some(self.pid), true);
    }
}

fn serve(mut socket: UnixStream, alone: SingleThreaded) -> io::Result<()> {
    // Whatever a preload prints must not mix into the harness's own standard output, which may be
    // read by a machine.
    streams::redirect(io::stderr().as_fd(), 1)?;
    streams::redirect(std::fs::File::open("/dev/null")?.as_fd(), 0)?;
    process::adopt_orphans()?;
    body::note_panics();
    registry::image::warm();
    let mut lanes = Vec::new();
    while let Some((request, fds)) = channel::receive(&socket)? {
        match request {
            START => {
                let mut heard = Ok(());
                let result = preload::run_in_server(|blame| {
                    let begins = Preloading::Begins(blame.clone());
                    heard = protocol::send(&mut socket, &begins);
                });
                heard?;
                protocol::send(&mut socket, &Preloading::Done(result))?;
            }
            _ => {
                let [orders, stdout, stderr] = <[OwnedFd; 3]>::try_from(fds)
                    .map_err(|_| io::Error::other("a lane needs three descriptors"))?;
                match fork(&alone) {
                    Ok(Forked::Parent(pid)) => lanes.push(pid),
                    Ok(Forked::Child(alone)) => {
                        drop(socket);
                        let served = lane::serve(orders.into(), stdout, stderr, alone);
                        exit_now(i32::from(served.is_err()));
                    }
                    Err(error) => {
                        let why = format!("cannot fork a process to oversee tests: {error}");
                        protocol::send(&mut UnixStream::from(orders), &Answer::Impossible(why))?;
                    }
                }
            }
        }
    }
    end_family(&lanes);
    Ok(())
}

/// Waits for the lanes, which end by themselves when the harness lets go of them, and ends whoever
/// else has become a child of this process: orphans of a lane that was killed, or processes that a
/// preload left behind.
fn end_family(lanes: &[Pid]) {
    for lane in lanes {
        readiness::await_end_for(*lane, LINGER);
    }
    loop {
        match process::wait(None, false) {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(_) => return,
        }
    }
    let me = process::me();
    for orphan in process::living(|_, parent, _| parent == me.0) {
        let pid = Pid(orphan.pid.cast_signed());
        if !lanes.contains(&pid) {
            process::signal_one(pid, libc::SIGKILL);
        }
    }
}
