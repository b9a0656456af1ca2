//! From what an attempt said and what was observed of it to an outcome.

use phasegate_record::event::{Blocked, Exit, Failure, Outcome};

use super::executed::Executed;
use super::limits::Ending;
use super::said::SaidResult;

/// How an attempt ended, in the terms of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) outcome: Outcome,
    pub(crate) failure: Option<Failure>,
    pub(crate) skip_reason: Option<String>,
    pub(crate) blocked: Option<Blocked>,
}

impl Judgement {
    /// It could not run for want of something.
    pub(crate) fn blocked(by: Blocked) -> Self {
        Self {
            blocked: Some(by),
            ..Self::plain(Outcome::Blocked)
        }
    }

    fn plain(outcome: Outcome) -> Self {
        Self {
            outcome,
            failure: None,
            skip_reason: None,
            blocked: None,
        }
    }
}

/// Judges an attempt; `None` when it was stopped on request and so proves nothing.
///
/// What was observed outweighs what was said: an attempt that says "passed" and then dies has
/// crashed, and one that was out of time has timed out even if it finished while it was asked to.
pub(crate) fn judge(executed: &Executed) -> Option<Judgement> {
    let exit = executed.ended.map(|e| e.exit);
    let failed = |outcome, message: String| {
        Some(Judgement {
            failure: Some(Failure {
                message,
                location: None,
            }),
            ..Judgement::plain(outcome)
        })
    };
    match executed.ending {
        Some(Ending::Stopped) => return None,
        Some(Ending::TimedOut(limit)) => {
            return failed(
                Outcome::TimedOut,
                format!(
                    "not done after {}; it was ended",
                    humantime::format_duration(limit)
                ),
            );
        }
        Some(Ending::TooMuchOutput(limit)) => {
            return failed(
                Outcome::Failed,
                format!(
                    "wrote more than {} MiB to one stream and was ended; raise `[output] limit` in phasegate.toml if that is meant",
                    limit >> 20
                ),
            );
        }
        Some(Ending::Lost) => {
            return failed(
                Outcome::Crashed,
                "the process that oversees the test was killed, and the test with it".to_owned(),
            );
        }
        None => {}
    }
    let Some(said) = &executed.said else {
        return failed(Outcome::Crashed, crash(exit, executed.stderr.bytes()));
    };
    match exit {
        None | Some(Exit::Code(0)) => {}
        Some(_) => {
            return failed(
                Outcome::Crashed,
                format!("after the test had ended: {}", crash(exit, &[])),
            );
        }
    }
    Some(match &said.result {
        SaidResult::Passed => Judgement::plain(Outcome::Passed),
        SaidResult::Failed(f) => Judgement {
            failure: Some(f.clone()),
            ..Judgement::plain(Outcome::Failed)
        },
        SaidResult::Skipped(why) => Judgement {
            skip_reason: Some(why.clone()),
            ..Judgement::plain(Outcome::Skipped)
        },
        SaidResult::Blocked(by) => Judgement::blocked(by.clone()),
    })
}

fn crash(exit: Option<Exit>, stderr: &[u8]) -> String {
    match exit {
        Some(Exit::Signal(signal)) => {
            let overflow = memchr::memmem::find(stderr, b"has overflowed its stack").is_some();
            let why = if overflow {
                ": its stack overflowed"
            } else {
                ""
            };
            format!("its process was ended by {}{why}", signal_name(signal))
        }
        Some(Exit::Code(code)) => {
            format!(
                "its process exited with code {code} before the test had ended; a test ends by returning, not by `exit`"
            )
        }
        None => "it ended without a word".to_owned(),
    }
}

/// The usual name of a signal with its number.
fn signal_name(signal: i32) -> String {
    #[cfg(unix)]
    {
        let names = [
            (libc::SIGABRT, "SIGABRT"),
            (libc::SIGBUS, "SIGBUS"),
            (libc::SIGFPE, "SIGFPE"),
            (libc::SIGHUP, "SIGHUP"),
            (libc::SIGILL, "SIGILL"),
            (libc::SIGINT, "SIGINT"),
            (libc::SIGKILL, "SIGKILL"),
            (libc::SIGPIPE, "SIGPIPE"),
            (libc::SIGQUIT, "SIGQUIT"),
            (libc::SIGSEGV, "SIGSEGV"),
            (libc::SIGTERM, "SIGTERM"),
            (libc::SIGTRAP, "SIGTRAP"),
            (libc::SIGXCPU, "SIGXCPU"),
            (libc::SIGXFSZ, "SIGXFSZ"),
            (libc::SIGSYS, "SIGSYS"),
        ];
        if let Some((_, name)) = names.iter().find(|(n, _)| *n == signal) {
            return format!("{name} (signal {signal})");
        }
    }
    format!("signal {signal}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::execution::capture::Captured;
    use crate::execution::said::Said;
    use crate::kernel::process::Ended;

    fn executed(said: Option<SaidResult>, exit: Exit, ending: Option<Ending>) -> Executed {
        Executed {
            said: said.map(|result| Said {
                result,
                release_errors: vec![],
                threads: Some(0),
            }),
            ended: Some(Ended {
                exit,
                user_us: 0,
                system_us: 0,
                peak_kib: 0,
            }),
            wall_us: 0,
            leftovers: Some(vec![]),
            ending,
            stdout: Captured::Bytes(vec![]),
            stderr: Captured::Bytes(b"thread 'main' has overflowed its stack".to_vec()),
        }
    }

    #[test]
    fn what_was_observed_outweighs_what_was_said() {
        let outcome = |e| judge(&e).map(|j| j.outcome);
        let passed = || Some(SaidResult::Passed);
        assert_eq!(
            outcome(executed(passed(), Exit::Code(0), None)),
            Some(Outcome::Passed)
        );
        assert_eq!(
            outcome(executed(passed(), Exit::Signal(11), None)),
            Some(Outcome::Crashed)
        );
        assert_eq!(
            outcome(executed(None, Exit::Code(0), None)),
            Some(Outcome::Crashed)
        );
        let late = Ending::TimedOut(std::time::Duration::from_secs(1));
        assert_eq!(
            outcome(executed(passed(), Exit::Code(0), Some(late))),
            Some(Outcome::TimedOut)
        );
        assert_eq!(
            outcome(executed(passed(), Exit::Code(0), Some(Ending::Stopped))),
            None
        );
    }

    #[test]
    fn an_overflowed_stack_is_called_by_its_name() {
        let judged = judge(&executed(None, Exit::Signal(6), None)).unwrap();
        assert!(judged.failure.unwrap().message.contains("stack overflowed"));
    }
}
