//! What machines read: libtest's JSON as rust-analyzer and RustRover ask for it, and JUnit.

use serde_json::Value;

use crate::support::{Project, Ran};

/// Every line of standard output, each of which must be an object.
fn events(ran: &Ran) -> Vec<Value> {
    let lines = ran.stdout.lines();
    lines
        .map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l:?}")))
        .collect()
}

/// The words of the events about one test, in order.
fn story<'a>(events: &'a [Value], name: &str) -> Vec<&'a str> {
    let of_test = events
        .iter()
        .filter(|e| e["type"] == "test" && e["name"] == name);
    of_test.filter_map(|e| e["event"].as_str()).collect()
}

#[test]
fn rust_analyzer_s_explorer_gets_every_event() {
    let project = Project::of("tame");
    let ran = project
        .run(&[
            "-Z",
            "unstable-options",
            "--format=json",
            "--include-ignored",
        ])
        .exits(101);
    let events = events(&ran);
    assert_eq!(
        (&events[0]["type"], &events[0]["event"]),
        (&"suite".into(), &"started".into())
    );
    assert_eq!(events[0]["test_count"], 8);
    assert_eq!(story(&events, "alpha"), ["started", "ok"]);
    assert_eq!(story(&events, "nested::delta"), ["started", "failed"]);
    assert_eq!(
        story(&events, "says_it_does_not_apply"),
        ["started", "ignored"]
    );
    let failed = events.iter().find(|e| e["event"] == "failed").unwrap();
    assert!(
        failed["stdout"]
            .as_str()
            .unwrap()
            .contains("delta was asked for"),
        "{failed}"
    );
    let last = events.last().unwrap();
    assert_eq!(
        (&last["type"], &last["event"]),
        (&"suite".into(), &"failed".into())
    );
    assert_eq!(
        (&last["passed"], &last["failed"], &last["ignored"]),
        (&6.into(), &1.into(), &1.into())
    );
    assert!(last["exec_time"].as_f64().is_some());
}

#[test]
fn rust_analyzer_s_explorer_asks_for_a_path() {
    let ran = Project::of("tame")
        .run(&["nested", "-Z", "unstable-options", "--format=json"])
        .exits(0);
    let events = events(&ran);
    assert_eq!(story(&events, "nested::delta"), ["ignored"]);
    assert_eq!(story(&events, "nested::gamma"), ["started", "ok"]);
    assert_eq!(events.last().unwrap()["filtered_out"], 6);
    let ignored = events.iter().find(|e| e["event"] == "ignored").unwrap();
    assert_eq!(ignored["message"], "not today");
}

#[test]
fn rust_analyzer_s_lens_runs_one_test_even_if_it_is_ignored() {
    let project = Project::of("tame");
    let lens = |name| project.run(&[name, "--exact", "--nocapture", "--include-ignored"]);
    let ran = lens("alpha").exits(0);
    assert_eq!(ran.results(), ["alpha ... ok"]);
    assert!(ran.stdout.contains("alpha speaks\n"), "{}", ran.stdout);
    assert_eq!(lens("nested::delta").exits(101).names(), ["nested::delta"]);
}

#[test]
fn rust_rover_gets_the_output_of_tests_that_passed() {
    let args = [
        "--format=json",
        "-Z",
        "unstable-options",
        "--show-output",
        "alpha",
    ];
    let events = events(&Project::of("tame").run(&args).exits(0));
    let ok = events
        .iter()
        .find(|e| e["event"] == "ok" && e["type"] == "test")
        .unwrap();
    assert!(
        ok["stdout"].as_str().unwrap().contains("alpha speaks"),
        "{ok}"
    );
}

#[test]
fn nothing_else_reaches_standard_output() {
    // In the harness's own process, whatever prints has the harness's descriptors.
    for args in [
        &["--format=json", "--force-run-in-process"][..],
        &["--format=json", "--nocapture"],
        &["--format=json", "--shuffle"],
    ] {
        let ran = Project::of("tame").run(args).exits(0);
        assert!(events(&ran).len() > 8, "{args:?}");
        assert!(
            ran.stderr.contains("go – "),
            "verdicts are for people: {}",
            ran.stderr
        );
    }
}

#[test]
fn hostile_output_cannot_break_a_line() {
    let ran = Project::of("hostile").run(&["--format=json", "--exact", "prints_hostile_text"]);
    assert_eq!(
        story(&events(&ran), "prints_hostile_text"),
        ["started", "failed"]
    );
}

#[test]
fn a_run_that_was_cut_short_is_not_ok() {
    let project = Project::of("phases");
    let fails = [("SUBJECT_FAILS", "test homeless")];
    let ran = project
        .run_with(
            &fails,
            &["--format=json", "--fail-fast", "--test-threads=1"],
        )
        .exits(101);
    let events = events(&ran);
    assert_eq!(story(&events, "homeless"), ["started", "failed"]);
    assert_eq!(story(&events, "logic::adds"), ["ignored"]);
    assert_eq!(events.last().unwrap()["event"], "failed");
}

#[test]
fn junit_is_a_document() {
    let ran = Project::of("tame")
        .run(&["-Z", "unstable-options", "--format", "junit"])
        .exits(0);
    assert!(ran.stdout.starts_with("<?xml"), "{}", ran.stdout);
    assert!(
        ran.stdout.trim_end().ends_with("</testsuites>"),
        "{}",
        ran.stdout
    );
    assert_eq!(
        ran.stdout.matches("<testcase ").count(),
        8,
        "{}",
        ran.stdout
    );
    assert_eq!(ran.stdout.matches("<skipped").count(), 2, "{}", ran.stdout);
    assert!(
        ran.stdout.contains(r#"name="lengths::unicode""#),
        "{}",
        ran.stdout
    );
}
