//! The first fork: runs the preloads once, then forks a lane whenever it is asked to.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;

use super::lane;
use super::protocol::{self, Preloading};
use crate::execution::kernel::fork::{Forked, SingleThreaded, fork};
use crate::execution::kernel::process::exit_now;
use crate::execution::kernel::{channel, process, signals, streams};
use crate::execution::{Unfit, body, preload};
use crate::registry;

const START: u8 = b'S';
const LANE: u8 = b'L';

/// The harness's end of the root.
#[derive(Debug)]
pub(crate) struct Root {
    socket: UnixStream,
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
            Forked::Parent(_) => Ok(Self { socket: ours }),
            Forked::Child(alone) => {
                drop(ours);
                if own_group {
                    process::lead_group(process::me());
                }
                signals::ignore_stop_requests();
                signals::forget_children();
                let served = serve(theirs, alone);
                exit_now(i32::from(served.is_err()))
            }
        }
    }

    /// Runs the preloads.
    pub(crate) fn start(&mut self) -> io::Result<Result<(), Unfit>> {
        channel::send(&self.socket, START, &[])?;
        let mut running = None;
        loop {
            match protocol::receive(&mut self.socket)? {
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
        channel::send(
            &self.socket,
            LANE,
            &[orders.as_fd(), stdout.as_fd(), stderr.as_fd()],
        )
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
                let alone = match fork(&alone)? {
                    Forked::Parent(pid) => {
                        lanes.push(pid.0.unsigned_abs());
                        continue;
                    }
                    Forked::Child(alone) => alone,
                };
                drop(socket);
                let lane = <[OwnedFd; 3]>::try_from(fds)
                    .map_err(|_| io::Error::other("a lane needs three descriptors"))
                    .and_then(|[orders, stdout, stderr]| {
                        lane::serve(orders.into(), stdout, stderr, alone)
                    });
                exit_now(i32::from(lane.is_err()));
            }
        }
    }
    // Orphans of a lane that was killed have become children of this process.
    let me = process::me();
    for orphan in process::living(|_, parent, _| parent == me.0) {
        if !lanes.contains(&orphan.pid) {
            process::signal_one(process::Pid(orphan.pid.cast_signed()), libc::SIGKILL);
        }
    }
    Ok(())
}
