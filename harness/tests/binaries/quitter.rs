//! Tests that reach for the harness itself, or for what the next test will use.

use phasegate_record::event::Outcome;

use crate::support::Project;

#[test]
fn exit_in_a_thread_is_no_success_of_the_run() {
    let ran = Project::of("quitter")
        .run(&["exits_in_a_thread", "fails", "--test-threads", "1"])
        .exits(101);
    assert!(ran.stderr.contains("called `exit`"), "{}", ran.stderr);
}

#[test]
fn a_binary_that_a_spawned_test_starts_is_not_taken_for_the_attempt() {
    let test = "starts_this_binary_again";
    let ran = Project::of("quitter")
        .run_with(&[("PHASEGATE_FORK", "0")], &[test])
        .exits(0);
    assert_eq!(ran.outcome(test), Some(Outcome::Passed));
}

#[test]
fn flags_of_the_output_are_not_handed_on() {
    let ran = Project::of("quitter")
        .run(&["clears_the_flags", "prints_after", "--test-threads", "1"])
        .exits(0);
    assert_eq!(ran.attempt("prints_after_that").stdout, text("second"));
}

fn text(text: &str) -> phasegate_record::event::Output {
    phasegate_record::event::Output::Text {
        text: text.to_owned(),
    }
}
