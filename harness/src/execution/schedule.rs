//! One test with everything around it: its phase, its group, its retries, its hooks.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use phasegate_record::event::{
    Blocked, HookPoint, Isolation, Mechanism, Outcome, PhaseState, PhaseStep,
};

use super::board::{Board, Entrance};
use super::executed::{Executed, Notice};
use super::executor::Executor;
use super::leasing::Leasing;
use super::limits::Limits;
use super::observe::{Final, Observer, Policy, Stopped};
use super::stop::Stop;
use crate::fixture::Facts;
use crate::registry::collect::Registered;
use crate::registry::image::BodyRef;
use crate::terms::mix;

/// Runs tests. Shared by all workers.
pub(crate) struct Schedule<O> {
    pub(crate) executor: Option<Executor>,
    pub(crate) policy: Policy,
    pub(crate) board: Board,
    pub(crate) stop: Stop,
    pub(crate) observer: O,
    pub(crate) leasing: Leasing,
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
            Some(blocked) => Ok(self.block(test, blocked, 1)),
            None => self.in_turn(test),
        };
        if let Some(id) = phase {
            // What passed on a stand-in is no passed test, unless the phase says so.
            let passed = |f: &Final| {
                f.outcome == Outcome::Passed && (!f.stand_in || self.board.allows_stand_ins(id))
            };
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

    pub(super) fn since_start(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn attempts(&self, test: &Registered) -> Option<Final> {
        let allowed = test.facts.retries.saturating_add(1);
        let before = self.policy.earlier_rounds.saturating_mul(allowed);
        let mut round = 1;
        // Attempts that a dying service spoilt; they prove nothing and are no retries.
        let mut spoilt = 0;
        loop {
            if round > 1 {
                self.back_off(round);
            }
            let number = before + round + spoilt;
            self.observer.started(&test.facts.name, round + spoilt);
            let mut last = self.attempt(test, number, round < allowed, spoilt == 0)?;
            if last.spoilt && spoilt == 0 && !self.stop.requested() {
                spoilt += 1;
                continue;
            }
            // A service that is not there has been waited for and brought back as far as it can be.
            let final_word = !last.outcome.is_bad() || last.outcome == Outcome::Blocked;
            if final_word || round == allowed || self.stop.requested() {
                last.attempts = number - spoilt;
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
}
