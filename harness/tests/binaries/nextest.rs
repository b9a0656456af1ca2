//! The real `cargo nextest`. Where it is not installed, these tests say so and prove nothing.

use phasegate_record::event::{Event, Invocation, Outcome};
use phasegate_record::read::RunRecord;

use crate::support::{Project, Ran, assert_nobody_left, attempts, cargo, host};

/// Settings of nextest under which a test that waits is ended soon.
const SETTINGS: &str = "\
[profile.default]
fail-fast = false
leak-timeout = { period = \"300ms\", result = \"fail\" }
slow-timeout = { period = \"1s\", terminate-after = 1, grace-period = \"10s\" }
";

/// A project for `cargo nextest`, unless it is not there.
fn project(subject: &str) -> Option<Project> {
    let installed = cargo()
        .args(["nextest", "--version"])
        .output()
        .is_ok_and(|o| o.status.success());
    if !installed {
        eprintln!(
            "skipped: cargo-nextest is not installed; `cargo install --locked cargo-nextest` adds it"
        );
        return None;
    }
    let project = Project::of(subject);
    std::fs::write(project.path("nextest.toml"), SETTINGS).unwrap();
    Some(project)
}

/// `cargo nextest`, whose test binaries are those of the project.
fn nextest(project: &Project, subject: &str, args: &[&str]) -> Ran {
    let mut command = cargo();
    project.stand_in(&mut command, &host());
    command.arg("nextest").args(args);
    command.args([
        "--package",
        "phasegate-subjects",
        "--test",
        subject,
        "--color",
        "never",
    ]);
    command
        .arg("--config-file")
        .arg(project.path("nextest.toml"));
    command.args(["--user-config-file", "none"]);
    project.finish(command)
}

fn files(record: &RunRecord) -> usize {
    let problems: Vec<_> = record.problems().collect();
    assert!(problems.is_empty(), "{problems:?}");
    record.files.len()
}

#[test]
fn lists_and_runs_every_test() {
    let Some(project) = project("tame") else {
        return;
    };
    let list = nextest(&project, "tame", &["list"]).exits(0);
    assert_eq!(list.stdout.lines().count(), 7, "{}", list.stdout);
    assert!(
        list.stdout
            .contains("phasegate-subjects::tame lengths::unicode"),
        "{}",
        list.stdout
    );
    assert!(project.run_dirs().is_empty(), "a list is no run");
    let ran = nextest(&project, "tame", &["run"]).exits(0);
    assert!(
        ran.stderr.contains("7 tests run: 7 passed, 1 skipped"),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("LEAK"), "{}", ran.stderr);
}

#[test]
fn all_processes_of_a_run_share_one_record_file() {
    let Some(project) = project("tame") else {
        return;
    };
    nextest(
        &project,
        "tame",
        &["run", "--run-ignored", "all", "--no-fail-fast"],
    )
    .exits(100);
    let record = project.only_record();
    assert_eq!(files(&record), 1);
    let kind = |wanted: fn(&Event) -> bool| record.events().filter(|e| wanted(e)).count();
    assert_eq!(
        kind(|e| matches!(e, Event::Run(r) if r.invocation == Invocation::Nextest)),
        1
    );
    assert_eq!(
        kind(|e| matches!(e, Event::Planned(_))),
        8,
        "the inventory is written once and whole"
    );
    assert_eq!(kind(|e| matches!(e, Event::Attempt(_))), 8);
    assert_eq!(
        kind(|e| matches!(e, Event::Seal { .. })),
        8,
        "each process seals what it wrote"
    );
    let first_attempt = record
        .events()
        .position(|e| matches!(e, Event::Attempt(_)))
        .unwrap();
    let last_planned = record
        .events()
        .collect::<Vec<_>>()
        .iter()
        .rposition(|e| matches!(e, Event::Planned(_)));
    assert!(
        last_planned < Some(first_attempt),
        "the inventory comes first"
    );
}

#[test]
fn retries_of_nextest_are_attempts_of_one_test() {
    let Some(project) = project("patient") else {
        return;
    };
    let args = [
        "run",
        "--retries",
        "1",
        "-E",
        "test(=passes_the_second_time)",
    ];
    let ran = nextest(&project, "patient", &args).exits(0);
    assert!(ran.stderr.contains("1 flaky"), "{}", ran.stderr);
    let record = project.only_record();
    assert_eq!(files(&record), 1);
    let kept: Vec<_> = attempts(&record).map(|a| (a.number, a.outcome)).collect();
    assert_eq!(kept, [(1, Outcome::Failed), (2, Outcome::Passed)]);
    assert_eq!(
        project.journal(),
        [
            "passes_the_second_time attempt 1",
            "passes_the_second_time attempt 2"
        ]
    );
}

#[test]
fn a_test_that_nextest_ends_leaves_a_sealed_record_and_nobody() {
    let Some(project) = project("patient") else {
        return;
    };
    let ran = nextest(&project, "patient", &["run", "-E", "test(=waits)"]).exits(100);
    assert!(ran.stderr.contains("1 timed out"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("LEAK"), "{}", ran.stderr);
    let record = project.only_record();
    assert_eq!(files(&record), 1);
    let end = record.events().find_map(|e| {
        if let Event::End(end) = e {
            Some(end)
        } else {
            None
        }
    });
    let end = end.expect("the process closed its part");
    assert_eq!(
        (end.interrupted, end.exit_code, end.counts.timed_out),
        (false, 143, 1)
    );
    assert_nobody_left(&project.mark());
}

#[test]
fn what_a_test_leaves_behind_is_no_leak_of_the_binary() {
    let Some(project) = project("hostile") else {
        return;
    };
    let args = ["run", "-E", "test(/^leaks_/)", "--no-fail-fast"];
    let ran = nextest(&project, "hostile", &args).exits(0);
    assert!(
        ran.stderr.contains("4 tests run: 4 passed"),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("LEAK"), "{}", ran.stderr);
    assert_eq!(files(&project.only_record()), 1);
    assert_nobody_left(&project.mark());
}

#[test]
fn the_evidence_of_a_failure_reaches_nextest() {
    let Some(project) = project("hostile") else {
        return;
    };
    let args = [
        "run",
        "--no-fail-fast",
        "-E",
        "test(=exits_with_zero) + test(=returns_our_error)",
    ];
    let ran = nextest(&project, "hostile", &args).exits(100);
    for words in [
        "exited with code 0 before the test had ended",
        "invalid digit found in string",
    ] {
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    assert!(ran.stderr.contains("2 failed"), "{}", ran.stderr);
}

#[test]
fn a_name_that_matches_nothing_is_an_error() {
    let project = Project::of("tame");
    let variables = [
        ("NEXTEST", "1"),
        ("NEXTEST_RUN_ID", "7"),
        ("NEXTEST_EXECUTION_MODE", "process-per-test"),
    ];
    let ran = project
        .run_with(&variables, &["--exact", "gone", "--nocapture"])
        .exits(4);
    assert!(
        ran.stderr.contains("none of the 8 tests is selected"),
        "{}",
        ran.stderr
    );
    project
        .run_with(&variables, &["--exact", "alpha", "--nocapture"])
        .exits(0);
}

#[test]
fn all_processes_of_a_run_share_the_services_which_end_with_it() {
    let Some(project) = project("services") else {
        return;
    };
    let ran = nextest(&project, "services", &["run"]).exits(0);
    assert!(
        ran.stderr.contains("12 tests run: 12 passed"),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("LEAK"), "{}", ran.stderr);
    // Awaits the supervisor, which notices the end of nextest by itself.
    project.assert_no_service_left();
    let told = project.journal();
    for service in ["store", "index", "archive"] {
        let count = |what: &str| {
            let line = format!("{what} {service}");
            told.iter().filter(|l| **l == line).count()
        };
        assert_eq!((count("start"), count("stop")), (1, 1), "{told:#?}");
        assert_eq!(count("lease"), count("reclaim"), "{told:#?}");
    }
    let changes = ran.service_changes();
    assert_eq!(
        changes.iter().filter(|c| c.ends_with(" ready")).count(),
        3,
        "{changes:?}"
    );
}

#[test]
fn a_process_that_nextest_kills_gives_its_leases_back() {
    let Some(project) = project("services") else {
        return;
    };
    let mut command = cargo();
    project.stand_in(&mut command, &host());
    command.env("SUBJECT_WAIT", "1");
    command.args([
        "nextest",
        "run",
        "--package",
        "phasegate-subjects",
        "--test",
        "services",
    ]);
    command
        .arg("--config-file")
        .arg(project.path("nextest.toml"));
    command.args(["--user-config-file", "none"]);
    let ran = project.finish(command).exits(100);
    assert!(
        ran.stderr.contains("11 passed, 1 timed out"),
        "{}",
        ran.stderr
    );
    project.assert_no_service_left();
    let told = project.journal();
    let count = |line: &str| told.iter().filter(|l| *l == line).count();
    assert_eq!(count("lease store"), count("reclaim store"), "{told:#?}");
}
