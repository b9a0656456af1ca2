//! Running an attempt in the harness's own process: for debuggers and very hot suites.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::capture::Captured;
use super::limits::{Countdown, Ending, Limits, Step, TICK};
use super::said::Said;
use super::stop::Stop;
use super::{Executed, Notice, body};
use crate::fixture::Facts;
use crate::registry::image::{self, BodyRef};

/// Runs the body. Code under test may fork without executing: then this process is there twice,
/// and the copy must not go on as a second harness.
fn run_once(of: BodyRef, facts: Facts) -> Said {
    let me = std::process::id();
    let said = body::run(image::body(of), facts);
    #[cfg(unix)]
    if std::process::id() != me {
        crate::kernel::process::exit_now(0);
    }
    #[cfg(not(unix))]
    let _ = me;
    said
}

/// Runs one attempt here. A thread cannot be ended from outside: an attempt that has a time limit
/// gets a thread of its own, which is given up on when the time is over.
pub(crate) fn run(
    of: BodyRef,
    facts: Facts,
    limits: Limits,
    stop: &Stop,
    notice: Notice<'_>,
) -> Executed {
    let began = Instant::now();
    let (said, ending) = match limits.timeout {
        None => (Some(run_once(of, facts)), None),
        Some(_) => run_timed(of, facts, limits, stop, notice),
    };
    Executed {
        said,
        ended: None,
        wall_us: u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        leftovers: None,
        ending,
        stdout: Captured::Shared,
        stderr: Captured::Shared,
    }
}

fn run_timed(
    of: BodyRef,
    facts: Facts,
    limits: Limits,
    stop: &Stop,
    mut notice: Notice<'_>,
) -> (Option<Said>, Option<Ending>) {
    let (tell, told) = mpsc::channel();
    let name = facts.test.clone();
    let started = std::thread::Builder::new().name(name).spawn(move || {
        // Nobody listens when the attempt has been given up on.
        let _ = tell.send(run_once(of, facts));
    });
    if let Err(error) = started {
        let failure = phasegate_record::event::Failure {
            message: format!("cannot start a thread for the test: {error}"),
            location: None,
        };
        let result = super::said::SaidResult::Failed(failure);
        return (
            Some(Said {
                result,
                release_errors: Vec::new(),
                threads: None,
            }),
            None,
        );
    }
    let mut countdown = Countdown::new(limits);
    loop {
        let patience = countdown
            .next()
            .map_or(TICK, |at| at.saturating_duration_since(Instant::now()));
        match told.recv_timeout(patience.min(Duration::from_millis(100))) {
            Ok(said) => return (Some(said), None),
            Err(RecvTimeoutError::Disconnected) => return (None, None),
            Err(RecvTimeoutError::Timeout) => {}
        }
        notice.tick();
        if countdown.step(0, stop.level()) != Step::Wait {
            return (None, countdown.ending());
        }
    }
}
