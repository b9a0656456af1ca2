//! Runs commands and takes their time.
#![allow(unsafe_code)]

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Result;

/// Something to run.
#[derive(Debug)]
pub(crate) struct Subject {
    command: Command,
    /// What it must print when it is tried, so that nothing is timed that did something else.
    expected: String,
    code: i32,
}

impl Subject {
    /// A program that ends well and says `expected`.
    pub(crate) fn new(program: &Path, args: &[&str], expected: &str) -> Self {
        let mut command = Command::new(program);
        command
            .args(args)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdin(Stdio::null());
        Self {
            command,
            expected: expected.to_owned(),
            code: 0,
        }
    }

    /// The same with another exit code.
    pub(crate) fn ending_with(mut self, code: i32) -> Self {
        self.code = code;
        self
    }

    /// Runs it once, untimed: warms caches and checks that it does what it is timed for.
    pub(crate) fn try_out(&mut self) -> Result<()> {
        let output = self
            .command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .output()?;
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        if output.status.code() != Some(self.code) || !said.contains(&self.expected) {
            let end = said.char_indices().rev().nth(2_000).map_or(0, |(at, _)| at);
            return Err(format!(
                "`{:?}` ended with {} where {} and {:?} were expected; its last words:\n{}",
                self.command,
                output.status,
                self.code,
                self.expected,
                &said[end..]
            )
            .into());
        }
        Ok(())
    }

    /// Runs it once; everything that it prints goes to `/dev/null`.
    pub(crate) fn time(&mut self) -> Result<Sample> {
        let command = self.command.stdout(Stdio::null()).stderr(Stdio::null());
        let began = Instant::now();
        let child = command.spawn()?;
        let pid = i32::try_from(child.id())?;
        let (code, usage) = wait(pid)?;
        let wall = began.elapsed();
        if code != Some(self.code) {
            return Err(format!("`{command:?}` ended with {code:?} while it was timed").into());
        }
        let tree_peak_kib = u64::try_from(usage.ru_maxrss)?;
        let time = |t: libc::timeval| {
            Duration::from_secs(t.tv_sec.unsigned_abs())
                + Duration::from_micros(t.tv_usec.unsigned_abs())
        };
        Ok(Sample {
            wall,
            processor: time(usage.ru_utime) + time(usage.ru_stime),
            tree_peak_kib,
        })
    }

    /// Runs it once and watches the peak of the resident memory of this one process (`VmHWM`,
    /// proc(5)), in KiB. The peak only grows, so watching misses at most what is added in the last
    /// millisecond.
    pub(crate) fn peak_kib(&mut self) -> Result<u64> {
        let child = self
            .command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let pid = i32::try_from(child.id())?;
        let status = format!("/proc/{pid}/status");
        let waiter = std::thread::spawn(move || wait(pid).map_err(|e| e.to_string()));
        let mut peak = 0;
        while !waiter.is_finished() {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let value = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
            peak = value.map_or(peak, |now: u64| peak.max(now));
            std::thread::sleep(Duration::from_millis(1));
        }
        match waiter.join() {
            Ok(Ok((Some(0), _))) => Ok(peak),
            other => Err(format!("`{:?}` did not end well: {other:?}", self.command).into()),
        }
    }
}

/// One run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) wall: Duration,
    /// Processor time of the process and of those that it waited for. The harness never waits for
    /// the processes of tests: that is the fork server's work.
    pub(crate) processor: Duration,
    /// Largest resident memory of the process or of any that it waited for.
    pub(crate) tree_peak_kib: u64,
}

/// Waits for a child; `None` for one that a signal ended.
fn wait(pid: i32) -> io::Result<(Option<i32>, libc::rusage)> {
    let mut status = 0;
    // SAFETY: an all-zero `rusage` is valid; both pointers are to locals that outlive the call, and
    // nobody else waits for this child.
    let (waited, usage) = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        (libc::wait4(pid, &raw mut status, 0, &raw mut usage), usage)
    };
    if waited == -1 {
        return Err(io::Error::last_os_error());
    }
    Ok((
        libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status)),
        usage,
    ))
}

/// Times all subjects in turn, `rounds` times over, so that whatever else the machine does hits
/// all of them alike.
pub(crate) fn side_by_side<const N: usize>(
    rounds: usize,
    mut subjects: [Subject; N],
    mut between: impl FnMut() -> Result<()>,
) -> Result<[Vec<Sample>; N]> {
    for subject in &mut subjects {
        subject.try_out()?;
        between()?;
    }
    let mut samples = [const { Vec::new() }; N];
    for _ in 0..rounds {
        for (subject, samples) in subjects.iter_mut().zip(&mut samples) {
            samples.push(subject.time()?);
            between()?;
        }
    }
    Ok(samples)
}

/// The median wall time.
pub(crate) fn wall(samples: &[Sample]) -> Duration {
    median(samples.iter().map(|sample| sample.wall).collect())
}

/// The median processor time.
pub(crate) fn processor(samples: &[Sample]) -> Duration {
    median(samples.iter().map(|sample| sample.processor).collect())
}

/// The middle one; of an even number the upper of the two in the middle.
pub(crate) fn median<T: Ord + Copy>(mut values: Vec<T>) -> T {
    values.sort_unstable();
    values[values.len() / 2]
}
