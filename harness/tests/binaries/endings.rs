//! Each way of ending is reported as what it is, and harms no other test.

use phasegate_record::event::Outcome::{self, Crashed, Failed, Passed, Skipped, TimedOut};
use phasegate_record::event::{Event, Exit, Mechanism};

use crate::hostile::{forked, spawned};
use crate::support::{Project, Ran};

/// Test, outcome, and words of the failure.
const ENDINGS: [(&str, Outcome, &str); 21] = [
    ("aborts", Crashed, "SIGABRT (signal 6)"),
    ("closes_every_descriptor", Crashed, "its process"),
    (
        "does_not_panic_as_it_should",
        Failed,
        "should have panicked and did not",
    ),
    (
        "exits_with_seven",
        Crashed,
        "exited with code 7 before the test had ended",
    ),
    (
        "exits_with_zero",
        Crashed,
        "exited with code 0 before the test had ended",
    ),
    ("fails_every_time", Failed, "attempt 3"),
    ("fails_in_a_thread", Failed, "in a thread"),
    (
        "fails_to_release",
        Failed,
        "releasing what it held failed: the vault is still open",
    ),
    ("is_killed", Crashed, "SIGKILL (signal 9)"),
    (
        "kills_its_overseer",
        Crashed,
        "the process that oversees the test was killed",
    ),
    ("never_ends", TimedOut, "not done after 200ms"),
    (
        "never_ends_and_ignores_sigterm",
        TimedOut,
        "not done after 200ms",
    ),
    ("never_ends_in_a_thread", TimedOut, "not done after 200ms"),
    ("overflows_its_stack", Crashed, "its stack overflowed"),
    ("panics_with_another_message", Failed, "another message"),
    ("panics_without_words", Failed, "a value that is no text"),
    (
        "prints_hostile_text",
        Failed,
        "<img src=x onerror=alert(1)>",
    ),
    ("returns_an_error", Failed, "ParseIntError"),
    ("returns_our_error", Failed, "invalid digit found in string"),
    ("segfaults", Crashed, "SIGSEGV (signal 11)"),
    ("skips_from_deep_down", Skipped, "no gpu here"),
];

fn assert_endings(ran: &Ran, left_out: &[&str]) {
    let mut bad = 0;
    for (test, outcome, words) in ENDINGS.iter().filter(|(t, ..)| !left_out.contains(t)) {
        let last = ran
            .attempts(test)
            .pop()
            .unwrap_or_else(|| panic!("no attempt at {test}"));
        assert_eq!(last.outcome, *outcome, "{test}: {last:?}");
        let said = last.failure.map(|f| f.message).or(last.skip_reason);
        assert!(
            said.as_deref().is_some_and(|m| m.contains(words)),
            "{test}: {said:?}"
        );
        bad += u64::from(outcome.is_bad());
    }
    let names: Vec<_> = planned(ran).filter(|n| !left_out.contains(n)).collect();
    for test in names {
        if !ENDINGS.iter().any(|(t, ..)| *t == test) {
            assert_eq!(ran.outcome(test), Some(Passed), "{test}");
        }
    }
    let counts = ran.end().counts;
    assert_eq!(counts.not_run, 0, "{counts:?}");
    assert_eq!(
        counts.failed + counts.timed_out + counts.crashed,
        bad,
        "{counts:?}"
    );
    assert_eq!((counts.skipped, counts.blocked), (1, 0), "{counts:?}");
}

fn planned(ran: &Ran) -> impl Iterator<Item = &str> {
    ran.record().events().filter_map(|e| match e {
        Event::Planned(test) => Some(test.name.as_str()),
        _ => None,
    })
}

#[test]
fn each_ending_is_what_it_is_and_all_other_tests_pass() {
    assert_endings(&forked().ran, &[]);
}

#[test]
fn spawned_attempts_end_in_the_same_ways() {
    // Its answer goes through a file, so that one needs no descriptor of its own.
    let by_file = "closes_every_descriptor";
    assert_endings(
        &spawned().ran,
        &["kills_its_overseer", "prints_fifty_megabytes", by_file],
    );
}

#[test]
fn the_record_says_how_each_process_ended_and_what_it_used() {
    let ran = &forked().ran;
    for (test, exit) in [
        ("aborts", Exit::Signal(6)),
        ("exits_with_seven", Exit::Code(7)),
        ("is_killed", Exit::Signal(9)),
        ("returns_an_error", Exit::Code(0)),
        ("never_ends_and_ignores_sigterm", Exit::Signal(9)),
    ] {
        let attempt = ran.attempt(test);
        assert_eq!(
            (attempt.exit, attempt.mechanism),
            (Some(exit), Mechanism::Fork),
            "{test}"
        );
        assert!(
            attempt.peak_kib.is_some_and(|p| p > 0) && attempt.user_us.is_some(),
            "{attempt:?}"
        );
        assert!(attempt.wall_us > 0, "{attempt:?}");
    }
}

#[test]
fn a_failure_names_its_place() {
    let ran = &forked().ran;
    let place = |test: &str| ran.attempt(test).failure.unwrap().location.unwrap();
    for test in [
        "fails_in_a_thread",
        "returns_our_error",
        "prints_hostile_text",
    ] {
        assert!(place(test).contains("tests/hostile.rs:"), "{}", place(test));
    }
    let line = ran.planned("returns_an_error").line;
    let shown = format!("at harness/subjects/tests/hostile.rs:{line}");
    assert!(ran.stdout.contains(&shown), "{}", ran.stdout);
}

#[test]
fn nothing_that_a_test_prints_reaches_the_terminal_as_a_command() {
    let ran = &forked().ran;
    let obeyed = |c: char| c.is_control() && c != '\n' && c != '\t';
    for text in [&ran.stdout, &ran.stderr] {
        let found = text.chars().find(|c| obeyed(*c));
        assert_eq!(found, None, "{text}");
    }
    assert!(ran.stdout.contains("\\u{1b}[2J") && ran.stdout.contains("\\u{202e}desrever"));
}

#[test]
fn an_attempt_that_cannot_be_told_from_others_by_its_directory_or_environment_starts_clean() {
    // In one lane, so that the same process forks all of them.
    let project = Project::of("hostile");
    let args = ["--test-threads", "1", "changes", "zz_is_untouched"];
    let ran = project.run(&args).exits(0);
    assert_eq!(ran.end().counts.passed, 3);
}
