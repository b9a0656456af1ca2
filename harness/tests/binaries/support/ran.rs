//! What a process did.

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::ExitStatus;

use phasegate_record::event::{
    Attempt, End, Event, Hook, Outcome, Output, PhaseStep, PlannedTest, Run, ServiceChange,
    ServiceStep,
};
use phasegate_record::read::{RunRecord, read_run};

/// What a process did.
pub(crate) struct Ran {
    /// Exit code; the negative number of the signal that ended it.
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    runs: Vec<RunRecord>,
}

impl Ran {
    pub(super) fn new(
        status: ExitStatus,
        stdout: String,
        stderr: String,
        runs: Vec<PathBuf>,
    ) -> Self {
        let code = status
            .code()
            .or(status.signal().map(|s| -s))
            .expect("it ended in one of two ways");
        let runs = runs.iter().filter_map(|dir| read_run(dir).ok()).collect();
        Self {
            code,
            stdout,
            stderr,
            runs,
        }
    }

    /// Fails with everything that was said unless the exit code is as expected.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "exit code\n{}\n{}",
            self.stdout, self.stderr
        );
        self
    }

    /// Lines that name a test's result, as `NAME ... RESULT`, in the order of the output.
    pub(crate) fn results(&self) -> Vec<String> {
        let lines = self.stdout.lines().filter_map(|l| l.strip_prefix("test "));
        lines
            .filter(|l| l.contains(" ... "))
            .map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }

    /// Names of the tests that have a result, in the order of the output.
    pub(crate) fn names(&self) -> Vec<String> {
        let results = self.results().into_iter();
        results
            .map(|l| l.split(' ').next().unwrap_or_default().to_owned())
            .collect()
    }

    /// Names of the tests that have a result, sorted.
    pub(crate) fn sorted_names(&self) -> Vec<String> {
        let mut names = self.names();
        names.sort();
        names
    }

    /// The only run that it recorded, which must be sound.
    #[track_caller]
    pub(crate) fn record(&self) -> &RunRecord {
        assert_eq!(
            self.runs.len(),
            1,
            "one run is recorded\n{}\n{}",
            self.stdout,
            self.stderr
        );
        let problems: Vec<_> = self.runs[0].problems().collect();
        assert!(problems.is_empty(), "the record is sound: {problems:?}");
        &self.runs[0]
    }

    /// Whatever was recorded, in a sound record or not.
    pub(crate) fn recorded(&self) -> impl Iterator<Item = &Event> {
        self.runs.iter().flat_map(RunRecord::events)
    }

    /// Whether nothing was recorded.
    pub(crate) fn left_no_record(&self) -> bool {
        self.runs.is_empty()
    }

    /// Every attempt at a test, in order.
    #[track_caller]
    pub(crate) fn attempts(&self, test: &str) -> Vec<Attempt> {
        attempts(self.record())
            .filter(|a| a.test == test)
            .cloned()
            .collect()
    }

    /// The only attempt at a test.
    #[track_caller]
    pub(crate) fn attempt(&self, test: &str) -> Attempt {
        let mut all = self.attempts(test);
        assert_eq!(all.len(), 1, "attempts at {test}");
        all.remove(0)
    }

    /// How a test ended in the end.
    #[track_caller]
    pub(crate) fn outcome(&self, test: &str) -> Option<Outcome> {
        self.attempts(test).last().map(|a| a.outcome)
    }

    #[track_caller]
    pub(crate) fn planned(&self, test: &str) -> PlannedTest {
        let planned = self.record().events().find_map(|e| match e {
            Event::Planned(planned) if planned.name == test => Some((**planned).clone()),
            _ => None,
        });
        planned.unwrap_or_else(|| panic!("{test} is in no inventory"))
    }

    #[track_caller]
    pub(crate) fn beginning(&self) -> Run {
        let run = self.record().events().find_map(|e| match e {
            Event::Run(run) => Some((**run).clone()),
            _ => None,
        });
        run.expect("a record begins with its run")
    }

    #[track_caller]
    pub(crate) fn end(&self) -> End {
        let end = self.record().events().find_map(|e| match e {
            Event::End(end) => Some(end.clone()),
            _ => None,
        });
        end.expect("a record ends")
    }

    #[track_caller]
    pub(crate) fn hooks(&self) -> Vec<Hook> {
        let events = self.record().events();
        events
            .filter_map(|e| {
                if let Event::Hook(h) = e {
                    Some((**h).clone())
                } else {
                    None
                }
            })
            .collect()
    }

    /// What happened to services, as `name change`; steps of a start or stop left out.
    #[track_caller]
    pub(crate) fn service_changes(&self) -> Vec<String> {
        let steps = self.service_steps().into_iter();
        steps
            .filter(|s| s.change != ServiceChange::Step)
            .map(|s| format!("{} {:?}", s.service, s.change).to_lowercase())
            .collect()
    }

    #[track_caller]
    pub(crate) fn service_steps(&self) -> Vec<ServiceStep> {
        let events = self.record().events();
        events
            .filter_map(|e| match e {
                Event::Service(step) => Some(step.clone()),
                _ => None,
            })
            .collect()
    }

    #[track_caller]
    pub(crate) fn phase_steps(&self) -> Vec<PhaseStep> {
        let events = self.record().events();
        events
            .filter_map(|e| {
                if let Event::Phase(p) = e {
                    Some(p.clone())
                } else {
                    None
                }
            })
            .collect()
    }
}

/// Every attempt of a record.
pub(crate) fn attempts(record: &RunRecord) -> impl Iterator<Item = &Attempt> {
    record.events().filter_map(|e| match e {
        Event::Attempt(attempt) => Some(&**attempt),
        _ => None,
    })
}

/// The text of a captured stream.
pub(crate) fn text(output: &Output) -> &str {
    match output {
        Output::Text { text } => text,
        Output::Empty => "",
        other => panic!("no text: {other:?}"),
    }
}
