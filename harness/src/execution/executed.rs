//! What was observed of one attempt, whatever kept it apart.

use std::time::{Duration, Instant};

use phasegate_record::event::{Failure, Leftover};

use super::capture::Captured;
use super::limits::Ending;
use super::said::{Said, SaidResult};
use crate::kernel::process::Ended;

/// What was observed of one attempt.
#[derive(Debug)]
pub(crate) struct Executed {
    /// Its own words, unless it ended before it could speak.
    pub(crate) said: Option<Said>,
    /// How its process ended and what it used, if it had one of its own.
    pub(crate) ended: Option<Ended>,
    pub(crate) wall_us: u64,
    /// Processes that outlived it, where that could be seen.
    pub(crate) leftovers: Option<Vec<Leftover>>,
    /// Why the harness ended it, if it did.
    pub(crate) ending: Option<Ending>,
    pub(crate) stdout: Captured,
    pub(crate) stderr: Captured,
}

impl Executed {
    /// The attempt could not be made at all.
    pub(crate) fn impossible(error: &std::io::Error) -> Self {
        let failure = Failure {
            message: format!("the harness could not run the test: {error}"),
            location: None,
        };
        let said = Said {
            result: SaidResult::Failed(failure),
            release_errors: Vec::new(),
            threads: None,
        };
        let nothing = || Captured::Bytes(Vec::new());
        Self {
            said: Some(said),
            ended: None,
            wall_us: 0,
            leftovers: None,
            ending: None,
            stdout: nothing(),
            stderr: nothing(),
        }
    }
}

/// Says once that an attempt is taking long.
pub(crate) struct Notice<'a> {
    due: Option<Instant>,
    tell: &'a dyn Fn(Duration),
}

/// libtest's patience before it says that a test is slow.
const SLOW: Duration = Duration::from_secs(60);

impl<'a> Notice<'a> {
    pub(crate) fn new(tell: &'a dyn Fn(Duration)) -> Self {
        Self {
            due: Some(Instant::now() + SLOW),
            tell,
        }
    }

    /// To be called whenever the attempt is looked at.
    pub(crate) fn tick(&mut self) {
        if self.due.is_some_and(|due| Instant::now() >= due) {
            self.due = None;
            (self.tell)(SLOW);
        }
    }
}
