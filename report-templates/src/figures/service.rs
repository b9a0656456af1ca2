//! Services: what the record tells of each, and of the leases that tests held of it.

use phasegate_record::event::{DeclaredService, ServiceChange, ServiceStep};

use super::TestFigure;

/// A service of a test binary and what happened to it.
#[derive(Debug, Clone)]
pub struct ServiceFigure<'a> {
    /// Cargo package of the test binary.
    pub package: &'a str,
    /// Name of the test binary.
    pub binary: &'a str,
    /// Name of the service.
    pub name: &'a str,
    /// What the binary declares; `None` when the record tells of a service that is not declared.
    pub declared: Option<&'a DeclaredService>,
    /// What happened to it, in the order of the record.
    pub history: Vec<StepFigure<'a>>,
}

/// Something that happened to a service.
#[derive(Debug, Clone, Copy)]
pub struct StepFigure<'a> {
    /// The event.
    pub event: &'a ServiceStep,
    /// When the process's part of the run began, in milliseconds since 1970.
    pub part_ms: Option<u64>,
}

impl StepFigure<'_> {
    /// When it began, in microseconds since `start_ms`, the start of the run; since the start of
    /// the process's part where one of the two is not known.
    #[must_use]
    pub fn began_us(&self, start_ms: Option<u64>) -> u64 {
        let before = match (self.part_ms, start_ms) {
            (Some(part), Some(start)) => part.saturating_sub(start),
            _ => 0,
        };
        before
            .saturating_mul(1_000)
            .saturating_add(self.event.at_us)
    }
}

/// Where a service stands at the end of what the record tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Tests make it in their own process.
    Embedded,
    /// Nobody started it.
    NotStarted,
    /// It became ready.
    Ready,
    /// It was never ready and will not be.
    Failed,
    /// It was ready, died, and did not come back.
    Lost,
}

/// Something that went wrong with a service.
#[derive(Debug, Clone, Copy)]
pub struct Trouble<'a> {
    /// What.
    pub kind: TroubleKind,
    /// The event.
    pub step: StepFigure<'a>,
}

/// What went wrong with a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TroubleKind {
    /// It could not be started.
    NotStarted,
    /// Its stand-in was started in its place.
    FellBack,
    /// It ended, or stopped answering, while it was needed.
    Died {
        /// How long it took to bring it back, in microseconds; `None` when it never came back.
        back_us: Option<u64>,
    },
    /// It could not be brought back.
    NotBack,
}

impl<'a> ServiceFigure<'a> {
    /// Where it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let embedded = self.declared.is_some_and(|declared| declared.embedded);
        let mut standing = match embedded {
            true => Standing::Embedded,
            false => Standing::NotStarted,
        };
        let mut was_ready = false;
        for change in self.changes() {
            standing = match change {
                ServiceChange::Ready => Standing::Ready,
                ServiceChange::Died => Standing::Lost,
                ServiceChange::Failed if was_ready => Standing::Lost,
                ServiceChange::Failed => Standing::Failed,
                ServiceChange::Step | ServiceChange::FellBack | ServiceChange::Stopped => standing,
            };
            was_ready |= change == ServiceChange::Ready;
        }
        standing
    }

    /// Whether its stand-in was started in its place.
    #[must_use]
    pub fn fell_back(&self) -> bool {
        self.changes()
            .any(|change| change == ServiceChange::FellBack)
    }

    /// How often it came back after it had died.
    #[must_use]
    pub fn restarts(&self) -> u64 {
        let ready = self.changes().filter(|c| *c == ServiceChange::Ready);
        (ready.count() as u64).saturating_sub(1)
    }

    /// The whole of its first start in microseconds.
    #[must_use]
    pub fn ready_us(&self) -> Option<u64> {
        let mut history = self.history.iter();
        let ready = history.find(|step| step.event.change == ServiceChange::Ready);
        ready.map(|step| step.event.wall_us)
    }

    /// Its first start: the parts of it, and the event that ended it. What came later, such as a
    /// restart or the stop, is left out.
    #[must_use]
    pub fn startup(&self) -> (Vec<StepFigure<'a>>, Option<StepFigure<'a>>) {
        let mut parts = Vec::new();
        for step in &self.history {
            match step.event.change {
                ServiceChange::Step => parts.push(*step),
                ServiceChange::FellBack => {}
                ServiceChange::Ready | ServiceChange::Failed => return (parts, Some(*step)),
                // Neither comes first in a sound record.
                ServiceChange::Died | ServiceChange::Stopped => break,
            }
        }
        (parts, None)
    }

    /// What went wrong with it.
    #[must_use]
    pub fn troubles(&self) -> Vec<Trouble<'a>> {
        let mut was_ready = false;
        let mut troubles = Vec::new();
        for (at, step) in self.history.iter().enumerate() {
            let later = || {
                let mut ends = self.history[at + 1..].iter().map(|step| step.event);
                ends.find(|e| matches!(e.change, ServiceChange::Ready | ServiceChange::Failed))
            };
            let kind = match step.event.change {
                ServiceChange::Step | ServiceChange::Stopped => continue,
                ServiceChange::Ready => {
                    was_ready = true;
                    continue;
                }
                ServiceChange::Failed if was_ready => TroubleKind::NotBack,
                ServiceChange::Failed => TroubleKind::NotStarted,
                ServiceChange::FellBack => TroubleKind::FellBack,
                ServiceChange::Died => {
                    let back = later().filter(|end| end.change == ServiceChange::Ready);
                    TroubleKind::Died {
                        back_us: back.map(|end| end.wall_us),
                    }
                }
            };
            troubles.push(Trouble { kind, step: *step });
        }
        troubles
    }

    fn changes(&self) -> impl Iterator<Item = ServiceChange> {
        self.history.iter().map(|step| step.event.change)
    }
}

/// The leases that some tests held of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leases {
    /// Tests that held one in any of their attempts, each once. Of a service that tests make in
    /// their own process: those that were attempted and declare it.
    pub tests: u64,
    /// Leases: one for each attempt that held one.
    pub count: u64,
    /// Those of them that were leases of the stand-in.
    pub stand_in: u64,
    /// Times from asking to having, in microseconds, sorted.
    acquire_us: Vec<u64>,
}

impl Leases {
    /// Looks through every attempt at these tests.
    pub fn of<'t, 'a: 't>(
        service: &ServiceFigure<'_>,
        tests: impl IntoIterator<Item = &'t TestFigure<'a>>,
    ) -> Self {
        let mut leases = Self {
            tests: 0,
            count: 0,
            stand_in: 0,
            acquire_us: Vec::new(),
        };
        let own = |test: &&TestFigure<'_>| {
            (test.package, test.binary) == (service.package, service.binary)
        };
        let embedded = service.declared.is_some_and(|declared| declared.embedded);
        for test in tests.into_iter().filter(own) {
            let before = leases.count;
            let held = test.attempts.iter().flat_map(|one| &one.event.leases);
            for lease in held.filter(|lease| lease.service == service.name) {
                leases.count += 1;
                leases.stand_in += u64::from(lease.stand_in);
                leases.acquire_us.push(lease.acquire_us);
            }
            // Nobody hands out what a test makes in its own process: its plan says that it does.
            let own_process = embedded
                && !test.attempts.is_empty()
                && test.plan.services.iter().any(|name| name == service.name);
            leases.tests += u64::from(leases.count > before || own_process);
        }
        leases.acquire_us.sort_unstable();
        leases
    }

    /// The median time to acquire one in microseconds, by nearest rank: half of them took no
    /// longer.
    #[must_use]
    pub fn acquire_p50_us(&self) -> Option<u64> {
        let rank = self.acquire_us.len().div_ceil(2);
        self.acquire_us.get(rank.checked_sub(1)?).copied()
    }

    /// The longest time to acquire one in microseconds.
    #[must_use]
    pub fn acquire_max_us(&self) -> Option<u64> {
        self.acquire_us.last().copied()
    }
}
