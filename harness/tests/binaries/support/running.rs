//! A process that runs.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::Ran;
use super::project::run_dirs;

/// What only a broken harness needs.
const PATIENCE: Duration = Duration::from_secs(120);

/// A process that runs; killed when it is given up on.
pub(crate) struct Running {
    child: Child,
    dir: PathBuf,
    /// Files that its two streams go to: a pipe would be held open by whoever outlives it.
    streams: [PathBuf; 2],
    runs_before: Vec<PathBuf>,
}

impl Running {
    pub(super) fn start(dir: &Path, mut command: Command) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let unique = NEXT.fetch_add(1, Ordering::Relaxed);
        let streams = ["stdout", "stderr"].map(|name| dir.join(format!("{name}-{unique}")));
        let [out, err] = streams.each_ref().map(|path| File::create(path).unwrap());
        let runs_before = run_dirs(dir);
        let child = command
            .stdout(out)
            .stderr(err)
            .spawn()
            .expect("the command can be started");
        Self {
            child,
            dir: dir.to_owned(),
            streams,
            runs_before,
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the journal has so many lines that start with `line`.
    pub(crate) fn await_journal(&mut self, line: &str, count: usize) {
        let journal = self.dir.join("journal");
        let told = || {
            let text = std::fs::read_to_string(&journal).unwrap_or_default();
            text.lines().filter(|l| l.starts_with(line)).count() >= count
        };
        assert!(
            await_that(PATIENCE, told),
            "the journal never said `{line}`: {}",
            self.said()
        );
    }

    /// Waits until standard error contains `text`.
    pub(crate) fn await_stderr(&mut self, text: &str) {
        let heard = || std::fs::read_to_string(&self.streams[1]).is_ok_and(|t| t.contains(text));
        assert!(
            await_that(PATIENCE, heard),
            "standard error never said `{text}`: {}",
            self.said()
        );
    }

    fn said(&self) -> String {
        self.streams
            .iter()
            .map(|path| text(path))
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Waits for its end.
    pub(crate) fn wait(mut self) -> Ran {
        let mut status = None;
        let ended = await_that(PATIENCE, || {
            status = self.child.try_wait().expect("a child can be waited for");
            status.is_some()
        });
        assert!(ended, "it never ended: {}", self.said());
        let new = run_dirs(&self.dir)
            .into_iter()
            .filter(|d| !self.runs_before.contains(d));
        let [stdout, stderr] = self.streams.each_ref().map(|path| text(path));
        Ran::new(status.expect("it ended"), stdout, stderr, new.collect())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail when it has ended and been waited for, which is the usual case.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned()
}

/// Asks again and again until `done` or until patience is at its end. Says whether it is done.
pub(super) fn await_that(patience: Duration, mut done: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + patience;
    while !done() {
        if Instant::now() > deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    true
}
