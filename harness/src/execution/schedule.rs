//! One test with everything around it: its phase, its group, its retries, its hooks.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use phasegate_record::event::{
    Attempt, Blocked, Failure, HookPoint, Isolation, Mechanism, Outcome, Output, PhaseState,
    PhaseStep, Receipt,
};

use super::board::{Board, Entrance};
use super::capture::Captured;
use super::executed::{Executed, Notice};
use super::executor::Executor;
use super::judge::{Judgement, judge};
use super::limits::Limits;
use super::observe::{Final, Observer, Policy, Stopped};
use super::stop::Stop;
use crate::fixture::Facts;
use crate::registry::collect::Registered;
use crate::registry::image::BodyRef;
use crate::terms::mix;

/// Signal 15 by POSIX's numbering of the signals that have one.
const SIGTERM: i32 = 15;

/// Runs tests. Shared by all workers.
pub(crate) struct Schedule<O> {
    pub(crate) executor: Option<Executor>,
    pub(crate) policy: Policy,
    pub(crate) board: Board,
    pub(crate) stop: Stop,
    pub(crate) observer: O,
    pub(crate) began: Instant,
    /// What blocks every test, if anything does.
    pub(crate) obstacle: Mutex<Option<Blocked>>,
    pub(crate) groups: HashMap<String, Mutex<()>>,
    /// Whether a hook around the run or a phase has failed.
    pub(crate) hook_failed: AtomicBool,
}

impl<O: Observer> Schedule<O> {
    /// Blocks every test that has not begun.
    pub(crate) fn obstruct(&self, by: Blocked) {
        self.obstacle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(by);
    }

    /// Runs one test to its end, unless the run is stopped before that.
    pub(crate) fn run(&self, test: &Registered) -> Result<Final, Stopped> {
        let phase = test.facts.phase.as_deref();
        if self.stop.requested() {
            // Whoever waits for the phase to end must not wait for ever.
            if let Some(id) = phase {
                self.leave(id, false);
            }
            return Err(Stopped::Before);
        }
        let obstacle = self
            .obstacle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let obstacle = obstacle.or_else(|| phase.and_then(|id| self.enter(id)));
        let last = match obstacle {
            // What stands in the way of a stopped run is the stop.
            _ if self.stop.requested() => Err(Stopped::Before),
            Some(blocked) => Ok(self.block(test, blocked)),
            None => self.in_turn(test),
        };
        let passed = |f: &Final| f.outcome == Outcome::Passed;
        if let Some(id) = phase {
            self.leave(id, last.as_ref().is_ok_and(passed));
        }
        let bad = last.as_ref().is_ok_and(|f| f.outcome.is_bad());
        if self.policy.fail_fast && bad && !self.stop.requested() {
            self.stop.request();
        }
        last
    }

    /// Waits until no other test of the same group runs.
    fn in_turn(&self, test: &Registered) -> Result<Final, Stopped> {
        let group = test.facts.serial.as_ref().and_then(|g| self.groups.get(g));
        let _alone = group.map(|g| g.lock().unwrap_or_else(PoisonError::into_inner));
        if self.stop.requested() {
            return Err(Stopped::Before);
        }
        self.attempts(test).ok_or(Stopped::Midway)
    }

    fn enter(&self, id: &str) -> Option<Blocked> {
        match self.board.enter(id) {
            Entrance::Open => None,
            Entrance::First => {
                self.step(id, PhaseState::Started, 0, 0, None);
                let obstacle = self.hooks(HookPoint::BeforePhase, Some(id));
                if let Some(blocked) = &obstacle {
                    self.step(id, PhaseState::Blocked, 0, 0, Some(blocked.reason.clone()));
                }
                self.board.open(id, obstacle.clone());
                obstacle
            }
            Entrance::Closed(blocked, first) => {
                if first {
                    self.step(id, PhaseState::Blocked, 0, 0, Some(blocked.reason.clone()));
                }
                Some(blocked)
            }
        }
    }

    fn leave(&self, id: &str, passed: bool) {
        if let Some(result) = self.board.ended(id, passed) {
            if result.began {
                self.hooks(HookPoint::AfterPhase, Some(id));
            }
            // A phase that was cut off came to nothing that could be said of it.
            if self.stop.requested() {
                return;
            }
            let state = if result.reached {
                PhaseState::Reached
            } else {
                PhaseState::Below
            };
            self.step(id, state, result.passed, result.total, None);
        }
    }

    fn step(
        &self,
        phase: &str,
        state: PhaseState,
        passed: u64,
        total: u64,
        reason: Option<String>,
    ) {
        if self.policy.alone {
            return;
        }
        let at_us = self.since_start();
        self.observer.phase(PhaseStep {
            phase: phase.to_owned(),
            state,
            at_us,
            passed,
            total,
            reason,
        });
    }

    fn since_start(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn attempts(&self, test: &Registered) -> Option<Final> {
        let allowed = test.facts.retries.saturating_add(1);
        let before = self.policy.earlier_rounds.saturating_mul(allowed);
        let mut round = 1;
        loop {
            if round > 1 {
                self.back_off(round);
            }
            let number = before + round;
            self.observer.started(&test.facts.name, round);
            let mut last = self.attempt(test, number, round < allowed)?;
            if !last.outcome.is_bad() || round == allowed || self.stop.requested() {
                last.attempts = number;
                return Some(last);
            }
            round += 1;
        }
    }

    /// Waits before a retry, twice as long each time; a stop cuts it short.
    fn back_off(&self, number: u32) {
        let until = Instant::now()
            + self.policy.retry_delay * 2u32.saturating_pow(number.saturating_sub(2)).min(64);
        while Instant::now() < until && !self.stop.requested() {
            std::thread::park_timeout(
                until
                    .saturating_duration_since(Instant::now())
                    .min(super::limits::TICK),
            );
        }
    }

    fn attempt(&self, test: &Registered, number: u32, may_retry: bool) -> Option<Final> {
        let name = &test.facts.name;
        let isolation = if self.policy.in_process {
            Isolation::Thread
        } else {
            test.facts.isolation
        };
        let start_us = self.since_start();
        let timeout = test.facts.timeout_ms.map(Duration::from_millis);
        let facts = self.facts(name, test.facts.phase.clone(), number);
        let scratch = facts.scratch.clone();
        let slow = |after| self.observer.slow(name, after);
        let (executed, mechanism) = self.execute(
            isolation,
            test.body,
            facts,
            self.limits(timeout, false),
            Notice::new(&slow),
        );
        if scratch.exists()
            && let Err(error) = std::fs::remove_dir_all(&scratch)
        {
            self.observer.note(format!(
                "cannot remove {}, the directory of test `{name}`: {error}",
                scratch.display()
            ));
        }
        let judged = judge(&executed).or_else(|| self.ended_by_runner())?;
        let more = judged.outcome.is_bad() && may_retry && !self.stop.requested();
        let said = executed.said.as_ref();
        let receipt = receipt(&executed, mechanism);
        let attempt = Attempt {
            test: name.clone(),
            number,
            last: !more,
            outcome: judged.outcome,
            start_us,
            wall_us: executed.wall_us,
            user_us: executed.ended.map(|e| e.user_us),
            system_us: executed.ended.map(|e| e.system_us),
            peak_kib: executed.ended.map(|e| e.peak_kib),
            mechanism,
            exit: executed.ended.map(|e| e.exit),
            failure: judged.failure.clone(),
            skip_reason: judged.skip_reason.clone(),
            blocked: judged.blocked.clone(),
            release_errors: said.map(|s| s.release_errors.clone()).unwrap_or_default(),
            leases: Vec::new(),
            infrastructure: None,
            receipt: receipt.clone(),
            stdout: Output::Empty,
            stderr: Output::Empty,
        };
        self.observer
            .attempt(attempt, &executed.stdout, &executed.stderr);
        Some(Final {
            outcome: judged.outcome,
            attempts: number,
            wall_us: executed.wall_us,
            leaky: receipt.is_some_and(|r| !r.is_empty()),
            failure: judged.failure,
            skip_reason: judged.skip_reason,
            blocked: judged.blocked,
            stdout: executed.stdout.into_bytes(),
            stderr: executed.stderr.into_bytes(),
        })
    }

    /// A runner that starts a process for each test asks it to end by SIGTERM when its time is over.
    fn ended_by_runner(&self) -> Option<Judgement> {
        let by_runner = self.policy.alone && self.stop.signal() == Some(SIGTERM);
        by_runner.then(|| Judgement {
            outcome: Outcome::TimedOut,
            failure: Some(Failure {
                message: "the runner asked it to end (SIGTERM): its time was over, or the run was stopped".to_owned(),
                location: None,
            }),
            skip_reason: None,
            blocked: None,
        })
    }

    pub(super) fn facts(&self, name: &str, phase: Option<String>, attempt: u32) -> Facts {
        let seed = mix(self.policy.seed, name.as_bytes());
        let unique = mix(
            u64::from(attempt),
            format!("{} {name}", self.policy.nonce).as_bytes(),
        );
        let namespace = format!("pg_{unique:016x}_{attempt}");
        let scratch = self
            .executor
            .as_ref()
            .map(|e| e.scratch().join(&namespace))
            .unwrap_or_default();
        Facts {
            run_id: self.policy.run_id.clone(),
            test: name.to_owned(),
            phase,
            attempt,
            seed,
            namespace,
            scratch,
            leases: Vec::new(),
        }
    }

    pub(super) fn limits(&self, timeout: Option<Duration>, patient: bool) -> Limits {
        Limits {
            timeout,
            grace: self.policy.grace,
            output: self.policy.output_limit,
            patient,
            own_group: self.policy.own_group,
        }
    }

    pub(super) fn execute(
        &self,
        isolation: Isolation,
        body: BodyRef,
        facts: Facts,
        limits: Limits,
        notice: Notice<'_>,
    ) -> (Executed, Mechanism) {
        let (result, mechanism) = match &self.executor {
            Some(executor) => executor.attempt(isolation, body, facts, limits, &self.stop, notice),
            None => (
                Err(std::io::Error::other("there is nothing to run it with")),
                Mechanism::None,
            ),
        };
        let executed = result.unwrap_or_else(|error| Executed::impossible(&error));
        (executed, mechanism)
    }

    fn block(&self, test: &Registered, blocked: Blocked) -> Final {
        let attempt = Attempt {
            test: test.facts.name.clone(),
            number: 1,
            last: true,
            outcome: Outcome::Blocked,
            start_us: self.since_start(),
            wall_us: 0,
            user_us: None,
            system_us: None,
            peak_kib: None,
            mechanism: Mechanism::None,
            exit: None,
            failure: None,
            skip_reason: None,
            blocked: Some(blocked.clone()),
            release_errors: Vec::new(),
            leases: Vec::new(),
            infrastructure: None,
            receipt: None,
            stdout: Output::Empty,
            stderr: Output::Empty,
        };
        let nothing = Captured::Bytes(Vec::new());
        self.observer.attempt(attempt, &nothing, &nothing);
        Final {
            outcome: Outcome::Blocked,
            attempts: 1,
            wall_us: 0,
            leaky: false,
            failure: None,
            skip_reason: None,
            blocked: Some(blocked),
            stdout: Vec::new(),
            stderr: Vec::new(),
        }
    }
}

/// What the attempt left behind, where that is known. A process that was executed again cannot be
/// watched as closely as a forked one: nothing found there is no proof that nothing is left.
fn receipt(executed: &Executed, mechanism: Mechanism) -> Option<Receipt> {
    let threads = executed.said.as_ref().and_then(|said| said.threads);
    let processes = executed.leftovers.clone()?;
    let receipt = Receipt { threads, processes };
    (mechanism == Mechanism::Fork || !receipt.is_empty()).then_some(receipt)
}
