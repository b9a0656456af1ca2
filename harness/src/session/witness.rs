//! Hears what happens; tells the record and the console.

use std::sync::Arc;
use std::time::Duration;

use phasegate_record::event::{Attempt, Event, Hook, Note, NoteLevel, Outcome, PhaseStep};

use super::recorder::Recorder;
use crate::console::json::Json;
use crate::console::log::Log;
use crate::console::{failure, lines};
use crate::execution::capture::Captured;
use crate::execution::observe::Observer;

/// The observer of a run.
pub(crate) struct Witness {
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) json: Option<Json>,
    pub(crate) log: Option<Log>,
}

impl Observer for Witness {
    fn started(&self, test: &str, number: u32) {
        match &self.json {
            Some(json) if number == 1 => json.test_started(test),
            _ => {}
        }
    }

    fn slow(&self, test: &str, after: Duration) {
        match &self.json {
            Some(json) => json.test_slow(test),
            None => lines::slow(test, after),
        }
    }

    fn attempt(&self, mut attempt: Attempt, stdout: &Captured, stderr: &Captured) {
        attempt.stdout = self.recorder.output(stdout);
        attempt.stderr = self.recorder.output(stderr);
        self.recorder.write(&Event::Attempt(Box::new(attempt)));
    }

    fn hook(&self, mut hook: Hook, stdout: &Captured, stderr: &Captured) {
        hook.stdout = self.recorder.output(stdout);
        hook.stderr = self.recorder.output(stderr);
        if hook.outcome != Outcome::Passed {
            let mut text = format!("hook `{}` {}", hook.name, hook.outcome.as_str());
            if let Some(failure) = &hook.failure {
                text += &format!(": {}", failure.message);
            }
            failure::stream(&mut text, "stdout", stdout.bytes());
            failure::stream(&mut text, "stderr", stderr.bytes());
            lines::note(&text);
        }
        self.recorder.write(&Event::Hook(Box::new(hook)));
    }

    fn phase(&self, step: PhaseStep) {
        self.recorder.write(&Event::Phase(step));
    }

    fn note(&self, text: String) {
        lines::note(&text);
        self.recorder.write(&Event::Note(Note {
            level: NoteLevel::Warning,
            text,
        }));
    }
}
