//! State that is built once and shared copy-on-write.

use phasegate_record::event::Outcome;

use crate::support::{Project, Ran, assert_nobody_left};

#[test]
fn a_preload_runs_once_and_nobody_s_writes_reach_anybody() {
    let project = Project::of("preload");
    let ran = project.run(&[]).exits(0);
    assert_eq!(ran.end().counts.passed, 3);
    let journal = project.journal();
    let (built, read): (Vec<_>, Vec<_>) = journal.iter().partition(|l| l.starts_with("built by "));
    assert_eq!(built.len(), 1, "{journal:?}");
    let builder = built[0].trim_start_matches("built by ");
    assert_eq!(read.len(), 3, "{journal:?}");
    for line in read {
        assert!(
            line.ends_with(&format!("reads {builder} touched 0")),
            "{journal:?}"
        );
        assert!(
            !line.contains(&format!(" in {builder} ")),
            "a test runs in a process of its own"
        );
    }
    assert!(
        !ran.stdout.contains("a preload may print"),
        "standard output may be for a machine"
    );
}

#[test]
fn a_list_and_a_run_of_nothing_preload_nothing() {
    let project = Project::of("preload");
    project.run(&["--list"]).exits(0);
    project.run(&["nothing is called so"]).exits(4);
    assert_eq!(project.journal(), Vec::<String>::new());
}

#[test]
fn in_one_process_the_state_is_truly_shared() {
    let project = Project::of("preload");
    project
        .run(&["--force-run-in-process", "--test-threads", "1"])
        .exits(0);
    let journal = project.journal();
    let touched: Vec<_> = journal
        .iter()
        .filter_map(|l| l.rsplit_once("touched ").map(|(_, n)| n))
        .collect();
    assert_eq!(touched, ["0", "1", "2"], "{journal:?}");
}

#[test]
fn spawned_attempts_build_for_themselves() {
    let project = Project::of("preload");
    project.run_with(&[("PHASEGATE_FORK", "0")], &[]).exits(0);
    let built = project
        .journal()
        .iter()
        .filter(|l| l.starts_with("built by "))
        .count();
    assert_eq!(built, 3);
}

fn broken(how: &str) -> Ran {
    broken_in(&[("SUBJECT_HOW", how)])
}

fn broken_in(variables: &[(&str, &str)]) -> Ran {
    let project = Project::of("preload");
    let ran = project.run_with(variables, &[]).exits(101);
    assert_nobody_left(&project.mark());
    assert_eq!(ran.end().counts.blocked, 3);
    for test in ["one", "two", "three"] {
        let attempt = ran.attempt(test);
        assert_eq!(attempt.outcome, Outcome::Blocked);
        assert_eq!(attempt.blocked.unwrap().root, "preload:catalogue");
    }
    assert_eq!(
        ran.stdout.matches("blocked by preload catalogue: ").count(),
        3,
        "{}",
        ran.stdout
    );
    ran
}

#[test]
fn a_preload_that_panics_blocks_every_test_and_is_named() {
    let ran = broken("panic");
    assert!(
        ran.stderr.contains("the catalogue is empty"),
        "{}",
        ran.stderr
    );
    assert!(ran.stdout.contains("tests/preload.rs:"), "{}", ran.stdout);
}

#[test]
fn a_preload_that_leaves_a_thread_blocks_every_test_and_says_what_to_do() {
    let ran = broken("thread");
    assert!(
        ran.stdout.contains("left a thread running"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("start threads in a fixture"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_preload_that_exits_blocks_every_test() {
    let ran = broken("exit");
    assert!(
        ran.stdout.contains("a preload ends by returning"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_preload_that_panics_blocks_spawned_attempts_too() {
    broken_in(&[("SUBJECT_HOW", "panic"), ("PHASEGATE_FORK", "0")]);
}
