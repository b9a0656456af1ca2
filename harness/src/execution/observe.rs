//! What a schedule is given, what it tells on the way, and what it comes to.

use std::time::Duration;

use phasegate_record::event::{Attempt, Blocked, Failure, Hook, Outcome, PhaseStep};

use super::capture::Captured;

/// Hears what happens, in order for each test; called from many threads.
pub(crate) trait Observer: Sync {
    /// An attempt is about to run.
    fn started(&self, test: &str, number: u32);
    /// An attempt is taking long.
    fn slow(&self, test: &str, after: Duration);
    /// An attempt has ended. Turns output into what the record keeps.
    fn attempt(&self, attempt: Attempt, stdout: &Captured, stderr: &Captured);
    /// A hook has ended.
    fn hook(&self, hook: Hook, stdout: &Captured, stderr: &Captured);
    /// A phase has got on.
    fn phase(&self, step: PhaseStep);
    /// Something went wrong that belongs to no test.
    fn note(&self, text: String);
}

/// What holds for all attempts of a run.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    pub(crate) run_id: String,
    pub(crate) seed: u64,
    /// Differs from that of every other process of this and of every other run.
    pub(crate) nonce: String,
    pub(crate) retry_delay: Duration,
    pub(crate) grace: Duration,
    pub(crate) hook_timeout: Duration,
    pub(crate) output_limit: u64,
    pub(crate) own_group: bool,
    pub(crate) fail_fast: bool,
    /// Rounds of attempts that other processes have made before, under a runner that retries.
    pub(crate) earlier_rounds: u32,
    /// Whether this process knows only one test of the run, and so nothing of its phases.
    pub(crate) alone: bool,
    /// `--force-run-in-process`
    pub(crate) in_process: bool,
}

/// When the run was stopped, as a test sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// Before it began.
    Before,
    /// Before it had ended: what it came to is not known.
    Midway,
}

/// How a test ended for good.
#[derive(Debug, Clone)]
pub(crate) struct Final {
    pub(crate) outcome: Outcome,
    pub(crate) attempts: u32,
    pub(crate) wall_us: u64,
    pub(crate) leaky: bool,
    /// It held a lease of a stand-in.
    pub(crate) stand_in: bool,
    /// A service died while it ran: it proves nothing.
    pub(crate) spoilt: bool,
    pub(crate) failure: Option<Failure>,
    pub(crate) skip_reason: Option<String>,
    pub(crate) blocked: Option<Blocked>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}
