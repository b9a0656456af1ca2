//! The same contract by re-execution: the binary is started again for one attempt.
//!
//! Used where forking is impossible (another platform, an image that already has threads) or
//! unwanted (coverage, which must see the process end in the ordinary way).

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use phasegate_record::event::Blocked;
use serde::{Deserialize, Serialize};

use super::capture::{self, Captured, Stream};
use super::limits::{Countdown, Limits, Step, TICK};
use super::said::{Said, SaidResult};
use super::stop::Stop;
use super::{Executed, Notice, Unfit, body, preload};
use crate::fixture::Facts;
use crate::kernel::process::{Ended, LINGER};
use crate::registry::image::{self, BodyRef};

/// Tells the re-executed binary what it is for.
pub(crate) const ROLE: &str = "PHASEGATE_ATTEMPT";

#[derive(Debug, Serialize, Deserialize)]
struct Role {
    body: BodyRef,
    facts: Facts,
    answer: std::path::PathBuf,
    /// Process id of the harness.
    harness: u32,
}

/// If this process was started for one attempt, runs it. To be called first in `main`.
pub(crate) fn play_role() -> Option<ExitCode> {
    let role = std::env::var(ROLE).ok()?;
    let Role {
        body: of,
        facts,
        answer,
        harness,
    } = match serde_json::from_str(&role) {
        Ok(role) => role,
        Err(error) => {
            return Some(refuse(&format!(
                "the environment variable {ROLE} is damaged: {error}; unset it"
            )));
        }
    };
    // Whatever a test starts inherits the variable. The role is only for the process that the
    // harness itself has started.
    #[cfg(unix)]
    if std::os::unix::process::parent_id() != harness {
        return None;
    }
    // The thread that started this process waits for it, so it ends before only with its process.
    #[cfg(target_os = "linux")]
    crate::kernel::process::die_with(crate::kernel::process::Pid(harness.cast_signed()));
    #[cfg(not(target_os = "linux"))]
    let _ = harness;
    let said = match preload::run_here() {
        Ok(()) => {
            let me = std::process::id();
            let said = body::run(image::body(of), facts);
            if std::process::id() != me {
                return Some(ExitCode::SUCCESS);
            }
            Said {
                threads: leaked_threads(),
                ..said
            }
        }
        Err(Unfit { root, reason }) => Said {
            result: SaidResult::Blocked(Blocked { root, reason }),
            release_errors: Vec::new(),
            threads: None,
        },
    };
    let written = serde_json::to_vec(&said)
        .map_err(io::Error::from)
        .and_then(|bytes| std::fs::write(&answer, bytes));
    match written {
        Ok(()) => Some(ExitCode::SUCCESS),
        Err(error) => Some(refuse(&format!(
            "cannot write {}: {error}",
            answer.display()
        ))),
    }
}

#[allow(clippy::print_stderr)]
fn refuse(why: &str) -> ExitCode {
    eprintln!("phasegate: {why}");
    ExitCode::from(3)
}

fn leaked_threads() -> Option<u32> {
    #[cfg(target_os = "linux")]
    return crate::kernel::fork::leaked_threads();
    #[cfg(not(target_os = "linux"))]
    None
}

/// Runs one attempt in a process of its own.
pub(crate) fn run(
    body: BodyRef,
    facts: Facts,
    scratch: &Path,
    limits: Limits,
    pass_on: bool,
    stop: &Stop,
    notice: Notice<'_>,
) -> io::Result<Executed> {
    std::fs::create_dir_all(scratch)?;
    let namespace = facts.namespace.clone();
    let answer = scratch.join(format!("{namespace}.said"));
    let role = serde_json::to_string(&Role {
        body,
        facts,
        answer: answer.clone(),
        harness: std::process::id(),
    })?;
    let mut command = Command::new(std::env::current_exe()?);
    command.env(ROLE, role).stdin(Stdio::null());
    #[cfg(unix)]
    if limits.own_group {
        use std::os::unix::process::CommandExt;
        command.process_group(0);
    }
    let mut streams = Streams::attach(&mut command, pass_on)?;
    let began = Instant::now();
    let mut countdown = Countdown::new(limits);
    let child = command.spawn()?;
    // The writing ends that `command` holds would keep the pipes open.
    drop(command);
    let subject = subject::Subject::new(child, limits.own_group, namespace);
    let (ended, leftovers) = oversee(subject, &mut countdown, &streams, stop, notice)?;
    let wall_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    let said: Option<Said> = std::fs::read(&answer)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    // Nothing to remove when the attempt died before it could answer.
    let _ = std::fs::remove_file(&answer);
    let (stdout, stderr) = streams.take()?;
    Ok(Executed {
        said,
        ended,
        wall_us,
        leftovers,
        ending: countdown.ending(),
        stdout,
        stderr,
    })
}

type Watched = (
    Option<Ended>,
    Option<Vec<phasegate_record::event::Leftover>>,
);

/// Waits on a thread of its own, so that this one can keep time.
fn oversee(
    mut subject: subject::Subject,
    countdown: &mut Countdown,
    streams: &Streams,
    stop: &Stop,
    mut notice: Notice<'_>,
) -> io::Result<Watched> {
    let (tell, told) = mpsc::channel();
    let mut waiting = subject.waiter();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            waiting.await_end();
            tell.send(())
        });
        loop {
            // Signals to stop have no descriptor here, so they are looked at with the clock.
            let patience = countdown
                .next()
                .map_or(TICK, |at| at.saturating_duration_since(Instant::now()));
            match told.recv_timeout(patience.min(Duration::from_millis(100))) {
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return subject.finish(),
                Err(RecvTimeoutError::Timeout) => {}
            }
            notice.tick();
            match countdown.step(streams.written(), stop.level()) {
                Step::Wait => {}
                Step::Terminate => subject.terminate(),
                Step::Kill => subject.kill(),
            }
        }
    })
}

/// The two streams of a spawned attempt.
enum Streams {
    Kept(File, File),
    Passed(Pump, Pump),
}

impl Streams {
    fn attach(command: &mut Command, pass_on: bool) -> io::Result<Self> {
        if pass_on {
            let (out, out_end) = io::pipe()?;
            let (err, err_end) = io::pipe()?;
            command.stdout(out_end).stderr(err_end);
            return Ok(Self::Passed(
                Pump::start(out, Stream::Stdout),
                Pump::start(err, Stream::Stderr),
            ));
        }
        let (out, err) = (capture::file()?, capture::file()?);
        command.stdout(out.try_clone()?).stderr(err.try_clone()?);
        Ok(Self::Kept(out, err))
    }

    fn written(&self) -> u64 {
        let length = |file: &File| file.metadata().map_or(0, |m| m.len());
        match self {
            Self::Kept(out, err) => length(out).max(length(err)),
            Self::Passed(out, err) => out.written().max(err.written()),
        }
    }

    fn take(&mut self) -> io::Result<(Captured, Captured)> {
        Ok(match self {
            Self::Kept(out, err) => (
                Captured::Bytes(capture::take(out)?),
                Captured::Bytes(capture::take(err)?),
            ),
            Self::Passed(out, err) => (Captured::Bytes(out.take()), Captured::Bytes(err.take())),
        })
    }
}

/// A thread that passes a pipe's content on and keeps it.
struct Pump {
    kept: std::sync::Arc<std::sync::Mutex<Vec<u8>>>,
    done: mpsc::Receiver<()>,
}

impl Pump {
    fn start(mut pipe: io::PipeReader, stream: Stream) -> Self {
        let kept = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let (tell, done) = mpsc::channel();
        let keep = std::sync::Arc::clone(&kept);
        std::thread::spawn(move || {
            let mut buffer = vec![0; 64 << 10];
            while let Ok(length) = pipe.read(&mut buffer) {
                if length == 0 {
                    break;
                }
                capture::pass_on(stream, &buffer[..length]);
                lock(&keep).extend_from_slice(&buffer[..length]);
            }
            // Nobody listens when the attempt has been given up on.
            let _ = tell.send(());
        });
        Self { kept, done }
    }

    fn written(&self) -> u64 {
        lock(&self.kept).len() as u64
    }

    /// What has come through; a process that escaped may hold the pipe open, so the end of it is
    /// awaited only for a moment.
    fn take(&self) -> Vec<u8> {
        let _ = self.done.recv_timeout(LINGER);
        std::mem::take(&mut lock(&self.kept))
    }
}

fn lock(kept: &std::sync::Mutex<Vec<u8>>) -> std::sync::MutexGuard<'_, Vec<u8>> {
    kept.lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(unix)]
#[path = "spawn_unix.rs"]
mod subject;
#[cfg(not(unix))]
#[path = "spawn_other.rs"]
mod subject;
