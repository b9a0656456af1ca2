//! The files of a run become one set of figures.
//!
//! A file holds what one test binary wrote; under a runner that starts a process for each test,
//! what all processes of that binary wrote, one after the other.

use std::collections::{BTreeMap, BTreeSet};

use phasegate_record::event::{Disposition, Event, Hook, Note, PlannedTest, Run};

use super::evidence::{FileFigure, RunHeader, Shortcoming};
use super::missing;
use super::service::{ServiceFigure, StepFigure};
use super::test::{AttemptFigure, TestFigure};
use super::time::instant_ms;

/// One file of a record, as read.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    /// Path relative to the run's directory, with `/`.
    pub path: String,
    /// Digest of the last line.
    pub head: String,
    /// Line numbers (from 1) and what the lines say.
    pub events: Vec<(usize, &'a Event)>,
    /// What the reader found wrong with the file.
    pub flaws: Vec<Flaw>,
}

/// Something that is wrong with a file of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// What, with path and line.
    pub text: String,
    /// Whether somebody must have changed the file after it was written.
    pub tampering: bool,
}

/// A hook that did not pass.
#[derive(Debug, Clone, Copy)]
pub struct FailedHook<'a> {
    /// The event.
    pub event: &'a Hook,
    /// Name of the test binary.
    pub binary: &'a str,
}

/// All that a run shows.
#[derive(Debug, Clone, Default)]
pub struct RunFigures<'a> {
    /// What is true of the run as a whole.
    pub header: RunHeader,
    /// Its files, in the order given.
    pub files: Vec<FileFigure>,
    /// Every planned test, sorted by package, binary and name.
    pub tests: Vec<TestFigure<'a>>,
    /// Every service, sorted by package, binary and name.
    pub services: Vec<ServiceFigure<'a>>,
    /// Files that the globs of criteria matched.
    pub file_sets: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Hooks that did not pass.
    pub failed_hooks: Vec<FailedHook<'a>>,
    /// Notes of the harness.
    pub notes: Vec<&'a Note>,
    /// Why no verdict can be computed; empty when nothing stands in the way.
    pub shortcomings: Vec<Shortcoming>,
    /// What else is wrong with the files of the record.
    pub warnings: Vec<String>,
}

/// Folds the files of one run. Linear in the number of events, up to sorting the tests.
///
/// Contradictions are no errors: they become [`Shortcoming`]s, and no verdict is computed.
#[must_use]
pub fn fold<'a>(sources: &[Source<'a>]) -> RunFigures<'a> {
    let mut folding = Folding::default();
    for (index, source) in sources.iter().enumerate() {
        folding.read(index, source);
    }
    folding.finish()
}

#[derive(Default)]
struct Folding<'a> {
    run: RunFigures<'a>,
    tests: BTreeMap<(&'a str, &'a str, &'a str), TestFigure<'a>>,
    services: BTreeMap<(&'a str, &'a str, &'a str), ServiceFigure<'a>>,
    first: Option<&'a Run>,
    unplanned: Vec<String>,
    redeclared: BTreeSet<&'a str>,
    start_ms: Option<u64>,
    end_ms: Option<u64>,
    unended: bool,
    awaited: BTreeSet<&'a str>,
}

impl<'a> Folding<'a> {
    fn read(&mut self, index: usize, source: &Source<'a>) {
        let mut file = FileFigure {
            path: source.path.clone(),
            package: String::new(),
            binary: String::new(),
            invocation: None,
            args: Vec::new(),
            shard: None,
            lines: source.events.len(),
            head: source.head.clone(),
            sealed: matches!(source.events.last(), Some((_, Event::Seal { .. })))
                && source.flaws.iter().all(|flaw| flaw.tampering),
            interrupted: false,
        };
        let (mut package, mut binary, mut ended) = ("", "", false);
        let mut part_ms = None;
        for &(line, event) in &source.events {
            match event {
                Event::Run(run) => {
                    (package, binary) = (&run.package, &run.binary);
                    part_ms = instant_ms(&run.started_at);
                    self.start(run, &mut file);
                }
                Event::Planned(plan) => self.plan(package, binary, plan),
                Event::Attempt(attempt) => {
                    self.run.header.attempts_us += attempt.wall_us;
                    let figure = AttemptFigure {
                        event: attempt,
                        file: index,
                        line,
                    };
                    match self.tests.get_mut(&(package, binary, &attempt.test)) {
                        Some(test) => test.attempts.push(figure),
                        None => self.unplanned.push(format!("{}:{line}", source.path)),
                    }
                }
                Event::Files(set) => self
                    .run
                    .file_sets
                    .entry(&set.glob)
                    .or_default()
                    .extend(set.files.iter().map(String::as_str)),
                Event::Hook(hook) if hook.outcome.is_bad() => {
                    self.run.failed_hooks.push(FailedHook {
                        event: hook,
                        binary,
                    });
                }
                Event::Service(event) => {
                    let service = self.service(package, binary, &event.service);
                    service.history.push(StepFigure { event, part_ms });
                }
                Event::Note(note) => self.run.notes.push(note),
                Event::End(end) => {
                    ended = true;
                    file.interrupted |= end.interrupted;
                    self.awaited.extend(end.awaited.iter().map(String::as_str));
                    self.end_ms = self.end_ms.max(instant_ms(&end.finished_at));
                }
                Event::Hook(_) | Event::Phase(_) | Event::Seal { .. } => {}
            }
        }
        self.unended |= !ended;
        self.note_state(&file, &source.flaws);
        self.run.files.push(file);
    }

    fn start(&mut self, run: &'a Run, file: &mut FileFigure) {
        let header = &mut self.run.header;
        if file.invocation.is_none() {
            file.package.clone_from(&run.package);
            file.binary.clone_from(&run.binary);
            file.invocation = Some(run.invocation);
            file.args.clone_from(&run.args);
            file.shard = run.shard;
        }
        header.harness.insert(run.harness.clone());
        if run.unlisted > 0 {
            let file = file.path.clone();
            let tests = run.unlisted;
            self.run
                .shortcomings
                .push(Shortcoming::Unlisted { file, tests });
        }
        let started = instant_ms(&run.started_at);
        if header.started_at.is_none() || started < self.start_ms {
            header.started_at = Some(run.started_at.clone());
            self.start_ms = started;
        }
        for declared in &run.services {
            let service = self.service(&run.package, &run.binary, &declared.name);
            service.declared.get_or_insert(declared);
        }
        let header = &mut self.run.header;
        for phase in &run.project.phases {
            if !header.project.phases.iter().any(|p| p.id == phase.id) {
                header.project.phases.push(phase.clone());
            }
        }
        for (name, boundary) in &run.project.boundaries {
            let boundaries = &mut header.project.boundaries;
            boundaries
                .entry(name.clone())
                .or_insert_with(|| boundary.clone());
        }
        match self.first {
            Some(first) => self.compare(first, run),
            None => self.adopt(run),
        }
    }

    fn service(
        &mut self,
        package: &'a str,
        binary: &'a str,
        name: &'a str,
    ) -> &mut ServiceFigure<'a> {
        let service = self.services.entry((package, binary, name));
        service.or_insert_with(|| ServiceFigure {
            package,
            binary,
            name,
            declared: None,
            history: Vec::new(),
        })
    }

    fn adopt(&mut self, run: &'a Run) {
        self.first = Some(run);
        let header = &mut self.run.header;
        header.id.clone_from(&run.id);
        header.project.name.clone_from(&run.project.name);
        header.project.progressive = run.project.progressive;
        header.project.dir.clone_from(&run.project.dir);
        header.git.clone_from(&run.git);
        header.rustc.clone_from(&run.rustc);
        header.host = Some(run.host.clone());
        header.seed = Some(run.seed);
        header.shuffled = run.shuffled;
        header.config_digest.clone_from(&run.config_digest);
    }

    fn compare(&mut self, first: &Run, run: &Run) {
        let git = &mut self.run.header.git;
        if let (Some(known), Some(other)) = (git.as_mut(), &run.git) {
            known.dirty |= other.dirty;
        }
        let revision = |run: &Run| run.git.as_ref().map(|git| git.revision.clone());
        let findings = [
            (first.id != run.id).then(|| {
                format!(
                    "files of two runs lie in one directory: {} and {}",
                    first.id, run.id
                )
            }),
            (first.config_digest != run.config_digest)
                .then(|| "phasegate.toml changed while the run was going on".to_owned()),
            (revision(first) != revision(run))
                .then(|| "the git revision changed while the run was going on".to_owned()),
        ];
        for finding in findings.into_iter().flatten() {
            self.contradict(finding);
        }
    }

    fn plan(&mut self, package: &'a str, binary: &'a str, plan: &'a PlannedTest) {
        let key = (package, binary, plan.name.as_str());
        let Some(known) = self.tests.get_mut(&key) else {
            let test = TestFigure::planned(package, binary, plan);
            self.tests.insert(key, test);
            return;
        };
        if !same_declaration(known.plan, plan) {
            self.redeclared.insert(&plan.name);
        }
        if rank(&plan.disposition) < rank(&known.plan.disposition) {
            known.plan = plan;
        }
    }

    fn note_state(&mut self, file: &FileFigure, flaws: &[Flaw]) {
        for flaw in flaws {
            if flaw.tampering {
                let finding = flaw.text.clone();
                self.run
                    .shortcomings
                    .push(Shortcoming::Tampered { finding });
            } else {
                self.run.warnings.push(flaw.text.clone());
            }
        }
        let file_name = file.path.clone();
        if !file.sealed {
            let file = file_name;
            self.run.shortcomings.push(Shortcoming::Unsealed { file });
        } else if file.interrupted {
            let file = file_name;
            self.run
                .shortcomings
                .push(Shortcoming::Interrupted { file });
        }
    }

    fn contradict(&mut self, finding: String) {
        let shortcoming = Shortcoming::Inconsistent { finding };
        if !self.run.shortcomings.contains(&shortcoming) {
            self.run.shortcomings.push(shortcoming);
        }
    }

    fn finish(mut self) -> RunFigures<'a> {
        if self.first.is_none() {
            self.run.shortcomings.push(Shortcoming::Empty);
        }
        if let Some(place) = self.unplanned.first() {
            let count = self.unplanned.len();
            self.contradict(format!(
                "attempts at tests that were never planned: {count}, the first at {place}"
            ));
        }
        if let Some(name) = self.redeclared.first() {
            let count = self.redeclared.len();
            self.contradict(format!(
                "tests that are declared in two ways: {count}, the first is {name}"
            ));
        }
        if let (Some(start), Some(end), false) = (self.start_ms, self.end_ms, self.unended) {
            self.run.header.wall_ms = end.checked_sub(start);
        }
        self.run.tests = self.tests.into_values().collect();
        self.run.services = self.services.into_values().collect();
        let phases = &self.run.header.project.phases;
        for test in &mut self.run.tests {
            let phase = phases
                .iter()
                .find(|p| Some(&p.id) == test.plan.phase.as_ref());
            test.settle(phase.is_some_and(|phase| phase.allow_fallback));
        }
        let missing = missing::shortcomings(&self.run, &self.awaited);
        self.run.shortcomings.extend(missing);
        self.run
    }
}

/// Whether two plans differ at most in what is to become of the test.
fn same_declaration(a: &PlannedTest, b: &PlannedTest) -> bool {
    let declared = |plan: &PlannedTest| PlannedTest {
        disposition: Disposition::Run,
        ..plan.clone()
    };
    declared(a) == declared(b)
}

/// Where shards or processes plan different things for a test, the one that runs it counts.
fn rank(disposition: &Disposition) -> u8 {
    match disposition {
        Disposition::Run => 0,
        Disposition::Ignored { .. } => 1,
        Disposition::Filtered => 2,
        Disposition::OtherShard => 3,
    }
}
