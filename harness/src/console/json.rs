//! libtest's JSON, one object a line, as rust-analyzer and RustRover read it.

use std::fs::File;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use phasegate_record::event::{Outcome, PlannedTest};
use serde_json::{Value, json};

use super::args::Format;
use super::{failure, safe};
use crate::execution::observe::{Final, Stopped};

/// Writes events as they happen.
pub(crate) struct Json {
    out: Mutex<File>,
    show_output: bool,
}

/// Totals of the closing line.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Totals {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
    pub(crate) filtered: u64,
    /// Whether the run was stopped before all tests had run.
    pub(crate) cut: bool,
}

impl Json {
    /// A writer to `out`, if JSON is the format that was asked for.
    pub(crate) fn for_format(
        format: Option<Format>,
        out: &File,
        show_output: bool,
    ) -> Option<Self> {
        let out = (format == Some(Format::Json))
            .then(|| out.try_clone().ok())
            .flatten()?;
        Some(Self {
            out: Mutex::new(out),
            show_output,
        })
    }

    fn line(&self, value: &Value) {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        // One write a line, so that lines stay whole whoever else has the descriptor.
        let written = out.write_all(format!("{value}\n").as_bytes());
        // A reader that has gone away does not change what the tests did; the exit code says it.
        let _: io::Result<()> = written;
    }

    pub(crate) fn suite_started(&self, count: usize) {
        self.line(&json!({ "type": "suite", "event": "started", "test_count": count }));
    }

    pub(crate) fn test_started(&self, name: &str) {
        self.line(&json!({ "type": "test", "event": "started", "name": name }));
    }

    pub(crate) fn test_slow(&self, name: &str) {
        self.line(&json!({ "type": "test", "event": "timeout", "name": name }));
    }

    pub(crate) fn test_ignored(&self, name: &str, reason: Option<&str>) {
        let mut event = json!({ "type": "test", "name": name, "event": "ignored" });
        if let Some(reason) = reason {
            event["message"] = reason.into();
        }
        self.line(&event);
    }

    pub(crate) fn test_stopped(&self, name: &str, stopped: Stopped, why: &str) {
        match stopped {
            Stopped::Before => self.test_ignored(name, Some(why)),
            Stopped::Midway => self
                .line(&json!({ "type": "test", "name": name, "event": "failed", "stdout": why })),
        }
    }

    pub(crate) fn test_ended(&self, test: &PlannedTest, last: &Final) {
        let name = &test.name;
        if last.outcome == Outcome::Skipped {
            return self.test_ignored(name, last.skip_reason.as_deref());
        }
        let passed = last.outcome == Outcome::Passed;
        let seconds = Duration::from_micros(last.wall_us).as_secs_f64();
        let event = if passed { "ok" } else { "failed" };
        let mut value =
            json!({ "type": "test", "name": name, "event": event, "exec_time": seconds });
        if !passed {
            value["stdout"] = failure::describe(test, last).into();
            // libtest's readers ignore what they do not know.
            value["outcome"] = last.outcome.as_str().into();
        } else if self.show_output {
            let mut text = safe::text(&last.stdout);
            text += &safe::text(&last.stderr);
            value["stdout"] = text.into();
        }
        self.line(&value);
    }

    pub(crate) fn suite_ended(&self, totals: Totals, wall: Duration) {
        let event = if totals.failed == 0 && !totals.cut {
            "ok"
        } else {
            "failed"
        };
        self.line(&json!({
            "type": "suite", "event": event, "passed": totals.passed, "failed": totals.failed,
            "ignored": totals.ignored, "measured": 0, "filtered_out": totals.filtered,
            "exec_time": wall.as_secs_f64(),
        }));
    }
}
