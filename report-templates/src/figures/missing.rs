//! What should have happened in a run and is not on record.

use std::collections::BTreeSet;

use phasegate_record::event::{HookPoint, Invocation};

use super::evidence::Shortcoming;
use super::fold::RunFigures;
use super::test::Status;

/// Why no verdict can be computed although everything on record is sound: a test binary that did
/// not run, a hook after the tests that did not pass, tests that a runner never started.
pub(super) fn shortcomings(run: &RunFigures<'_>, awaited: &BTreeSet<&str>) -> Vec<Shortcoming> {
    let present: BTreeSet<String> = run
        .files
        .iter()
        .map(|file| format!("{}::{}", file.package, file.binary))
        .collect();
    let absent = awaited
        .iter()
        .filter(|binary| !present.contains(**binary))
        .map(|binary| Shortcoming::Absent {
            binary: (*binary).to_owned(),
        });
    // A hook before the tests that fails blocks them, and so shows in their outcomes.
    let after = |point| matches!(point, HookPoint::AfterRun | HookPoint::AfterPhase);
    let hooks = run
        .failed_hooks
        .iter()
        .filter(|hook| after(hook.event.point))
        .map(|hook| Shortcoming::HookFailed {
            hook: hook.event.name.clone(),
        });
    absent.chain(hooks).chain(unattempted(run)).collect()
}

/// Under a runner that starts a process for each test, a test without an attempt may have been
/// filtered out, or its process may never have come to write.
fn unattempted(run: &RunFigures<'_>) -> Option<Shortcoming> {
    let one_by_one =
        |file: &super::evidence::FileFigure| file.invocation == Some(Invocation::Nextest);
    if !run.files.iter().any(one_by_one) {
        return None;
    }
    let not_run = run
        .tests
        .iter()
        .filter(|test| test.status == Status::NotRun);
    let tests = not_run.count() as u64;
    (tests > 0).then_some(Shortcoming::Unattempted { tests })
}
