//! One binary from start to end.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;

use super::build::TestBinary;
use super::display::Display;
use super::progress::{Line, Progress};
use crate::error::CliError;
use crate::exit;

/// How long silence lasts before it is asked whether the process is still there: something that
/// a test left behind may keep its pipes open.
const SILENCE: Duration = Duration::from_millis(200);

/// Longest line that is taken from a binary; what is longer is cut up.
const LONGEST: u64 = 16 << 20;

/// How a binary ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    /// All tests passed or were skipped.
    Passed,
    /// Tests or hooks did not pass, or none was selected where one had to be.
    Failed,
    /// It refused its command line, configuration or declarations.
    Refused,
    /// Its record could not be written.
    NotRecorded,
    /// It was asked to stop.
    Interrupted,
    /// It ended in no way that it has; how.
    Died(String),
}

/// A binary that has ended.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) binary: TestBinary,
    pub(super) ended: Ended,
}

impl Finished {
    /// Whether it came to the end of its tests. What it would have added may not even be planned
    /// in the record otherwise.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self.ended, Ended::Passed | Ended::Failed)
    }
}

impl Ended {
    /// Reads the exit codes of a test binary; `done` says whether it told of the end of its tests.
    fn of(status: ExitStatus, done: bool) -> Self {
        match status.code() {
            Some(0) if done => Self::Passed,
            Some(101) if done => Self::Failed,
            Some(4) => Self::Failed,
            Some(2) => Self::Refused,
            Some(3) if done => Self::NotRecorded,
            Some(129 | 130 | 143) => Self::Interrupted,
            Some(_) if !done => Self::Died(format!("{status} before its tests had ended")),
            _ => Self::Died(status.to_string()),
        }
    }

    /// The exit code that it makes this tool's, at least.
    pub(super) fn code(&self) -> u8 {
        match self {
            Self::Passed => exit::FINE,
            Self::Failed | Self::Interrupted => exit::FINDINGS,
            Self::Refused => exit::USAGE,
            Self::NotRecorded | Self::Died(_) => exit::FAILED,
        }
    }

    pub(super) fn is_interrupted(&self) -> bool {
        *self == Self::Interrupted
    }

    /// A word for programs.
    pub(super) fn as_str(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::NotRecorded => "not-recorded",
            Self::Interrupted => "interrupted",
            Self::Died(_) => "died",
        }
    }
}

enum Heard {
    Out(String),
    Err(String),
}

/// Runs a binary and follows it to its end.
pub(super) fn execute(
    mut command: Command,
    progress: &mut Progress,
    display: &mut Display,
) -> Result<Ended, CliError> {
    let spawned = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match spawned {
        Ok(child) => child,
        Err(error) => return Ok(Ended::Died(format!("it cannot be started: {error}"))),
    };
    let (sender, heard) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        listen(stdout, Heard::Out, sender.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        listen(stderr, Heard::Err, sender);
    }
    let mut done = false;
    let status = loop {
        match heard.recv_timeout(SILENCE) {
            Ok(Heard::Err(line)) => display.say(&line),
            Ok(Heard::Out(line)) => done |= hear(&line, progress, display),
            Err(RecvTimeoutError::Disconnected) => break wait(&mut child)?,
            Err(RecvTimeoutError::Timeout) => {
                if let Some(status) = child.try_wait().map_err(CliError::Wait)? {
                    break status;
                }
            }
        }
    };
    Ok(Ended::of(status, done))
}

fn wait(child: &mut Child) -> Result<ExitStatus, CliError> {
    child.wait().map_err(CliError::Wait)
}

/// Passes lines on until there are no more, or nobody wants them.
fn listen(pipe: impl Read + Send + 'static, heard: fn(String) -> Heard, sender: Sender<Heard>) {
    std::thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        while let Ok(Some(line)) = next_line(&mut pipe) {
            if sender.send(heard(line)).is_err() {
                break;
            }
        }
    });
}

fn next_line(pipe: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    if pipe.take(LONGEST).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    let line = String::from_utf8_lossy(&line);
    Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()))
}

/// Takes a line of the binary's output; says whether it was the end of its tests.
fn hear(line: &str, progress: &mut Progress, display: &mut Display) -> bool {
    match serde_json::from_str(line) {
        Ok(Line::Suite { event }) if event == "started" => progress.begin(),
        Ok(Line::Suite { .. }) => return true,
        Ok(Line::Test {
            event,
            name,
            outcome,
            stdout,
        }) => {
            if event == "started" || event == "timeout" {
                return false;
            }
            progress.count(&name, &event, outcome.as_deref());
            if event == "failed" {
                let outcome = outcome.as_deref().unwrap_or("failed");
                display.failure(&name, outcome, stdout.as_deref().unwrap_or_default());
            } else if let Some(output) = stdout {
                display.output(&name, &output);
            }
        }
        Ok(Line::Other) => {}
        // No line of the harness: an argument such as `--list` or `--help` made it say that.
        Err(_) => display.say(line),
    }
    display.show(progress);
    false
}
