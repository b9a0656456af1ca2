//! Time limits, retries and the mark that they leave.

use phasegate_record::event::{Exit, Outcome};

use crate::hostile::{SETTINGS, forked};
use crate::support::{Project, assert_nobody_left};

#[test]
fn a_time_limit_ends_the_whole_group_and_its_strays() {
    let project = Project::of("hostile").toml(SETTINGS);
    let ran = project.run(&["--exact", "never_ends"]).exits(101);
    assert_eq!(ran.outcome("never_ends"), Some(Outcome::TimedOut));
    assert_nobody_left(&project.mark());
}

#[test]
fn who_ignores_the_request_to_end_is_killed_after_the_grace_period() {
    let exit = |test: &str| forked().ran.attempt(test).exit;
    assert_eq!(exit("never_ends"), Some(Exit::Signal(15)), "asked first");
    assert_eq!(
        exit("never_ends_and_ignores_sigterm"),
        Some(Exit::Signal(9))
    );
}

#[test]
fn requests_to_end_that_come_too_late_do_not_confuse_the_next_attempt() {
    // Each attempt ends when it is asked to, and what it leaves keeps its lane busy until after
    // the grace period, when the harness asks more urgently.
    let settings =
        "[timeout]\ntest = \"20ms\"\ngrace = \"20ms\"\n[retry]\ncount = 4\ndelay = \"1ms\"\n";
    let project = Project::of("patient").toml(settings);
    let ran = project
        .run(&["--exact", "waits_behind_a_daemon"])
        .exits(101);
    assert_eq!(ran.attempts("waits_behind_a_daemon").len(), 5);
    assert_nobody_left(&project.mark());
}

#[test]
fn a_limit_for_all_tests_comes_from_the_configuration() {
    let project = Project::of("patient").toml("[timeout]\ntest = \"50ms\"\ngrace = \"50ms\"\n");
    let ran = project.run(&["--exact", "waits"]).exits(101);
    assert_eq!(ran.outcome("waits"), Some(Outcome::TimedOut));
    assert_eq!(ran.planned("waits").timeout_ms, Some(50));
    assert_nobody_left(&project.mark());
}

#[test]
fn a_pass_after_a_failure_is_flaky_and_both_attempts_are_kept() {
    let ran = &forked().ran;
    let attempts = ran.attempts("passes_on_the_second_attempt");
    let kept: Vec<_> = attempts
        .iter()
        .map(|a| (a.number, a.outcome, a.last))
        .collect();
    assert_eq!(
        kept,
        [(1, Outcome::Failed, false), (2, Outcome::Passed, true)]
    );
    assert!(
        ran.stdout
            .contains("flaky (passed after a failed attempt): passes_on_the_second_attempt"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_test_that_never_passes_uses_all_its_attempts() {
    let ran = &forked().ran;
    let attempts = ran.attempts("fails_every_time");
    let kept: Vec<_> = attempts
        .iter()
        .map(|a| (a.number, a.outcome, a.last))
        .collect();
    assert_eq!(
        kept,
        [
            (1, Outcome::Failed, false),
            (2, Outcome::Failed, false),
            (3, Outcome::Failed, true)
        ]
    );
    assert!(ran.stdout.contains("attempt 3 of 3"), "{}", ran.stdout);
    let flaky = ran.stdout.lines().find(|l| l.starts_with("flaky")).unwrap();
    assert!(!flaky.contains("fails_every_time"), "{flaky}");
}

#[test]
fn retries_for_all_tests_come_from_the_configuration() {
    let project = Project::of("patient").toml("[retry]\ncount = 1\ndelay = \"1ms\"\n");
    let ran = project.run(&["--exact", "passes_the_second_time"]).exits(0);
    assert_eq!(ran.attempts("passes_the_second_time").len(), 2);
    assert_eq!(
        project.journal(),
        [
            "passes_the_second_time attempt 1",
            "passes_the_second_time attempt 2"
        ]
    );
}
