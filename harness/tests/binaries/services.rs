//! Services: started for those who need them, leased, lost, brought back.

use phasegate_record::event::{Outcome, ServiceChange};

use crate::support::{Project, Ran};

const STORE_ONLY: [&str; 2] = ["-E", "boundary(database) - tag(both)"];

/// The subject with a service broken in the ways that are named.
fn broken(project: &Project, how: &str, args: &[&str]) -> Ran {
    project.run_with(&[("SUBJECT_BREAK", how)], args)
}

fn places(lines: &[String], wanted: &str) -> Vec<usize> {
    let lines = lines.iter().enumerate();
    lines
        .filter(|(_, l)| *l == wanted)
        .map(|(i, _)| i)
        .collect()
}

#[test]
fn services_start_in_order_are_leased_and_stop_in_reverse() {
    let project = Project::of("services");
    let ran = project.run(&[]).exits(0);
    let told = project.journal();
    let place = |line: &str| {
        let places = places(&told, line);
        assert_eq!(places.len(), 1, "`{line}` once in {told:#?}");
        places[0]
    };
    assert!(place("start store") < place("start index"));
    assert!(place("stop index") < place("stop store"));
    assert_eq!(
        places(&told, "lease store").len(),
        places(&told, "reclaim store").len()
    );
    let changes = ran.service_changes();
    assert_eq!(
        changes.iter().filter(|c| c.ends_with(" ready")).count(),
        3,
        "{changes:?}"
    );
    assert_eq!(
        changes.iter().filter(|c| c.ends_with(" stopped")).count(),
        3,
        "{changes:?}"
    );
    assert_eq!(ran.planned("uses_both").services, ["index", "store"]);
    assert_eq!(ran.planned("uses_both").boundaries, ["database", "search"]);
    let leases = ran.attempt("uses_both").leases;
    let names: Vec<&str> = leases.iter().map(|l| l.service.as_str()).collect();
    assert_eq!(names, ["index", "store"]);
    assert!(leases.iter().all(|l| l.acquire_us > 0 && !l.stand_in));
    project.assert_no_service_left();
}

#[test]
fn every_part_of_a_start_is_timed() {
    let project = Project::of("services");
    let ran = project.run(&["--exact", "counts_from_one"]).exits(0);
    let steps = ran.service_steps();
    let named = |name: &str| steps.iter().find(|s| s.detail == name).unwrap();
    let (start, probe) = (named("start"), named("probe"));
    let ready = steps
        .iter()
        .find(|s| s.change == ServiceChange::Ready)
        .unwrap();
    assert!(start.at_us >= ready.at_us && probe.at_us >= start.at_us + start.wall_us);
    assert!(probe.at_us + probe.wall_us <= ready.at_us + ready.wall_us);
}

#[test]
fn only_services_that_are_needed_start() {
    let project = Project::of("services");
    project.run(&["--list"]).exits(0);
    project.run(&["-E", "tag(plain)"]).exits(0);
    assert_eq!(project.journal(), Vec::<String>::new());
    project.run(&STORE_ONLY).exits(0);
    let told = project.journal();
    assert!(told.contains(&"start store".to_owned()));
    assert!(!told.contains(&"start index".to_owned()), "{told:?}");
    assert!(!told.contains(&"lease index".to_owned()), "{told:?}");
}

#[test]
fn a_share_is_private_whatever_keeps_tests_apart() {
    for variables in [&[][..], &[("PHASEGATE_FORK", "0")][..]] {
        for args in [
            &["--test-threads", "8"][..],
            &["--force-run-in-process"][..],
        ] {
            let project = Project::of("services");
            project.run_with(variables, args).exits(0);
            project.assert_no_service_left();
        }
    }
}

#[test]
fn a_lease_is_given_back_after_a_panic() {
    let project = Project::of("services");
    let ran = project
        .run_with(
            &[("SUBJECT_PANIC", "1")],
            &["--exact", "panics_with_a_lease"],
        )
        .exits(101);
    assert_eq!(ran.outcome("panics_with_a_lease"), Some(Outcome::Failed));
    let told = project.journal();
    assert_eq!(places(&told, "reclaim store").len(), 1, "{told:?}");
}

#[test]
fn what_a_reclaim_leaves_is_recorded() {
    let project = Project::of("services");
    let ran = broken(&project, "store:reclaim", &["--exact", "counts_from_one"]).exits(0);
    let errors = ran.attempt("counts_from_one").release_errors;
    assert_eq!(errors, ["store: it was told not to reclaim"]);
    project.assert_no_service_left();
}

#[test]
fn a_service_that_cannot_start_blocks_its_tests_and_those_of_its_dependents() {
    let project = Project::of("services");
    let ran = broken(&project, "store:exit", &["-E", "not tag(archive)"]).exits(101);
    for test in ["counts_from_one", "uses_both", "counts_in_a_thread"] {
        let attempt = ran.attempt(test);
        assert_eq!(attempt.outcome, Outcome::Blocked);
        let blocked = attempt.blocked.unwrap();
        assert_eq!(blocked.root, "service:store");
        assert!(
            blocked
                .reason
                .contains("probe: redis-server exited with code 1"),
            "{}",
            blocked.reason
        );
        assert!(
            blocked.reason.contains("no-such-directive"),
            "the log is quoted: {}",
            blocked.reason
        );
    }
    let both = ran.attempt("uses_both").blocked.unwrap();
    assert!(
        both.reason.starts_with("index blocked: store: "),
        "{}",
        both.reason
    );
    assert_eq!(ran.outcome("needs_nothing"), Some(Outcome::Passed));
    assert_eq!(ran.service_changes(), ["store failed", "index failed"]);
    project.assert_no_service_left();
}

#[test]
fn a_service_that_never_answers_is_given_up_on_with_the_probe_named() {
    let project = Project::of("services");
    let ran = broken(
        &project,
        "archive:mute,small_archive:refuse",
        &["-E", "tag(archive)"],
    )
    .exits(101);
    let blocked = ran.attempt("uses_the_archive").blocked.unwrap();
    assert_eq!(blocked.root, "service:archive");
    let said = blocked.reason;
    assert!(said.contains("not ready after 2."), "{said}");
    assert!(said.contains("probe `PING`"), "{said}");
    assert!(
        said.contains("its stand-in: it was told to refuse"),
        "{said}"
    );
}

#[test]
fn blocked_tests_are_told_to_bazel() {
    let project = Project::of("services");
    let mut command = project.command();
    command
        .env("BAZEL_TEST", "1")
        .env("SUBJECT_BREAK", "store:refuse")
        .env(
            "TEST_INFRASTRUCTURE_FAILURE_FILE",
            project.path("infrastructure"),
        )
        .env("TEST_UNDECLARED_OUTPUTS_DIR", project.path("outputs"));
    project.finish(command).exits(101);
    let said = std::fs::read_to_string(project.path("infrastructure")).unwrap();
    let mut lines = said.lines();
    assert_eq!(lines.next(), Some("service:store"));
    assert!(
        lines.next().unwrap().contains("it was told to refuse"),
        "{said}"
    );
}

#[test]
fn a_stand_in_runs_in_the_place_of_what_is_missing() {
    let project = Project::of("services");
    let ran = broken(&project, "archive:refuse", &["-E", "tag(archive)"]).exits(0);
    assert!(ran.attempt("uses_the_archive").leases[0].stand_in);
    assert_eq!(
        ran.service_changes(),
        ["archive fellback", "archive ready", "archive stopped"]
    );
}

#[test]
fn a_service_that_dies_comes_back_and_its_tests_are_attempted_again() {
    let project = Project::of("services");
    let ran = project
        .run_with(&[("SUBJECT_KILLS", "1")], &["-E", "tag(deadly)"])
        .exits(0);
    let attempts = ran.attempts("kills_its_service_once");
    assert_eq!(attempts.len(), 2);
    assert_eq!(attempts[0].outcome, Outcome::Failed);
    let why = attempts[0].infrastructure.clone().unwrap();
    assert!(why.starts_with("store: "), "{why}");
    assert!(!attempts[0].last && attempts[1].last);
    assert_eq!(attempts[1].outcome, Outcome::Passed);
    assert_eq!(attempts[1].infrastructure, None);
    assert_eq!(
        ran.service_changes(),
        ["store ready", "store died", "store ready", "store stopped"]
    );
    assert!(!ran.stdout.contains("flaky"), "{}", ran.stdout);
    project.assert_no_service_left();
}

#[test]
fn a_service_that_dies_again_blocks_the_tests_that_need_it() {
    let project = Project::of("services");
    let args = ["-E", "tag(deadly) | tag(both)", "--test-threads", "1"];
    let ran = project
        .run_with(&[("SUBJECT_KILLS", "2")], &args)
        .exits(101);
    let attempts = ran.attempts("kills_its_service_once");
    assert_eq!(attempts.len(), 2);
    assert_eq!(attempts[1].outcome, Outcome::Blocked);
    let blocked = ran.attempts("uses_both").pop().unwrap();
    assert_eq!(blocked.outcome, Outcome::Blocked);
    let blocked = blocked.blocked.unwrap();
    assert_eq!(blocked.root, "service:store");
    assert!(
        blocked.reason.contains("may not be restarted again"),
        "{}",
        blocked.reason
    );
    project.assert_no_service_left();
}

#[test]
fn waiting_for_a_service_ends_when_the_run_is_stopped() {
    let project = Project::of("services");
    let mut command = project.command();
    command
        .env("SUBJECT_BREAK", "store:mute")
        .args(["--exact", "counts_from_one"]);
    let mut running = project.start(command);
    running.await_journal("start store", 1);
    crate::support::signal(running.pid(), "INT");
    running.wait().exits(130);
    project.assert_no_service_left();
}

#[test]
fn a_service_that_panics_is_one_that_cannot_start_or_take_back() {
    let project = Project::of("services");
    let ran = broken(&project, "index:panic", &["-E", "tag(both)"]).exits(101);
    let reason = ran.attempt("uses_both").blocked.unwrap().reason;
    assert!(
        reason.starts_with("index: it panicked: it was told to panic"),
        "{reason}"
    );
    let ran = broken(&project, "store:drop", &["--exact", "counts_from_one"]);
    let errors = ran.attempt("counts_from_one").release_errors;
    assert_eq!(errors, ["store: it panicked: it was told to drop it"]);
    project.assert_no_service_left();
}

#[test]
fn a_test_that_is_blocked_is_not_retried() {
    let project = Project::of("services").toml("[retry]\ncount = 2\n");
    let ran = broken(&project, "store:refuse", &["--exact", "counts_from_one"]).exits(101);
    let attempts = ran.attempts("counts_from_one");
    assert_eq!(attempts.len(), 1, "{attempts:#?}");
    assert!(attempts[0].last);
}

#[test]
fn a_reset_leaves_no_thread_behind_where_nothing_is_forked() {
    let project = Project::of("services");
    let args = ["--exact", "counts_again_after_a_reset"];
    let ran = project.run_with(&[("PHASEGATE_FORK", "0")], &args).exits(0);
    let attempt = ran.attempt("counts_again_after_a_reset");
    assert!(attempt.receipt.is_none(), "{:?}", attempt.receipt);
}
