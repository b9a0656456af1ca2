//! Running one body – a test or a hook – inside the process or thread that was made for it.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use phasegate_record::event::{Failure, HookPoint};

use super::said::{Said, SaidResult};
use crate::fixture::{Context, Facts, Session};
use crate::registry::declaration::{HookDecl, ShouldPanic, TestDecl};
use crate::registry::image::{Body, hooks_at};
use crate::terms::{Skip, TestResult, Verdict};

thread_local! {
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Notes where each panic happened before the previous hook prints it.
pub(crate) fn note_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let place = info.location().map(ToString::to_string);
            LAST_PANIC.with(|last| *last.borrow_mut() = place);
            previous(info);
        }));
    });
}

/// Runs the body with everything around it: hooks before and after a test, fixtures, releases.
pub(crate) fn run(body: Body, facts: Facts) -> Said {
    note_panics();
    let mut session = Session::new(Context::new(facts));
    let result = match body {
        Body::Hook(hook) => guarded(|| (hook.run)(&mut session)),
        Body::Test(test, case) => run_test(test, case, &mut session),
    };
    let release_errors = release(&mut session);
    let result = match (body, result) {
        (Body::Test(..), result) => after_test(&mut session, result),
        (Body::Hook(_), result) => result,
    };
    session.shut_down();
    let result = match result {
        Ok(()) if !release_errors.is_empty() => SaidResult::Failed(Failure {
            message: format!(
                "the test passed, but releasing what it held failed: {}",
                release_errors.join("; ")
            ),
            location: None,
        }),
        Ok(()) => SaidResult::Passed,
        Err(Verdict::Failed(failure)) => SaidResult::Failed(failure),
        Err(Verdict::Skipped(why)) => SaidResult::Skipped(why),
    };
    Said {
        result,
        release_errors,
        threads: None,
    }
}

fn run_test(test: &TestDecl, case: usize, session: &mut Session) -> TestResult {
    let phase = session.context().phase().map(str::to_owned);
    for hook in hooks_at(HookPoint::BeforeTest, phase.as_deref()) {
        guarded(|| (hook.run)(session)).map_err(|verdict| blame(hook, verdict))?;
    }
    let result = guarded(|| (test.run)(session, case));
    match test.attrs.should_panic {
        Some(wanted) => expect_panic(wanted, result),
        None => result,
    }
}

/// Hooks after a test run whatever happened; the first failure stays the test's failure.
fn after_test(session: &mut Session, mut result: TestResult) -> TestResult {
    let phase = session.context().phase().map(str::to_owned);
    for hook in hooks_at(HookPoint::AfterTest, phase.as_deref()) {
        let said = guarded(|| (hook.run)(session)).map_err(|verdict| blame(hook, verdict));
        if result.is_ok() {
            result = said;
        }
    }
    result
}

fn blame(hook: &HookDecl, verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Failed(failure) => Verdict::Failed(Failure {
            message: format!(
                "hook `{}` ({}:{}) failed: {}",
                hook.path, hook.file, hook.line, failure.message
            ),
            location: failure.location,
        }),
        skipped @ Verdict::Skipped(_) => skipped,
    }
}

fn expect_panic(wanted: ShouldPanic, result: TestResult) -> TestResult {
    let failure = match result {
        Ok(()) => return Err(Verdict::failed("the test should have panicked and did not")),
        Err(skipped @ Verdict::Skipped(_)) => return Err(skipped),
        Err(Verdict::Failed(failure)) => failure,
    };
    match wanted.expected {
        Some(text) if !failure.message.contains(text) => Err(Verdict::Failed(Failure {
            message: format!(
                "the test panicked as it should, but with another message\n expected it to contain: {text:?}\n it was: {:?}",
                failure.message
            ),
            ..failure
        })),
        _ => Ok(()),
    }
}

/// Runs every registered release, last registered first, each on its own terms.
fn release(session: &mut Session) -> Vec<String> {
    let mut errors = Vec::new();
    while let Some(undo) = session.context().next_release() {
        match guarded(|| session.block_on(undo)?.map_err(Verdict::from)) {
            Ok(()) | Err(Verdict::Skipped(_)) => {}
            Err(Verdict::Failed(failure)) => errors.push(failure.message),
        }
    }
    errors
}

/// Calls `body`; a panic becomes a failure with the message and the place.
fn guarded(body: impl FnOnce() -> TestResult) -> TestResult {
    match catch_unwind(AssertUnwindSafe(|| __rust_begin_short_backtrace(body))) {
        Ok(result) => result,
        Err(payload) => Err(verdict_of(payload)),
    }
}

/// The name tells the standard library where a backtrace stops being of interest.
#[inline(never)]
fn __rust_begin_short_backtrace(body: impl FnOnce() -> TestResult) -> TestResult {
    let result = body();
    // Keeps the call from becoming a tail call, which would take this frame away.
    std::hint::black_box(());
    result
}

fn verdict_of(payload: Box<dyn Any + Send>) -> Verdict {
    let location = LAST_PANIC.with(|last| last.borrow_mut().take());
    let message = match payload.downcast::<Skip>() {
        Ok(skip) => return Verdict::Skipped(skip.0),
        Err(payload) => match payload.downcast::<String>() {
            Ok(text) => *text,
            Err(payload) => payload.downcast::<&'static str>().map_or_else(
                |_| "it panicked with a value that is no text".to_owned(),
                |text| (*text).to_owned(),
            ),
        },
    };
    Verdict::Failed(Failure { message, location })
}
