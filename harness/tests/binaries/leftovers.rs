//! What a test leaves behind is named in its receipt and is gone afterwards.

use crate::hostile::{forked, spawned};
use crate::support::{Ran, assert_nobody_left};

fn left_processes(ran: &Ran, test: &str) -> Vec<String> {
    let receipt = ran.attempt(test).receipt.expect("a process has a receipt");
    receipt.processes.into_iter().map(|l| l.name).collect()
}

#[test]
fn processes_and_threads_are_named_in_the_receipt() {
    let ran = &forked().ran;
    for test in [
        "leaks_a_process",
        "leaks_a_daemon",
        "leaks_a_child_that_holds_its_output",
    ] {
        assert_eq!(left_processes(ran, test), ["sleep"], "{test}");
    }
    let receipt = ran.attempt("leaks_a_thread").receipt.unwrap();
    assert_eq!((receipt.threads, receipt.processes), (Some(1), vec![]));
    for test in [
        "zz_is_untouched_1",
        "returns_an_error",
        "prints_through_c_and_children",
    ] {
        let receipt = ran.attempt(test).receipt.unwrap();
        assert!(receipt.is_empty(), "{test}: {receipt:?}");
    }
}

#[test]
fn a_spawned_attempt_names_what_it_left_too() {
    let ran = &spawned().ran;
    for test in [
        "leaks_a_process",
        "leaks_a_daemon",
        "leaks_a_child_that_holds_its_output",
    ] {
        assert_eq!(left_processes(ran, test), ["sleep"], "{test}");
    }
    assert_eq!(
        ran.attempt("leaks_a_thread").receipt.unwrap().threads,
        Some(1)
    );
}

#[test]
fn leaky_tests_are_named_at_the_end() {
    let line = forked()
        .ran
        .stdout
        .lines()
        .find(|l| l.starts_with("leaky"))
        .unwrap();
    for test in ["leaks_a_thread", "leaks_a_daemon", "leaks_a_process"] {
        assert!(line.contains(test), "{line}");
    }
    assert!(!line.contains("untouched"), "{line}");
}

#[test]
fn nobody_and_nothing_is_left_after_the_run() {
    let hostile = forked();
    assert_nobody_left(&hostile.mark);
    assert_eq!(hostile.litter, Vec::<String>::new());
}

#[test]
fn nobody_and_nothing_is_left_after_a_spawned_run() {
    let hostile = spawned();
    assert_nobody_left(&hostile.mark);
    assert_eq!(hostile.litter, Vec::<String>::new());
}
