//! The harness's side of a lane: gives an order, enforces limits, collects what happened.

use std::fs::File;
use std::io::{self, PipeReader, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use phasegate_record::event::Exit;

use super::protocol::{self, Answer, KILL, Order, Report, TERMINATE};
use super::root::Root;
use crate::execution::capture::{self, Captured, Stream};
use crate::execution::limits::{Countdown, Ending, Limits, Step};
use crate::execution::stop::Stop;
use crate::execution::{Executed, Notice};
use crate::kernel::readiness;

/// A lane, from the harness's side.
#[derive(Debug)]
pub(crate) struct ForkedLane {
    orders: UnixStream,
    stdout: Sink,
    stderr: Sink,
}

/// Where one stream of the lane's attempts goes.
#[derive(Debug)]
enum Sink {
    Kept(File),
    Passed {
        pipe: PipeReader,
        stream: Stream,
        kept: Vec<u8>,
    },
}

impl Sink {
    /// The sink, and the end that the lane writes to.
    fn open(stream: Stream, pass_on: bool) -> io::Result<(Self, OwnedFd)> {
        if pass_on {
            let (pipe, end) = io::pipe()?;
            Ok((
                Self::Passed {
                    pipe,
                    stream,
                    kept: Vec::new(),
                },
                end.into(),
            ))
        } else {
            let file = capture::file()?;
            let end = file.try_clone()?.into();
            Ok((Self::Kept(file), end))
        }
    }

    fn watch(&self) -> Option<BorrowedFd<'_>> {
        match self {
            Self::Kept(_) => None,
            Self::Passed { pipe, .. } => Some(pipe.as_fd()),
        }
    }

    fn written(&self) -> u64 {
        match self {
            Self::Kept(file) => file.metadata().map_or(0, |m| m.len()),
            Self::Passed { kept, .. } => kept.len() as u64,
        }
    }

    /// Reads what is there now, without waiting for more.
    fn drain(&mut self) -> io::Result<()> {
        let Self::Passed { pipe, stream, kept } = self else {
            return Ok(());
        };
        loop {
            let length = readiness::pending(pipe.as_fd());
            if length == 0 {
                return Ok(());
            }
            let start = kept.len();
            kept.resize(start + length, 0);
            pipe.read_exact(&mut kept[start..])?;
            capture::pass_on(*stream, &kept[start..]);
        }
    }

    fn take(&mut self) -> io::Result<Captured> {
        self.drain()?;
        match self {
            Self::Kept(file) => capture::take(file),
            Self::Passed { kept, .. } => Ok(std::mem::take(kept)),
        }
        .map(Captured::Bytes)
    }
}

impl ForkedLane {
    /// Asks the root for a new lane.
    pub(crate) fn open(root: &Root, pass_on: bool) -> io::Result<Self> {
        let (ours, theirs) = UnixStream::pair()?;
        let (stdout, stdout_end) = Sink::open(Stream::Stdout, pass_on)?;
        let (stderr, stderr_end) = Sink::open(Stream::Stderr, pass_on)?;
        root.open_lane(&theirs.into(), &stdout_end, &stderr_end)?;
        Ok(Self {
            orders: ours,
            stdout,
            stderr,
        })
    }

    /// Runs one attempt. `Err` means that the lane is gone; it is of no further use.
    pub(crate) fn run(
        &mut self,
        order: &Order,
        limits: Limits,
        stop: &Stop,
        notice: Notice<'_>,
    ) -> io::Result<Executed> {
        let mut countdown = Countdown::new(limits);
        protocol::send_order(&mut self.orders, order)?;
        let answer = self.await_answer(&mut countdown, stop, notice)?;
        let Report {
            ended,
            wall_us,
            said,
            leftovers,
        } = match answer.ok_or(io::ErrorKind::UnexpectedEof)? {
            Answer::Ran(report) => report,
            Answer::Impossible(why) => return Ok(Executed::impossible(&io::Error::other(why))),
        };
        // What ended by itself in time was not late, however long its leftovers took to go. The
        // two clocks are not read at the same moment, so one that we ended was late whatever
        // the lane's clock says.
        let by_us =
            said.is_none() && matches!(ended.exit, Exit::Signal(libc::SIGTERM | libc::SIGKILL));
        let in_time = |ending: &Ending| {
            !by_us && matches!(ending, Ending::TimedOut(limit) if wall_us < as_micros(*limit))
        };
        Ok(Executed {
            said,
            ended: Some(ended),
            wall_us,
            leftovers: Some(leftovers),
            ending: countdown.ending().filter(|ending| !in_time(ending)),
            stdout: self.stdout.take()?,
            stderr: self.stderr.take()?,
        })
    }

    fn await_answer(
        &mut self,
        countdown: &mut Countdown,
        stop: &Stop,
        mut notice: Notice<'_>,
    ) -> io::Result<Option<Answer>> {
        loop {
            let written = self.stdout.written().max(self.stderr.written());
            match countdown.step(written, stop.level()) {
                Step::Wait => {}
                Step::Terminate => self.orders.write_all(&[TERMINATE])?,
                Step::Kill => self.orders.write_all(&[KILL])?,
            }
            let watched = [
                Some(self.orders.as_fd()),
                stop.watch(),
                self.stdout.watch(),
                self.stderr.watch(),
            ];
            let [answered, _, out, err] = readiness::wait_readable(watched, countdown.next())?;
            if out {
                self.stdout.drain()?;
            }
            if err {
                self.stderr.drain()?;
            }
            if answered {
                return protocol::receive(&mut self.orders);
            }
            notice.tick();
        }
    }

    /// What the lane's streams hold after the lane itself was lost.
    pub(crate) fn salvage(&mut self) -> (Captured, Captured) {
        let take = |sink: &mut Sink| sink.take().unwrap_or(Captured::Bytes(Vec::new()));
        (take(&mut self.stdout), take(&mut self.stderr))
    }
}

fn as_micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
