//! One test of the run: what was planned, what happened, what it amounts to.

use phasegate_record::event::{Attempt, Disposition, Mechanism, Outcome, PlannedTest};

/// What became of a test in the run: exactly one for each planned test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Its last attempt panicked or returned an error.
    Failed,
    /// Its last attempt ran out of time.
    TimedOut,
    /// Its last attempt died.
    Crashed,
    /// Something that it needs was not there.
    Blocked,
    /// It was to run and never came to an end.
    NotRun,
    /// It said at run time that it does not apply.
    Skipped,
    /// Its last attempt passed on the stand-in of a service, and its phase does not count that.
    Fallback,
    /// Its last attempt passed.
    Passed,
    /// Its attribute says `ignore`, and it did not run.
    Ignored,
    /// The command line left it out.
    Filtered,
    /// Another shard was to run it, whose record is not here.
    OtherShard,
}

impl Status {
    /// All of them, those that need attention first.
    pub const ALL: [Self; 11] = [
        Self::Failed,
        Self::TimedOut,
        Self::Crashed,
        Self::Blocked,
        Self::NotRun,
        Self::Skipped,
        Self::Fallback,
        Self::Passed,
        Self::Ignored,
        Self::Filtered,
        Self::OtherShard,
    ];

    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::TimedOut => "timed out",
            Self::Crashed => "crashed",
            Self::Blocked => "blocked",
            Self::NotRun => "not run",
            Self::Skipped => "skipped",
            Self::Fallback => "fallback",
            Self::Passed => "passed",
            Self::Ignored => "ignored",
            Self::Filtered => "filtered out",
            Self::OtherShard => "other shard",
        }
    }

    /// Whether the test is part of the pass rate's denominator: every planned test except those
    /// that are ignored and those of other shards. Tests that were blocked, skipped, filtered out,
    /// never run or run on a stand-in stay in it.
    #[must_use]
    pub fn is_required(self) -> bool {
        !matches!(self, Self::Ignored | Self::OtherShard)
    }

    /// Whether the test itself was seen to go wrong: failed, timed out or crashed.
    #[must_use]
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::TimedOut | Self::Crashed)
    }

    fn of_outcome(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Passed => Self::Passed,
            Outcome::Failed => Self::Failed,
            Outcome::TimedOut => Self::TimedOut,
            Outcome::Crashed => Self::Crashed,
            Outcome::Blocked => Self::Blocked,
            Outcome::Skipped => Self::Skipped,
        }
    }
}

/// An attempt, and where the record tells of it.
#[derive(Debug, Clone, Copy)]
pub struct AttemptFigure<'a> {
    /// The event.
    pub event: &'a Attempt,
    /// Index into [`RunFigures::files`](super::RunFigures::files).
    pub file: usize,
    /// Line in that file, from 1.
    pub line: usize,
}

/// A planned test and what became of it. Two tests are the same when package, binary and name
/// are.
#[derive(Debug, Clone)]
pub struct TestFigure<'a> {
    /// Cargo package of the test binary.
    pub package: &'a str,
    /// Name of the test binary.
    pub binary: &'a str,
    /// What the test declares.
    pub plan: &'a PlannedTest,
    /// Attempts in the order in which the record tells of them.
    pub attempts: Vec<AttemptFigure<'a>>,
    /// What it amounts to.
    pub status: Status,
}

impl<'a> TestFigure<'a> {
    /// A test of which nothing but its plan is known yet.
    #[must_use]
    pub fn planned(package: &'a str, binary: &'a str, plan: &'a PlannedTest) -> Self {
        let mut test = Self {
            package,
            binary,
            plan,
            attempts: Vec::new(),
            status: Status::NotRun,
        };
        test.settle(false);
        test
    }

    /// Derives the status: that of the last finished attempt if there is one, whatever had been
    /// planned, and otherwise what the plan says. `stand_ins_count` is whether its phase takes a
    /// test for passed that passed on a stand-in.
    pub fn settle(&mut self, stand_ins_count: bool) {
        let stand_in = self.is_fallback() && !stand_ins_count;
        self.status = match self.last() {
            Some(last) if stand_in && last.event.outcome == Outcome::Passed => Status::Fallback,
            Some(last) => Status::of_outcome(last.event.outcome),
            None => match self.plan.disposition {
                Disposition::Run => Status::NotRun,
                Disposition::Ignored { .. } if self.attempts.is_empty() => Status::Ignored,
                Disposition::Filtered if self.attempts.is_empty() => Status::Filtered,
                Disposition::OtherShard if self.attempts.is_empty() => Status::OtherShard,
                _ => Status::NotRun,
            },
        };
    }

    /// The attempt that decides; `None` when the test never came to an end.
    #[must_use]
    pub fn last(&self) -> Option<&AttemptFigure<'a>> {
        self.attempts.last().filter(|attempt| attempt.event.last)
    }

    /// Whether its last attempt passed, whether or not that counts.
    #[must_use]
    pub fn has_passed(&self) -> bool {
        matches!(self.status, Status::Passed | Status::Fallback)
    }

    /// Whether it passed after an attempt that did not. One during which a service died says
    /// nothing about the test.
    #[must_use]
    pub fn is_flaky(&self) -> bool {
        let earlier = self.attempts.len().saturating_sub(1);
        self.has_passed()
            && self.attempts[..earlier].iter().any(|attempt| {
                attempt.event.outcome.is_bad() && attempt.event.infrastructure.is_none()
            })
    }

    /// Whether its last attempt ran on the stand-in of a service.
    #[must_use]
    pub fn is_fallback(&self) -> bool {
        self.stand_ins().next().is_some()
    }

    /// Services on whose stand-in its last attempt ran.
    pub fn stand_ins(&self) -> impl Iterator<Item = &'a str> {
        let leases = self.last().map_or(&[][..], |last| &last.event.leases);
        let stand_ins = leases.iter().filter(|lease| lease.stand_in);
        stand_ins.map(|lease| lease.service.as_str())
    }

    /// Why an attempt at it proves nothing of the code under test: the first reason on record.
    #[must_use]
    pub fn infrastructure(&self) -> Option<&'a str> {
        self.attempts
            .iter()
            .find_map(|attempt| attempt.event.infrastructure.as_deref())
    }

    /// Whether an attempt left anything behind.
    #[must_use]
    pub fn is_leaky(&self) -> bool {
        self.receipts().any(|receipt| !receipt.is_empty())
    }

    /// Whether an attempt left something behind that another test could have met: a process.
    /// Threads end with the process of their test.
    #[must_use]
    pub fn is_contaminating(&self) -> bool {
        self.receipts().any(|receipt| !receipt.processes.is_empty())
    }

    /// Whether some attempt really ran and what it left behind is not known for all of them:
    /// without a process of its own, or without a receipt.
    #[must_use]
    pub fn is_unmeasured(&self) -> bool {
        self.attempts.iter().any(|attempt| {
            attempt.event.mechanism == Mechanism::Thread
                || (attempt.event.mechanism != Mechanism::None && attempt.event.receipt.is_none())
        })
    }

    /// Wall time of the deciding attempt in microseconds.
    #[must_use]
    pub fn wall_us(&self) -> Option<u64> {
        self.last().map(|attempt| attempt.event.wall_us)
    }

    /// Why it is ignored, as declared.
    #[must_use]
    pub fn ignore_reason(&self) -> Option<&'a str> {
        match &self.plan.disposition {
            Disposition::Ignored { reason } => reason.as_deref(),
            _ => None,
        }
    }

    fn receipts(&self) -> impl Iterator<Item = &'a phasegate_record::event::Receipt> {
        self.attempts
            .iter()
            .filter_map(|attempt| attempt.event.receipt.as_ref())
    }
}
