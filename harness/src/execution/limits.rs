//! What bounds an attempt, and the two ways of asking all attempts to stop.

use std::time::{Duration, Instant};

/// What bounds one attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Wall time allowed.
    pub(crate) timeout: Option<Duration>,
    /// Wall time between asking processes to end and ending them.
    pub(crate) grace: Duration,
    /// Bytes that may be written to each stream.
    pub(crate) output: u64,
    /// Whether the first request to stop leaves it alone: what undoes things must come to its end.
    pub(crate) patient: bool,
    /// Whether the attempt's processes get a group of their own.
    pub(crate) own_group: bool,
}

/// How often a running attempt's output is measured against its limit.
pub(crate) const TICK: Duration = Duration::from_millis(500);

/// Why the harness ended an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It ran out of time.
    TimedOut(Duration),
    /// It wrote more than it may.
    TooMuchOutput(u64),
    /// A person or a supervisor asked the harness to stop.
    Stopped,
    /// The process that oversaw it was killed, and it with that.
    Lost,
}

/// The way from "it should end" to "it has ended", for one attempt.
#[derive(Debug)]
pub(crate) struct Countdown {
    began: Instant,
    limits: Limits,
    asked: Option<(Ending, Instant)>,
    killed: bool,
}

/// What is to be done to the attempt's processes now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Wait,
    Terminate,
    Kill,
}

impl Countdown {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            began: Instant::now(),
            limits,
            asked: None,
            killed: false,
        }
    }

    /// When to look again at the latest.
    pub(crate) fn next(&self) -> Option<Instant> {
        if self.killed {
            return None;
        }
        let tick = Instant::now() + TICK;
        let due = match self.asked {
            Some((_, at)) => Some(at + self.limits.grace),
            None => self.limits.timeout.map(|t| self.began + t),
        };
        Some(due.map_or(tick, |due| due.min(tick)))
    }

    /// Looks at the clock, at the size of the output and at whether the run is to stop.
    pub(crate) fn step(&mut self, written: u64, stop: Stopping) -> Step {
        if self.killed {
            return Step::Wait;
        }
        if let Some((_, asked_at)) = self.asked {
            if stop == Stopping::Now || asked_at.elapsed() >= self.limits.grace {
                self.killed = true;
                return Step::Kill;
            }
            return Step::Wait;
        }
        let stopping = match stop {
            Stopping::No => false,
            Stopping::Soon => !self.limits.patient,
            Stopping::Now => true,
        };
        let ending = if stopping {
            Ending::Stopped
        } else if written > self.limits.output {
            Ending::TooMuchOutput(self.limits.output)
        } else if let Some(timeout) = self.limits.timeout.filter(|t| self.began.elapsed() >= *t) {
            Ending::TimedOut(timeout)
        } else {
            return Step::Wait;
        };
        self.asked = Some((ending, Instant::now()));
        Step::Terminate
    }

    /// Why the attempt was ended, if it was.
    pub(crate) fn ending(&self) -> Option<Ending> {
        self.asked.map(|(ending, _)| ending)
    }
}

/// How urgently the run is to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stopping {
    No,
    /// Ask, wait for the grace period, then end.
    Soon,
    /// End.
    Now,
}
