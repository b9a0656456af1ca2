//! The tests run.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use phasegate_record::event::{Blocked, Counts, Disposition, HookPoint, Outcome, PlannedTest, Run};

use super::finished::Finished;
use crate::console::args::Args;
use crate::console::json::{Json, Totals};
use crate::console::trials::{self, Answer};
use crate::console::{failure, lines};
#[cfg(unix)]
use crate::execution::exit_guard;
use crate::execution::observe::{Final, Observer, Stopped};
use crate::execution::schedule::Schedule;
use crate::plan::Plan;
use crate::plan::order::History;
use crate::registry::collect::Registered;
use crate::session::bazel::Bazel;
use crate::session::run_dir::RunDir;
use crate::session::surroundings::Surroundings;
use crate::session::witness::Witness;

/// What all workers share.
pub(crate) struct Shared {
    pub(crate) plan: Plan,
    pub(crate) schedule: Schedule<Witness>,
    /// Whether a test has been left out because the run was stopped.
    cut: AtomicBool,
    ended: Mutex<Vec<Ended>>,
}

/// What is kept of a test that has ended; its output is in the record.
#[derive(Debug, Clone)]
pub(crate) struct Ended {
    pub(crate) test: usize,
    pub(crate) outcome: Outcome,
    pub(crate) attempts: u32,
    pub(crate) wall_us: u64,
    pub(crate) leaky: bool,
    pub(crate) blocked: Option<Blocked>,
}

impl Shared {
    pub(super) fn new(plan: Plan, schedule: Schedule<Witness>) -> Self {
        Self {
            plan,
            schedule,
            cut: AtomicBool::new(false),
            ended: Mutex::default(),
        }
    }

    pub(super) fn ended(&self) -> MutexGuard<'_, Vec<Ended>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn json(&self) -> Option<&Json> {
        self.schedule.observer.json.as_ref()
    }

    /// Runs the test at a place of the order and says how it ended.
    fn run(&self, place: usize, args: &Shown) -> Answer {
        let test = &self.plan.tests[self.plan.order[place]];
        let log = self.schedule.observer.log.as_ref();
        let last = match self.schedule.run(test) {
            Ok(last) => last,
            Err(stopped) => return self.stopped(&test.facts, stopped),
        };
        if let Some(json) = self.json() {
            json.test_ended(&test.facts, &last);
        }
        if let Some(log) = log {
            log.ended(&test.facts.name, last.outcome);
        }
        let answer = match last.outcome {
            Outcome::Passed => Answer::Passed,
            Outcome::Skipped => Answer::Ignored(last.skip_reason.clone()),
            _ => Answer::Failed(self.explain(test, &last, args)),
        };
        if args.outputs && last.outcome == Outcome::Passed {
            show_output(&test.facts.name, &last);
        }
        self.ended().push(Ended {
            test: self.plan.order[place],
            outcome: last.outcome,
            attempts: last.attempts,
            wall_us: last.wall_us,
            leaky: last.leaky,
            blocked: last.blocked,
        });
        answer
    }

    /// A test that the stop has cut off is no test that passed or was ignored.
    fn stopped(&self, test: &PlannedTest, stopped: Stopped) -> Answer {
        let why = match stopped {
            Stopped::Before => "not run: the run was stopped",
            Stopped::Midway => "the run was stopped before the test had ended",
        };
        if let Some(json) = self.json() {
            json.test_stopped(&test.name, stopped, why);
        }
        if let Some(log) = &self.schedule.observer.log {
            log.stopped(&test.name, stopped);
        }
        match stopped {
            // One of them makes the pool's summary a failure; naming all of them would bury it.
            Stopped::Before if !self.cut.swap(true, Ordering::SeqCst) => Answer::Failed(Some(
                format!("{why}; so were all tests shown as ignored for that reason"),
            )),
            Stopped::Before => Answer::Ignored(Some(why.to_owned())),
            Stopped::Midway => Answer::Failed(Some(why.to_owned())),
        }
    }

    /// What the pool is to print at the end. With `--nocapture` it is printed here instead: the
    /// output has been seen already, and what is to be said must be said before the line that
    /// names the outcome, because runners stop reading there.
    fn explain(&self, test: &Registered, last: &Final, args: &Shown) -> Option<String> {
        if !args.live {
            return Some(failure::describe(&test.facts, last));
        }
        let silent = Final {
            stdout: Vec::new(),
            stderr: Vec::new(),
            ..last.clone()
        };
        let text = failure::describe(&test.facts, &silent);
        lines::closing(
            &format!("{}: {text}", test.facts.name),
            self.json().is_some(),
        );
        None
    }
}

/// What of the tests' output is shown.
#[derive(Debug, Clone, Copy)]
struct Shown {
    /// `--nocapture`
    live: bool,
    /// `--show-output`, for people
    outputs: bool,
}

fn show_output(name: &str, last: &Final) {
    let mut text = String::new();
    failure::stream(&mut text, "stdout", &last.stdout);
    failure::stream(&mut text, "stderr", &last.stderr);
    if !text.is_empty() {
        lines::closing(&format!("\n---- {name} ----{text}"), false);
    }
}

/// The tests run.
pub(crate) struct Running {
    pub(super) shared: Arc<Shared>,
    pub(super) args: Args,
    pub(super) around: Surroundings,
    pub(super) bazel: Bazel,
    pub(super) run: Run,
    pub(super) home: PathBuf,
    pub(super) workspace: PathBuf,
    pub(super) stem: String,
    pub(super) history: History,
    pub(super) dir: RunDir,
    pub(super) scratch: PathBuf,
    pub(super) machine: Option<File>,
    /// The signal that asked to stop, 0 for none.
    pub(super) signal: Arc<AtomicI32>,
}

impl Running {
    /// Runs everything that is planned, hooks around it included.
    pub(crate) fn run(self) -> Finished {
        #[cfg(unix)]
        exit_guard::arm();
        let shared = &self.shared;
        if self.args.shuffle {
            let seed = self.args.shuffle_seed.unwrap_or(self.run.seed);
            lines::closing(
                &format!("shuffled with seed {seed}; repeat with `--shuffle-seed {seed}`"),
                self.args.is_for_machines(),
            );
        }
        let names: Vec<(String, bool)> = shared
            .plan
            .order
            .iter()
            .map(|i| &shared.plan.tests[*i].facts)
            .map(|t| (t.name.clone(), t.disposition != Disposition::Run))
            .collect();
        self.announce(names.len());
        let obstacle = shared.schedule.hooks(HookPoint::BeforeRun, None);
        if let Some(obstacle) = obstacle {
            shared.schedule.obstruct(obstacle);
        }
        self.run_pool(names);
        shared.schedule.hooks(HookPoint::AfterRun, None);
        let wall = shared.schedule.began.elapsed();
        let counts = self.count();
        if let Some(json) = shared.json() {
            let mut totals = totals(&counts, &shared.plan);
            totals.cut |= shared.schedule.hook_failed.load(Ordering::SeqCst);
            json.suite_ended(totals, wall);
        }
        self.into_finished(counts, wall)
    }

    /// Tells machines how many tests there are and which of them will not run.
    fn announce(&self, count: usize) {
        let shared = &self.shared;
        if let Some(json) = shared.json() {
            json.suite_started(count);
        }
        for place in &shared.plan.order {
            let test = &shared.plan.tests[*place].facts;
            let Disposition::Ignored { reason } = &test.disposition else {
                continue;
            };
            if let Some(json) = shared.json() {
                json.test_ignored(&test.name, reason.as_deref());
            }
            if let Some(log) = &shared.schedule.observer.log {
                log.ignored(&test.name);
            }
        }
    }

    fn run_pool(&self, names: Vec<(String, bool)>) {
        let filtered = self.shared.plan.tests.len() - names.len();
        let unlisted = usize::try_from(self.run.unlisted).unwrap_or(0);
        let shown = Shown {
            live: self.args.nocapture,
            outputs: self.args.show_output && !self.args.is_for_machines() && !self.args.nocapture,
        };
        let shared = Arc::clone(&self.shared);
        let pool = || {
            trials::run(
                &self.args,
                self.args.workers(self.around.process_per_test()),
                names,
                filtered + unlisted,
                move |place| shared.run(place, &shown),
            )
        };
        // The pool's own verdict is not asked for: what a test came to is known here in full. It
        // panics when nobody reads its output any more; the record must be closed all the same.
        if catch_unwind(AssertUnwindSafe(pool)).is_err() {
            self.shared.schedule.observer.note(
                "the output of the run could not be written to its end; the record is whole"
                    .to_owned(),
            );
        }
    }

    fn count(&self) -> Counts {
        let planned = self.shared.plan.runs() as u64;
        let mut counts = Counts {
            total: planned,
            ..Counts::default()
        };
        for ended in self.shared.ended().iter() {
            *match ended.outcome {
                Outcome::Passed => &mut counts.passed,
                Outcome::Failed => &mut counts.failed,
                Outcome::TimedOut => &mut counts.timed_out,
                Outcome::Crashed => &mut counts.crashed,
                Outcome::Blocked => &mut counts.blocked,
                Outcome::Skipped => &mut counts.skipped,
            } += 1;
        }
        counts.not_run = planned - self.shared.ended().len() as u64;
        counts
    }

    fn into_finished(self, counts: Counts, wall: Duration) -> Finished {
        let signal = self.signal.load(Ordering::SeqCst);
        let interrupted = self.shared.schedule.stop.requested() && counts.not_run > 0;
        Finished {
            running: self,
            counts,
            wall,
            signal: (signal != 0).then_some(signal),
            interrupted,
        }
    }
}

fn totals(counts: &Counts, plan: &Plan) -> Totals {
    let ignored = plan
        .tests
        .iter()
        .filter(|t| matches!(t.facts.disposition, Disposition::Ignored { .. }))
        .count() as u64;
    Totals {
        passed: counts.passed,
        failed: counts.failed + counts.timed_out + counts.crashed + counts.blocked,
        ignored: ignored + counts.skipped + counts.not_run,
        filtered: (plan.tests.len() - plan.order.len()) as u64,
        cut: counts.not_run > 0,
    }
}
