//! The ways of keeping attempts apart.

use phasegate_record::event::{Mechanism, Outcome};

use crate::hostile::{SETTINGS, forked, spawned};
use crate::support::{Project, assert_nobody_left, attempts};

#[test]
fn each_attempt_says_what_kept_it_apart() {
    for (ran, processes) in [
        (&forked().ran, Mechanism::Fork),
        (&spawned().ran, Mechanism::Spawn),
    ] {
        for attempt in attempts(ran.record()) {
            let expected = match attempt.test.as_str() {
                "fails_in_a_thread" | "passes_in_a_thread" | "never_ends_in_a_thread" => {
                    Mechanism::Thread
                }
                _ => processes,
            };
            assert_eq!(attempt.mechanism, expected, "{}", attempt.test);
        }
    }
}

#[test]
fn the_configuration_chooses_for_tests_that_do_not() {
    let project = Project::of("tame").toml("[isolation]\ndefault = \"thread\"\n");
    let ran = project.run(&[]).exits(0);
    assert!(attempts(ran.record()).all(|a| a.mechanism == Mechanism::Thread));
}

#[test]
fn force_run_in_process_outweighs_what_a_test_declares() {
    let project = Project::of("hostile").toml(SETTINGS);
    let args = [
        "--force-run-in-process",
        "--test-threads",
        "1",
        "zz_is_untouched",
        "returns_our",
        "skips_",
    ];
    let ran = project.run(&args).exits(101);
    assert!(attempts(ran.record()).all(|a| a.mechanism == Mechanism::Thread));
    // The second of them meets the counter that the first has left: this is one process.
    assert_eq!(ran.outcome("zz_is_untouched_1"), Some(Outcome::Passed));
    assert_eq!(ran.outcome("zz_is_untouched_2"), Some(Outcome::Failed));
    assert_eq!(ran.outcome("returns_our_error"), Some(Outcome::Failed));
    assert_eq!(ran.outcome("skips_from_deep_down"), Some(Outcome::Skipped));
}

#[test]
fn a_test_that_forks_and_returns_twice_is_reported_once() {
    for variables in [&[][..], &[("PHASEGATE_FORK", "0")]] {
        let project = Project::of("hostile");
        let ran = project
            .run_with(variables, &["--exact", "forks_and_returns_twice"])
            .exits(0);
        assert_eq!(
            ran.attempt("forks_and_returns_twice").outcome,
            Outcome::Passed
        );
        assert_eq!(ran.results(), ["forks_and_returns_twice ... ok"]);
    }
}

#[test]
fn a_copy_of_the_harness_ends_when_a_test_forks_in_its_process() {
    let project = Project::of("hostile");
    let args = [
        "--force-run-in-process",
        "--test-threads",
        "1",
        "forks_and_returns_twice",
        "returns_our",
    ];
    let ran = project.run(&args).exits(101);
    assert_eq!(ran.results().len(), 2, "{}", ran.stdout);
    assert_eq!(
        ran.attempt("forks_and_returns_twice").outcome,
        Outcome::Passed
    );
    assert_nobody_left(&project.mark());
}

#[test]
fn coverage_has_every_process_end_in_the_ordinary_way() {
    let project = Project::of("tame");
    let profile = project.path("%p-%m.profraw").display().to_string();
    let ran = project
        .run_with(&[("LLVM_PROFILE_FILE", &profile)], &[])
        .exits(0);
    assert!(attempts(ran.record()).all(|a| a.mechanism == Mechanism::Spawn));
}
