//! Everything has run: the record is closed, the reports are written, the exit code is known.

use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use phasegate_record::event::{Counts, Disposition, End, Event, Outcome};

use super::running::{Ended, Running};
use crate::console::args::Format;
use crate::console::lines;
use crate::session::exit::Exit;
use crate::session::seen::{self, Seen};
use crate::session::{remember, reports};
use crate::terms::shown;

/// Everything has run.
pub(crate) struct Finished {
    pub(super) running: Running,
    pub(super) counts: Counts,
    pub(super) wall: Duration,
    pub(super) signal: Option<i32>,
    pub(super) interrupted: bool,
}

impl Finished {
    /// Closes the record, writes the reports and says how the process is to end.
    pub(crate) fn finish(mut self) -> Exit {
        let mut exit = self.exit();
        if let Some(executor) = &self.running.shared.schedule.executor {
            executor.close();
        }
        self.remove_scratch();
        #[cfg(all(unix, feature = "services"))]
        {
            let schedule = &self.running.shared.schedule;
            crate::session::supervise::end(&schedule.leasing, &schedule.observer.recorder);
        }
        self.close_record(exit);
        let mut lines_to_say = self.marks();
        if let Some(error) = self.running.shared.schedule.observer.recorder.failure() {
            lines::error(&format!("the run is not recorded: {error}"));
            exit = worse(exit, Exit::NotRecorded);
        } else {
            match self.report() {
                Ok(reports) => lines_to_say.extend(reports),
                Err(error) => {
                    lines::error(&format!(
                        "the reports are not written: {error}; the record is kept in {}",
                        shown(&self.running.dir.path).display()
                    ));
                    exit = worse(exit, Exit::NotRecorded);
                }
            }
        }
        for line in lines_to_say {
            lines::closing(&line, self.running.args.is_for_machines());
        }
        self.remember();
        #[cfg(unix)]
        crate::execution::exit_guard::disarm();
        if let Err(error) = self.close_bazel() {
            lines::error(&format!(
                "cannot write a file that Bazel asked for: {error}"
            ));
            exit = worse(exit, Exit::NotRecorded);
        }
        exit
    }

    fn exit(&self) -> Exit {
        let Counts {
            failed,
            timed_out,
            crashed,
            blocked,
            not_run,
            ..
        } = self.counts;
        if let Some(signal) = self.signal {
            Exit::Interrupted(signal)
        } else if failed + timed_out + crashed + blocked + not_run > 0 || self.hook_failed() {
            Exit::TestsFailed
        } else {
            Exit::Passed
        }
    }

    /// What a hook was to undo may still be there: that is no good end, whatever the tests say.
    fn hook_failed(&self) -> bool {
        self.running
            .shared
            .schedule
            .hook_failed
            .load(Ordering::SeqCst)
    }

    fn remove_scratch(&self) {
        match std::fs::remove_dir_all(&self.running.scratch) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                lines::note(&format!(
                    "cannot remove {}: {error}",
                    self.running.scratch.display()
                ));
            }
            _ => {}
        }
    }

    fn close_record(&self, exit: Exit) {
        let recorder = &self.running.shared.schedule.observer.recorder;
        recorder.write(&Event::End(End {
            finished_at: humantime::format_rfc3339_millis(SystemTime::now()).to_string(),
            wall_us: u64::try_from(self.wall.as_micros()).unwrap_or(u64::MAX),
            counts: self.counts,
            interrupted: self.interrupted,
            exit_code: exit.code(),
            awaited: self.awaited(),
        }));
        recorder.seal();
    }

    /// Test binaries of the project that have not run yet in this run. Leaves a note of this one.
    fn awaited(&self) -> Vec<String> {
        let running = &self.running;
        let first = running.shared.plan.tests.first();
        let Some(source) = first.map(|test| test.facts.file.clone()) else {
            return Vec::new();
        };
        if running.around.process_per_test() {
            return Vec::new();
        }
        let me = Seen {
            package: running.run.package.clone(),
            binary: running.run.binary.clone(),
            project: running.run.project.dir.clone(),
            source,
        };
        seen::leave(&running.home, &me);
        seen::awaited(&running.home, &running.workspace, &running.dir.path, &me)
    }

    /// What stands out among tests that ended: flaky, leaky, slow.
    fn marks(&self) -> Vec<String> {
        let ended = self.running.shared.ended();
        let tests = &self.running.shared.plan.tests;
        let names = |wanted: &dyn Fn(&Ended) -> bool| -> Vec<&str> {
            let mut names: Vec<&str> = ended
                .iter()
                .filter(|e| wanted(e))
                .map(|e| tests[e.test].facts.name.as_str())
                .collect();
            names.sort_unstable();
            names
        };
        let mut lines = Vec::new();
        let Counts { total, not_run, .. } = self.counts;
        if not_run > 0 {
            lines.push(format!(
                "stopped: {not_run} of {total} tests did not run to their end"
            ));
        }
        let flaky = names(&|e| e.outcome == Outcome::Passed && e.attempts > 1);
        if !flaky.is_empty() {
            lines.push(format!(
                "flaky (passed after a failed attempt): {}",
                flaky.join(", ")
            ));
        }
        let leaky = names(&|e| e.leaky);
        if !leaky.is_empty() {
            lines.push(format!(
                "leaky (left threads or processes behind): {}",
                leaky.join(", ")
            ));
        }
        if self.running.args.report_time.is_some() {
            let mut times: Vec<(u64, &str)> = ended
                .iter()
                .map(|e| (e.wall_us, tests[e.test].facts.name.as_str()))
                .collect();
            times.sort_unstable_by(|a, b| b.cmp(a));
            lines.extend(times.into_iter().map(|(us, name)| {
                format!("{:>10.3}s {name}", Duration::from_micros(us).as_secs_f64())
            }));
        }
        lines
    }

    /// Writes the reports, unless this process saw only a part of what they speak of.
    fn report(&self) -> Result<Vec<String>, String> {
        let running = &self.running;
        let dir = &running.dir.path;
        if running.args.format == Some(Format::Junit) {
            let xml = reports::junit(dir, &running.run.package, &running.run.binary)?;
            if let Some(out) = &running.machine {
                std::io::Write::write_all(&mut &*out, xml.as_bytes()).map_err(|e| e.to_string())?;
            }
        }
        if let Some(file) = &running.bazel.xml {
            let xml = reports::junit(dir, &running.run.package, &running.run.binary)?;
            std::fs::write(file, xml).map_err(|e| format!("{}: {e}", file.display()))?;
        }
        if running.around.process_per_test() || running.around.reports_refused {
            return Ok(Vec::new());
        }
        let partial = running.run.unlisted > 0
            || running.shared.plan.tests.iter().any(|t| {
                matches!(
                    t.facts.disposition,
                    Disposition::Filtered | Disposition::OtherShard
                )
            });
        if partial {
            return Ok(vec![format!(
                "a part of the tests ran: reports are left as they were; the record is in {}",
                shown(dir).display()
            )]);
        }
        let out = running.home.join("reports");
        let out = match &running.run.project.dir {
            Some(project) => out.join(project),
            None => out,
        };
        reports::write(dir, &out)
    }

    fn remember(&mut self) {
        if self.running.around.process_per_test() || self.running.run.unlisted > 0 {
            return;
        }
        let running = &mut self.running;
        let tests = &running.shared.plan.tests;
        for ended in running.shared.ended().iter() {
            running
                .history
                .remember(&tests[ended.test].facts.name, ended.outcome, ended.wall_us);
        }
        let known: std::collections::HashSet<&str> =
            tests.iter().map(|t| t.facts.name.as_str()).collect();
        running.history.retain(|name| known.contains(name));
        remember::store(&running.home, &running.stem, &running.history);
    }

    fn close_bazel(&self) -> std::io::Result<()> {
        let ended = self.running.shared.ended();
        let blocked = ended.iter().find_map(|e| e.blocked.as_ref());
        self.running
            .bazel
            .end(blocked.map(|b| (b.root.as_str(), b.reason.as_str())))
    }
}

/// Tests that did not pass say more than a record that is missing.
fn worse(exit: Exit, other: Exit) -> Exit {
    if exit == Exit::Passed { other } else { exit }
}
