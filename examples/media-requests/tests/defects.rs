//! The feature `defects` breaks what README.md says it breaks, and nothing else: the tests that fail
//! are those of its table. `cargo test -p media-requests --features defects --test defects`
#![allow(missing_docs)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Words in the table's third column: names of tests, in backticks.
fn promised(readme: &str) -> BTreeSet<String> {
    let (_, table) = readme
        .split_once("\n| defect | ")
        .expect("README.md has a table of defects");
    table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .filter_map(|row| row.split('|').nth(3))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}

/// What a test's line in the output says of it, if it failed.
fn failed(line: &str) -> Option<String> {
    let line = line.strip_prefix("test ")?.strip_suffix("FAILED")?;
    Some(line.trim_end_matches([' ', '.']).to_owned())
}

#[test]
fn each_is_caught_by_the_tests_that_the_readme_names() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(package.join("README.md")).unwrap();
    let ran = Command::new(env!("CARGO"))
        .args(["test", "--package", "media-requests"])
        .args(["--features", "defects", "--test", "integration"])
        .current_dir(package)
        .env("CARGO_TERM_COLOR", "never")
        // The reports are those of the application as it should be.
        .env("PHASEGATE_REPORTS", "0")
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&ran.stdout);
    let caught: BTreeSet<String> = output.lines().filter_map(failed).collect();
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(!caught.is_empty(), "nothing failed:\n{output}\n{errors}");
    assert_eq!(caught, promised(&readme), "{output}");
}
