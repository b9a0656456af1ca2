//! `cargo phasegate audit` as its users run it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const WRONG: &str = "# Report\n\n- **Suites**: 18/32 (60%)\n- **Done**: 12/20 (60%)\n";
const RIGHT: &str = "- **Suites**: 18/32 (56.3%)\n";

fn audit(dir: &Path, args: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-phasegate"))
        .args(["phasegate", "audit"])
        .args(args)
        .current_dir(dir)
        .env_remove("NO_COLOR")
        .env_remove("CARGO_TARGET_DIR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(stdin.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn project() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("docs/.hidden")).unwrap();
    fs::write(dir.path().join("docs/wrong.md"), WRONG).unwrap();
    fs::write(dir.path().join("docs/.hidden/not-read.md"), WRONG).unwrap();
    fs::write(dir.path().join("docs/not-markdown.txt"), WRONG).unwrap();
    fs::write(dir.path().join("right.md"), RIGHT).unwrap();
    dir
}

#[test]
fn the_exit_code_tells_what_was_found() {
    let dir = project();
    assert_eq!(audit(dir.path(), &["right.md"], "").status.code(), Some(0));
    assert_eq!(
        audit(dir.path(), &["docs", "right.md"], "").status.code(),
        Some(1)
    );
    assert_eq!(audit(dir.path(), &[], "").status.code(), Some(2));
    assert_eq!(
        audit(dir.path(), &["absent.md", "docs"], "").status.code(),
        Some(3)
    );
}

#[test]
fn people_see_the_line_and_the_expected_value() {
    let dir = project();
    let shown = stdout(&audit(dir.path(), &["docs", "right.md"], ""));
    assert!(shown.contains("docs/wrong.md:3:15"), "{shown}");
    assert!(shown.contains("expected 56%"), "{shown}");
    assert!(
        shown.contains("numbers: 6 recognised, 0 skipped, 0 unrecognised"),
        "{shown}"
    );
    assert!(
        !shown.contains("hidden") && !shown.contains(".txt"),
        "{shown}"
    );
}

#[test]
fn programs_get_one_object() {
    let dir = project();
    let output = audit(
        dir.path(),
        &["-", "--message-format", "json", "--power"],
        WRONG,
    );
    let object: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        (&object["recognised"], &object["skipped"]),
        (&6.into(), &0.into())
    );
    assert_eq!(object["findings"].as_array().unwrap().len(), 1);
    assert_eq!(object["findings"][0]["line"], 3);
    assert_eq!(object["power"]["tried"], 6);
    let all = audit(dir.path(), &["-", "--message-format=json", "--all"], WRONG);
    let object: serde_json::Value = serde_json::from_slice(&all.stdout).unwrap();
    assert_eq!(object["findings"].as_array().unwrap().len(), 2);
}

#[test]
fn other_tools_get_their_formats() {
    let dir = project();
    let sarif = audit(dir.path(), &["docs", "--format", "sarif"], "");
    let log: serde_json::Value = serde_json::from_slice(&sarif.stdout).unwrap();
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "docs/wrong.md");
    let github = stdout(&audit(dir.path(), &["docs", "--format", "github"], ""));
    assert!(
        github.starts_with("::error file=docs/wrong.md,line=3,col=15,"),
        "{github}"
    );
}

#[test]
fn an_unknown_run_is_a_usage_error() {
    let dir = project();
    let output = audit(
        dir.path(),
        &["right.md", "--against", "nowhere", "--target-dir", "."],
        "",
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no run nowhere"));
}
