//! Signals to the harness: a valid record that says so, and no process left.

use std::os::unix::process::CommandExt;

use phasegate_record::event::Event;
use phasegate_record::read::{Flaw, read_run};

use crate::support::{Project, Ran, Running, assert_nobody_left, attempts, signal, signal_group};

const STUBBORN: &str = "[timeout]\ngrace = \"60s\"\n";

/// A run whose waiting tests have begun.
fn started(project: &Project, tag: &str, count: usize, variables: &[(&str, &str)]) -> Running {
    let mut command = project.command();
    command.args(["-E", &format!("tag({tag})"), "--test-threads", "2"]);
    command.envs(variables.iter().copied());
    let mut running = project.start(command);
    running.await_journal("waits", count);
    running
}

fn assert_interrupted(project: &Project, ran: &Ran) {
    let end = ran.end();
    assert!(end.interrupted, "{end:?}");
    assert_eq!(end.counts.not_run, end.counts.total, "{end:?}");
    assert_eq!(i32::from(end.exit_code), ran.code);
    assert_eq!(
        attempts(ran.record()).count(),
        0,
        "a test that was stopped proves nothing"
    );
    assert!(matches!(
        ran.record().events().last(),
        Some(Event::Seal { .. })
    ));
    assert_nobody_left(&project.mark());
    assert_eq!(project.litter(), Vec::<String>::new());
}

#[test]
fn ctrl_c_ends_the_tests_and_seals_the_record() {
    let project = Project::of("patient");
    let running = started(&project, "waits", 2, &[]);
    signal(running.pid(), "INT");
    let ran = running.wait().exits(130);
    assert_interrupted(&project, &ran);
    assert!(
        ran.stderr.contains("once more ends them at once"),
        "{}",
        ran.stderr
    );
}

#[test]
fn sigterm_ends_the_tests_and_seals_the_record() {
    let project = Project::of("patient");
    let running = started(&project, "waits", 2, &[]);
    signal(running.pid(), "TERM");
    assert_interrupted(&project, &running.wait().exits(143));
}

#[test]
fn ctrl_c_again_does_not_wait_for_the_grace_period() {
    let project = Project::of("patient").toml(STUBBORN);
    let mut running = started(&project, "stubborn", 1, &[]);
    signal(running.pid(), "INT");
    running.await_stderr("once more ends them at once");
    signal(running.pid(), "INT");
    assert_interrupted(&project, &running.wait().exits(130));
}

#[test]
fn ctrl_c_ends_spawned_tests_too() {
    let project = Project::of("patient").toml(STUBBORN);
    let mut running = started(&project, "stubborn", 1, &[("PHASEGATE_FORK", "0")]);
    signal(running.pid(), "INT");
    running.await_stderr("once more ends them at once");
    signal(running.pid(), "INT");
    assert_interrupted(&project, &running.wait().exits(130));
}

#[test]
fn sigkill_of_the_harness_leaves_no_process_and_a_record_that_is_not_sealed() {
    let project = Project::of("patient");
    let running = started(&project, "waits", 2, &[]);
    signal(running.pid(), "KILL");
    running.wait().exits(-9);
    assert_nobody_left(&project.mark());
    let dirs = project.run_dirs();
    let record = read_run(&dirs[0]).unwrap();
    let flaws: Vec<_> = record.problems().map(|p| &p.flaw).collect();
    assert!(matches!(flaws[..], [Flaw::Unsealed]), "{flaws:?}");
    assert!(
        record.events().any(|e| matches!(e, Event::Planned(_))),
        "the inventory came first"
    );
}

#[test]
fn sigkill_of_the_harness_s_whole_group_leaves_no_process() {
    let project = Project::of("patient");
    let mut command = project.command();
    command
        .args(["-E", "tag(waits)", "--test-threads", "2"])
        .process_group(0);
    let mut running = project.start(command);
    running.await_journal("waits", 2);
    signal_group(running.pid(), "KILL");
    running.wait().exits(-9);
    assert_nobody_left(&project.mark());
}

#[test]
fn sigkill_of_the_harness_ends_spawned_tests() {
    let project = Project::of("patient");
    let running = started(&project, "alone", 1, &[("PHASEGATE_FORK", "0")]);
    signal(running.pid(), "KILL");
    running.wait().exits(-9);
    assert_nobody_left(&project.mark());
}

#[test]
fn fail_fast_runs_nothing_more_after_a_failure() {
    let project = Project::of("phases");
    let fails = [("SUBJECT_FAILS", "test homeless")];
    let ran = project
        .run_with(&fails, &["--fail-fast", "--test-threads", "1"])
        .exits(101);
    let counts = ran.end().counts;
    assert_eq!(
        (counts.failed, counts.not_run),
        (1, counts.total - 1),
        "{counts:?}"
    );
    assert!(ran.end().interrupted);
}
