//! Three phases with suites, hooks and a serial group; every part tells the journal.
#![allow(missing_docs)]

use phasegate::{Context, PhaseContext, RunContext};
use phasegate_subjects::{act, beside_journal, tell};

phasegate::main!();

#[phasegate::hook(before_run)]
fn set_up(run: RunContext) {
    assert!(!run.run_id().is_empty());
    act("hook set_up");
}

#[phasegate::hook(before_run, after = ["set_up"])]
fn a_second_set_up() {
    act("hook a_second_set_up");
}

#[phasegate::hook(after_run)]
fn tear_down() {
    act("hook tear_down");
}

#[phasegate::hook(before_phase = "B")]
async fn warm_up(cx: &PhaseContext) -> phasegate::Result {
    act(&format!("hook warm_up {}", cx.phase()));
    Ok(())
}

#[phasegate::hook(after_phase = "B")]
fn cool_down(cx: &PhaseContext) {
    act(&format!("hook cool_down {}", cx.phase()));
}

#[phasegate::hook(before_test)]
fn before_each(cx: Context) {
    act(&format!("hook before_each {}", cx.test()));
}

#[phasegate::hook(after_test)]
fn after_each(cx: Context) {
    act(&format!("hook after_each {}", cx.test()));
}

#[phasegate::test]
fn homeless(cx: Context) {
    assert_eq!(cx.phase(), None);
    act("test homeless");
}

#[phasegate::suite(phase = "A", boundary = ["database"], tags = ["storage"], timeout = "30s")]
mod storage {
    use super::*;

    #[phasegate::test]
    fn opens(cx: Context) {
        assert_eq!(cx.phase(), Some("A"));
        act("test storage::opens");
    }

    #[phasegate::test(boundary = ["cache"], tags = ["slow"], timeout = "10s")]
    fn reads() {
        act("test storage::reads");
    }

    #[phasegate::test(phase = "B")]
    fn belongs_to_b() {
        act("test storage::belongs_to_b");
    }
}

#[phasegate::suite(phase = "B")]
mod logic {
    use super::*;

    #[phasegate::test(criterion = ["B-1"])]
    fn adds() {
        act("test logic::adds");
    }
}

#[phasegate::suite(phase = "C", serial = "ledger")]
mod ledger {
    use super::*;

    /// Fails when another test of the group is between its first and its last line.
    fn alone(name: &str) {
        act(name);
        let lock = beside_journal("ledger.lock");
        let taken = std::fs::File::options()
            .write(true)
            .create_new(true)
            .open(&lock);
        assert!(taken.is_ok(), "another test of the group is running");
        // Long enough for a test that does not wait for its turn to be seen.
        std::thread::sleep(std::time::Duration::from_millis(20));
        std::fs::remove_file(lock).expect("the lock can be removed");
        tell(&format!("end {name}"));
    }

    #[phasegate::test]
    fn one() {
        alone("test ledger::one");
    }

    #[phasegate::test]
    fn two() {
        alone("test ledger::two");
    }

    #[phasegate::test]
    fn three() {
        alone("test ledger::three");
    }
}
