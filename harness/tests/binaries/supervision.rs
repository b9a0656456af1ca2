//! Whoever is killed, and whenever: services outlive neither the run nor the harness.

use phasegate_record::event::{Event, Outcome};

use crate::support::{Project, Ran, signal};

/// A run with every service whose harness, fork server or supervisor is killed when a certain
/// entry of the journal has been written.
fn killed(project: &Project, whom: &str, entry: usize) -> Ran {
    let at = format!("{whom}:{entry}");
    project.run_with(&[("PHASEGATE_KILL_AT", &at)], &["--test-threads", "2"])
}

/// Entries that a journal of an undisturbed run has: it is gone at the end, so the walk finds out
/// by going on until nobody is killed any more.
const MANY: usize = 200;

#[test]
fn the_death_of_the_harness_leaves_nothing_wherever_it_comes() {
    for entry in 1..MANY {
        let project = Project::of("services");
        let ran = killed(&project, "harness", entry);
        project.assert_no_service_left();
        if ran.code == 0 {
            assert!(entry > 15, "the walk ended after {entry} entries");
            return;
        }
        assert_eq!(ran.code, -9, "{}{}", ran.stdout, ran.stderr);
    }
    panic!("the walk never ended");
}

#[test]
fn the_death_of_the_supervisor_leaves_nothing_and_the_run_goes_on() {
    for entry in 1..MANY {
        let project = Project::of("services");
        let ran = killed(&project, "supervisor", entry).exits(0);
        project.assert_no_service_left();
        let lost = ran
            .stderr
            .contains("the supervisor of the services was lost");
        let early = ran
            .stderr
            .contains("the supervisor of the services ended at once");
        assert!(!early, "{}", ran.stderr);
        if !lost {
            assert!(entry > 15, "the walk ended after {entry} entries");
            return;
        }
    }
    panic!("the walk never ended");
}

#[test]
fn the_death_of_the_fork_server_leaves_nothing() {
    for entry in [5, 8, 10, 12, 14] {
        let project = Project::of("services");
        let ran = killed(&project, "fork-server", entry);
        assert!(ran.code >= 0, "{}{}", ran.stdout, ran.stderr);
        project.assert_no_service_left();
    }
}

#[test]
fn a_harness_that_is_killed_while_tests_hold_leases_leaves_nothing() {
    let project = Project::of("services");
    let mut command = project.command();
    command.env("SUBJECT_WAIT", "1").args(["-E", "tag(waits)"]);
    let mut running = project.start(command);
    running.await_journal("waits", 1);
    signal(running.pid(), "KILL");
    running.wait();
    project.assert_no_service_left();
}

#[test]
fn what_nobody_was_left_to_clear_away_the_next_run_removes_and_says_so() {
    let project = Project::of("services");
    let mut command = project.command();
    command.env("SUBJECT_WAIT", "1").args(["-E", "tag(waits)"]);
    let mut running = project.start(command);
    running.await_journal("waits", 1);
    let journal = project
        .service_files()
        .into_iter()
        .find(|name| name.ends_with(".journal"))
        .expect("the supervisor keeps a journal");
    let text =
        std::fs::read_to_string(project.path("target/phasegate/services").join(&journal)).unwrap();
    let begun: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let supervisor = begun["Begun"]["pid"].as_u64().unwrap();
    // Both at once, as a power cut does it: the harness first, so that it replaces nobody.
    signal(running.pid(), "STOP");
    signal(u32::try_from(supervisor).unwrap(), "KILL");
    signal(running.pid(), "KILL");
    running.wait();
    assert!(
        project.service_files().contains(&journal),
        "nobody cleared it away"
    );
    // A run that needs no service removes it, too.
    let ran = project.run(&["-E", "tag(plain)"]).exits(0);
    assert!(
        ran.stderr
            .contains("removed what a supervisor that was killed had left behind"),
        "{}",
        ran.stderr
    );
    let noted = ran
        .record()
        .events()
        .any(|e| matches!(e, Event::Note(n) if n.text.contains("removed what")));
    assert!(noted, "it stands in the record");
    project.assert_no_service_left();
}

#[test]
fn a_supervisor_that_is_killed_again_and_again_blocks_and_leaves_nothing() {
    let project = Project::of("services");
    let mut command = project.command();
    command.args(["--exact", "counts_from_one"]);
    command.env("SUBJECT_BREAK", "store:suicide");
    let ran = project.finish(command).exits(101);
    let attempt = ran.attempts("counts_from_one").pop().unwrap();
    assert_eq!(attempt.outcome, Outcome::Blocked);
    assert!(
        attempt.blocked.unwrap().reason.contains("was lost"),
        "{}",
        ran.stdout
    );
}
