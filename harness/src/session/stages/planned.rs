//! Everything about the run is decided; nothing has run.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use phasegate_record::event::{Blocked, Disposition, Event, Isolation, PlannedTest, Run};
use phasegate_record::project::Project;
use phasegate_record::redact::Redactor;

use super::collected::{Refused, gather};
use super::running::{Running, Shared};
use crate::config::Config;
use crate::console::args::Args;
use crate::console::json::Json;
use crate::console::lines;
use crate::console::log::Log;
use crate::execution::board::Board;
use crate::execution::executor::{Executor, Setup};
use crate::execution::observe::Policy;
use crate::execution::schedule::Schedule;
#[cfg(target_os = "linux")]
use crate::execution::server::Root;
use crate::execution::stop::Stop;
use crate::plan::order::History;
use crate::plan::{Plan, files};
use crate::session::bazel::Bazel;
use crate::session::facts::{self, GitQuestion};
use crate::session::recorder::Recorder;
use crate::session::run_dir::{self, RunDir};
use crate::session::stop_requests;
#[cfg(all(unix, feature = "services"))]
use crate::session::supervise;
use crate::session::surroundings::{self, Surroundings};
use crate::session::witness::Witness;

/// Everything about the run is decided; nothing has run.
pub(crate) struct Planned {
    pub(super) around: Surroundings,
    pub(super) bazel: Bazel,
    pub(super) config: Config,
    pub(super) git: GitQuestion,
    pub(super) plan: Plan,
    pub(super) run: Run,
    /// Directory of the test binary's package.
    #[cfg_attr(not(all(unix, feature = "services")), allow(dead_code))]
    pub(super) package: PathBuf,
    pub(super) home: PathBuf,
    pub(super) stem: String,
    pub(super) history: History,
}

/// What keeps tests apart, and what keeps all of them from running, if anything does.
type Execution = (Option<Executor>, Option<Blocked>);

impl Planned {
    /// Opens the record, writes the inventory and makes ready to run.
    pub(crate) fn start(
        mut self,
        args: Args,
        machine: Option<File>,
        #[cfg(target_os = "linux")] root: Option<Root>,
    ) -> Result<Running, Refused> {
        run_dir::check(&self.around)
            .map_err(|e| Refused::usage(format!("PHASEGATE_RUN_ID: {e}")))?;
        let log = args.logfile.as_deref().map(Log::create).transpose();
        let log = log.map_err(Refused::usage)?;
        self.bazel.begin().map_err(|e| {
            Refused::usage(format!("cannot write a file that Bazel asked for: {e}"))
        })?;
        let dir = run_dir::join(&self.home, &self.around, self.run.project.dir.as_deref())
            .unwrap_or_else(|error| {
                // The tests still run; the recorder will say why there is no record.
                lines::error(&format!(
                    "cannot join a run below {}: {error}",
                    self.home.display()
                ));
                RunDir {
                    id: "unrecorded".to_owned(),
                    path: self.home.join("runs").join("unrecorded"),
                }
            });
        self.run.id.clone_from(&dir.id);
        let recorder = self.open_record(&dir.path)?;
        let scratch = scratch(&dir.id);
        #[cfg(all(unix, feature = "services"))]
        let leasing = self.begin_services(
            &args,
            &dir,
            &scratch,
            &recorder,
            #[cfg(target_os = "linux")]
            root.as_ref().map(Root::pid),
            #[cfg(not(target_os = "linux"))]
            None,
        );
        let setup = Setup {
            #[cfg(target_os = "linux")]
            root,
            pass_on: args.nocapture,
            scratch: scratch.clone(),
            threads_too: args.force_run_in_process
                || self
                    .plan
                    .tests
                    .iter()
                    .any(|t| t.facts.isolation == Isolation::Thread),
        };
        let (executor, obstacle) = execution(setup)?;
        let stop = Stop::new().map_err(|e| Refused::usage(format!("cannot make a pipe: {e}")))?;
        let json = machine
            .as_ref()
            .and_then(|out| Json::for_format(args.format, out, args.show_output));
        let schedule = Schedule {
            executor,
            policy: self.policy(&args),
            board: Board::new(
                &self.run.project.phases,
                self.progressive(),
                &totals(&self.plan),
            ),
            stop,
            observer: Witness {
                recorder,
                json,
                log,
            },
            #[cfg(all(unix, feature = "services"))]
            leasing,
            #[cfg(not(all(unix, feature = "services")))]
            leasing: crate::execution::leasing::Leasing::default(),
            began: Instant::now(),
            obstacle: Mutex::new(obstacle),
            groups: groups(&self.plan),
            hook_failed: AtomicBool::new(false),
        };
        let shared = Arc::new(Shared::new(self.plan, schedule));
        let signal = stop_requests::watch(&shared);
        Ok(Running {
            shared,
            args,
            signal,
            dir,
            scratch,
            machine,
            around: self.around,
            bazel: self.bazel,
            run: self.run,
            home: self.home,
            workspace: self.config.workspace,
            stem: self.stem,
            history: self.history,
        })
    }

    #[cfg(all(unix, feature = "services"))]
    fn begin_services(
        &self,
        args: &Args,
        dir: &RunDir,
        scratch: &Path,
        recorder: &Arc<Recorder>,
        fork_server: Option<u32>,
    ) -> crate::execution::leasing::Leasing {
        // Threads that hear the services must leave requests to stop to the one that waits for them.
        crate::execution::hold_stop_requests();
        let outline = supervise::Outline {
            home: &self.home,
            run_dir: &dir.path,
            run: &dir.id,
            stem: &self.stem,
            secrets: &self.config.redact,
            package: self.package.clone(),
            workers: args.workers(self.around.process_per_test()),
            bazel: self.around.bazel,
            many: self.around.process_per_test(),
            fork_server,
            scratch,
        };
        supervise::begin(&outline, running(&self.plan), recorder)
    }

    /// One process knows only its own test under nextest, so no phase can wait for another there.
    fn progressive(&self) -> bool {
        self.run.project.progressive && !self.around.process_per_test()
    }

    fn policy(&self, args: &Args) -> Policy {
        Policy {
            run_id: self.run.id.clone(),
            seed: self.run.seed,
            nonce: format!(
                "{} {} {} {} {}",
                self.run.id,
                self.run.package,
                self.run.binary,
                std::process::id(),
                self.run.started_at
            ),
            retry_delay: self.config.retry_delay,
            grace: self.config.grace,
            hook_timeout: self.config.hook_timeout,
            output_limit: self.config.output_limit,
            own_group: !self.around.bazel,
            fail_fast: args.fail_fast,
            earlier_rounds: self.around.nextest_attempt.saturating_sub(1),
            alone: self.around.process_per_test(),
            in_process: args.force_run_in_process,
        }
    }

    /// The record, with the inventory in it before anything runs.
    fn open_record(&mut self, dir: &Path) -> Result<Arc<Recorder>, Refused> {
        let redactor = Redactor::from_env(&self.config.redact);
        if !self.around.process_per_test() {
            let recorder = Recorder::own(dir, &self.stem, &redactor);
            self.complete_run();
            recorder.write_all(&self.opening(self.plan.tests.iter().map(|t| &t.facts)));
            return Ok(Arc::new(recorder));
        }
        // Under nextest all processes of a binary share one file; whoever comes first writes the
        // inventory for all of them.
        let recorder = Recorder::shared(dir, &self.stem, &redactor);
        if !recorder.exists() {
            let all = gather(&self.config, |_| true)?;
            self.run.unlisted = 0;
            let name = std::mem::take(&mut self.run.project.name);
            self.run.project = Project {
                name,
                ..all.project.clone()
            };
            self.git = facts::ask_git(&self.config.root);
            self.complete_run();
            let opening = self.opening(all.tests.iter().map(|t| &t.facts));
            recorder.open_shared(&opening);
        }
        Ok(Arc::new(recorder))
    }

    fn complete_run(&mut self) {
        self.run.git = self.git.answer();
        self.run.rustc = self.home.parent().and_then(facts::rustc);
    }

    fn opening<'a>(&self, tests: impl Iterator<Item = &'a PlannedTest>) -> Vec<Event> {
        let mut events = vec![Event::Run(Box::new(self.run.clone()))];
        events.extend(tests.map(|t| Event::Planned(Box::new(t.clone()))));
        events.extend(
            files::expand(
                &self.config.root,
                &self.config.workspace,
                &self.run.project.phases,
            )
            .into_iter()
            .map(Event::Files),
        );
        events
    }
}

fn execution(setup: Setup) -> Result<Execution, Refused> {
    match Executor::start(setup) {
        Ok(Ok(executor)) => Ok((Some(executor), None)),
        Ok(Err(unfit)) => Ok((
            None,
            Some(Blocked {
                root: unfit.root,
                reason: unfit.reason,
            }),
        )),
        Err(error) => Err(Refused::usage(format!(
            "cannot start processes for tests: {error}"
        ))),
    }
}

/// Where the tests of this process may create files.
fn scratch(run_id: &str) -> PathBuf {
    let base = surroundings::path("TEST_TMPDIR").unwrap_or_else(std::env::temp_dir);
    base.join(format!("phasegate-{run_id}-{}", std::process::id()))
}

fn running(plan: &Plan) -> impl Iterator<Item = &PlannedTest> {
    plan.tests
        .iter()
        .map(|t| &t.facts)
        .filter(|t| t.disposition == Disposition::Run)
}

fn totals(plan: &Plan) -> HashMap<String, u64> {
    let mut totals = HashMap::new();
    for phase in running(plan).filter_map(|t| t.phase.clone()) {
        *totals.entry(phase).or_default() += 1;
    }
    totals
}

fn groups(plan: &Plan) -> HashMap<String, Mutex<()>> {
    running(plan)
        .filter_map(|t| t.serial.clone())
        .map(|group| (group, Mutex::default()))
        .collect()
}
