//! One attempt at a test: leases, execution, judgement, record.

use std::time::Duration;

use phasegate_record::event::{
    Attempt, Blocked, Failure, Isolation, Mechanism, Outcome, Output, Receipt,
};

use super::capture::Captured;
use super::executed::{Executed, Notice};
use super::judge::{Judgement, judge};
use super::leasing::Hold;
use super::observe::{Final, Observer};
use super::schedule::Schedule;
use crate::registry::collect::Registered;

/// Signal 15 by POSIX's numbering of the signals that have one.
const SIGTERM: i32 = 15;

impl<O: Observer> Schedule<O> {
    pub(super) fn attempt(
        &self,
        test: &Registered,
        number: u32,
        may_retry: bool,
        may_be_spoilt: bool,
    ) -> Option<Final> {
        let name = &test.facts.name;
        let isolation = if self.policy.in_process {
            Isolation::Thread
        } else {
            test.facts.isolation
        };
        let timeout = test.facts.timeout_ms.map(Duration::from_millis);
        let mut facts = self.facts(name, test.facts.phase.clone(), number);
        let leases = match self
            .leasing
            .hold(&test.facts.services, &mut facts, &self.stop)
        {
            Hold::Held(leases) => leases,
            Hold::Blocked(blocked) => return Some(self.block(test, blocked, number)),
            Hold::Stopped => return None,
        };
        let start_us = self.since_start();
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
        let judged = judge(&executed);
        let passed = |judged: &Judgement| judged.outcome == Outcome::Passed;
        let back = self
            .leasing
            .give_back(leases, !judged.as_ref().is_some_and(passed));
        let mut judged = judged.or_else(|| self.ended_by_runner())?;
        let infrastructure = back.interrupted.as_ref().map(|by| by.reason.clone());
        let spoilt = infrastructure.is_some();
        let stand_in = back.uses.iter().any(|lease| lease.stand_in);
        if let Some(by) = back.interrupted.filter(|_| !may_be_spoilt) {
            // Twice is no accident: the service is not there.
            judged = Judgement::blocked(by);
        }
        let is_retried = judged.outcome.is_bad() && judged.outcome != Outcome::Blocked;
        let more =
            !self.stop.requested() && ((spoilt && may_be_spoilt) || (is_retried && may_retry));
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
            release_errors: said
                .map(|s| s.release_errors.clone())
                .unwrap_or_default()
                .into_iter()
                .chain(back.errors)
                .collect(),
            leases: back.uses,
            infrastructure,
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
            stand_in,
            spoilt,
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

    pub(super) fn block(&self, test: &Registered, blocked: Blocked, number: u32) -> Final {
        let attempt = Attempt {
            test: test.facts.name.clone(),
            number,
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
            stand_in: false,
            spoilt: false,
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
