//! `cargo phasegate run` on this workspace's own subjects.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

struct Done {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Done {
    fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn ends(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// The one object on standard output.
    fn object(&self) -> Value {
        assert_eq!(self.stdout.lines().count(), 1, "{}", self.stdout);
        serde_json::from_str(&self.stdout).unwrap()
    }
}

/// Holds the tests apart: all of them work in one target directory, and a binary that another test
/// has run there is one that a run awaits.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The plugin in this workspace, without what the cargo around this test has put into the
/// environment.
fn plugin(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-phasegate"));
    for (name, _) in std::env::vars_os() {
        let plain = name.to_string_lossy();
        let of_caller = ["CARGO_", "PHASEGATE_", "NEXTEST", "RUST_"];
        let kept = ["CARGO_HOME", "RUST_TOOLCHAIN"].contains(&&*plain);
        if plain == "CARGO" || (of_caller.iter().any(|p| plain.starts_with(p)) && !kept) {
            command.env_remove(name);
        }
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    command
        .arg("phasegate")
        .args(args)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .env("CARGO_TARGET_DIR", target)
        .stdin(Stdio::null());
    command
}

fn run(args: &[&str]) -> Done {
    let given = ["run", "--message-format", "json", "-p"];
    Done::of(&mut plugin(&[&given, args].concat()))
}

fn phase<'v>(object: &'v Value, id: &Value) -> &'v Value {
    let mut phases = object["phases"].as_array().unwrap().iter();
    phases.find(|phase| phase["phase"] == *id).unwrap()
}

#[test]
fn a_run_is_on_record_and_its_reports_are_written() {
    let _alone = alone();
    // Whoever has run other subjects here by hand has made them binaries that a run awaits.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    for entry in std::fs::read_dir(target.join("phasegate/last"))
        .into_iter()
        .flatten()
    {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "seen") {
            std::fs::remove_file(path).unwrap();
        }
    }
    let done = run(&["phasegate-subjects", "--test", "tame"]);
    let object = done.ends(1).object();
    assert_eq!(object["reason"], "run");
    assert_eq!(object["exit_code"], 1);
    assert_eq!(object["tests"]["passed"], 6, "{object}");
    assert_eq!(object["tests"]["total"], 8, "{object}");
    assert_eq!(phase(&object, &"A".into())["verdict"], "go");
    let loose = phase(&object, &Value::Null);
    assert_eq!(loose["verdict"], "hold");
    assert_eq!((&loose["passed"], &loose["total"]), (&4.into(), &5.into()));
    assert_eq!(loose["criteria_met"], 0);
    assert!(Path::new(loose["report"].as_str().unwrap()).is_file());
    let id = object["runs"][0]["id"].as_str().unwrap();
    assert!(
        done.stderr.contains("phase B    1 passed"),
        "{}",
        done.stderr
    );
    Done::of(&mut plugin(&["verify", id])).ends(0);
}

#[test]
fn all_verdicts_go_and_so_does_the_tool() {
    let _alone = alone();
    let mut command = plugin(&["run", "-p", "quickstart"]);
    let done = Done::of(&mut command);
    done.ends(0);
    assert!(
        done.stdout.contains("A      go       100 %"),
        "{}",
        done.stdout
    );
    assert!(
        done.stdout
            .contains("reports/examples/quickstart/phase-A.md"),
        "{}",
        done.stdout
    );
    let (_, id) = done.stdout.trim_end().rsplit_once("; run ").unwrap();
    let reports = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("phasegate/reports");
    let report = std::fs::read_to_string(reports.join("examples/quickstart/phase-A.md")).unwrap();
    assert!(report.contains(id), "the report is of another run");
}

#[test]
fn a_binary_that_refuses_keeps_nobody_from_running() {
    let _alone = alone();
    let tests = ["--test", "duplicates", "--test", "tame"];
    let done = run(&[&["phasegate-subjects"], &tests[..]].concat());
    let object = done.ends(2).object();
    let ends = object["binaries"].as_array().unwrap().iter();
    let ends: Vec<_> = ends
        .map(|binary| binary["ended"].as_str().unwrap())
        .collect();
    assert_eq!(ends, ["refused", "passed"]);
    assert_eq!(object["tests"]["passed"], 6);
    let report = &phase(&object, &"A".into())["report"];
    assert!(
        report.is_null(),
        "a report speaks for tests that are not in it"
    );
    let refusal = "error: phasegate-subjects::duplicates refused to run";
    assert!(done.stderr.contains(refusal), "{}", done.stderr);
}

#[test]
fn a_part_computes_no_verdict_and_leaves_the_reports() {
    let _alone = alone();
    let object = run(&["phasegate-subjects", "--test", "tame", "-E", "phase(A)"]);
    let object = object.ends(1).object();
    assert_eq!(object["runs"][0]["partial"], true);
    assert_eq!(object["tests"]["passed"], 1);
    let b = phase(&object, &"B".into());
    assert_eq!(b["verdict"], "not computed");
    assert!(b["report"].is_null());
    run(&["phasegate-subjects", "--test", "tame", "-E", "phse(A)"]).ends(2);
}

#[test]
fn a_binary_that_ends_in_no_way_that_it_has_is_told_of() {
    let _alone = alone();
    let done = run(&["phasegate-subjects", "--test", "tame", "--", "--list"]);
    let object = done.ends(3).object();
    assert_eq!(object["binaries"][0]["ended"], "died");
    assert!(done.stderr.contains("before its tests had ended"));
}

fn phases_that_fail(what: &str) -> Done {
    let mut command = plugin(&["run", "-p", "phasegate-subjects", "--test", "phases"]);
    command.env("SUBJECT_JOURNAL", "/dev/null");
    Done::of(command.env("SUBJECT_FAILS", what))
}

#[test]
fn failures_are_shown_and_counted_apart_from_what_is_blocked() {
    let _alone = alone();
    let failing = phases_that_fail("test storage::opens");
    failing.ends(1);
    let stderr = &failing.stderr;
    assert!(stderr.contains("\nfailed: storage::opens\n"), "{stderr}");
    assert!(
        stderr.contains("test storage::opens was told to fail"),
        "{stderr}"
    );
    assert!(
        stderr.contains("phase A    1 passed, 1 failed, 0 blocked"),
        "{stderr}"
    );
    let blocked = phases_that_fail("hook set_up");
    blocked.ends(1);
    let stderr = &blocked.stderr;
    assert!(
        stderr.contains("phase A    0 passed, 0 failed, 2 blocked"),
        "{stderr}"
    );
}

#[test]
fn what_is_not_ours_is_not_run() {
    let _alone = alone();
    let done = run(&["cargo-phasegate", "--test", "init"]);
    let object = done.ends(2).object();
    assert_eq!(object["reason"], "error");
    assert!(done.stderr.contains("no phasegate test binary among the 1"));
}

#[test]
fn what_does_not_build_is_no_finding() {
    let _alone = alone();
    let done = run(&["phasegate-subjects", "--test", "nowhere"]);
    done.ends(3);
    assert!(done.stderr.contains("nothing could be built"));
}

#[test]
fn ctrl_c_waits_until_the_record_is_closed() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let journal = dir.path().join("journal");
    let args = [
        "run",
        "--message-format",
        "json",
        "-p",
        "phasegate-subjects",
    ];
    let patient = ["--test", "patient", "-E", "test(waits_alone)"];
    let child = plugin(&[&args[..], &patient].concat())
        .env("SUBJECT_JOURNAL", &journal)
        .process_group(0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(300);
    while !std::fs::read_to_string(&journal).is_ok_and(|text| text.contains("waits_alone")) {
        assert!(Instant::now() < patience, "the test never began");
        std::thread::sleep(Duration::from_millis(20));
    }
    let group = format!("-{}", child.id());
    let sent = Command::new("kill").args(["-INT", "--", &group]).status();
    assert!(sent.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(object["binaries"][0]["ended"], "interrupted");
    let id = object["runs"][0]["id"].as_str().unwrap();
    Done::of(&mut plugin(&["verify", id])).ends(0);
}
