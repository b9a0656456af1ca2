//! The audit with a record as evidence.

#![cfg(feature = "audit")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use phasegate_record::event::Outcome;
use phasegate_report::audit::{Finding, Verdict, audit_against};
use support::{Script, attempt, crossing, planned, project};

/// Six tests of phase C: four passed, two failed; three cross the cache, of which one failed.
fn script() -> Script {
    let mut script = Script::new(project(None, vec![]));
    let tests = [
        (
            crossing("sessions::survive_a_flush", &["cache"]),
            Outcome::Passed,
        ),
        (crossing("sessions::expire", &["cache"]), Outcome::Failed),
        (
            crossing("search::caches_results", &["cache"]),
            Outcome::Passed,
        ),
        (planned("search::escapes"), Outcome::Passed),
        (planned("search::ranks"), Outcome::Failed),
        (planned("search::pages"), Outcome::Passed),
    ];
    for (test, outcome) in tests {
        let name = test.name.clone();
        script.plan(test).attempt(attempt(&name, outcome));
    }
    script.end(false);
    script
}

fn findings(text: &str) -> Vec<Finding> {
    audit_against(text, &script().figures()).findings
}

fn inconsistent(text: &str) -> Vec<String> {
    let wrong = findings(text)
        .into_iter()
        .filter(|finding| finding.verdict == Verdict::Inconsistent);
    wrong.map(|finding| finding.expected).collect()
}

#[test]
fn totals_are_compared_with_the_run() {
    assert!(inconsistent("Total tests: 6\n\nOverall: 4/6 tests passing\n").is_empty());
    assert_eq!(inconsistent("Total tests: 8\n"), ["6"]);
    assert_eq!(inconsistent("Overall: 5/6 tests passing\n"), ["4/6"]);
}

#[test]
fn a_boundary_or_phase_is_compared_with_its_own_tests() {
    assert!(
        inconsistent("- Redis cache: 2/3 tests passing\n- Phase C: 4/6 tests passing\n").is_empty()
    );
    assert_eq!(inconsistent("- Redis cache: 3/3 tests passing\n"), ["2/3"]);
    assert_eq!(
        inconsistent("## Phase C\n\nAll done: 6/6 tests passing\n"),
        ["4/6"]
    );
    let table = "| Boundary | Passed tests |\n|---|---|\n| cache | 1/3 |\n";
    assert_eq!(inconsistent(table), ["2/3"]);
}

#[test]
fn an_unnamed_scope_is_unresolved() {
    let found = findings("The new module: 9/12 tests passing\n");
    assert!(
        found
            .iter()
            .any(|finding| finding.verdict == Verdict::Unresolved)
    );
    assert!(
        found
            .iter()
            .all(|finding| finding.verdict != Verdict::Inconsistent)
    );
}

#[test]
fn named_tests_are_looked_up() {
    assert!(inconsistent("- ✅ `sessions::survive_a_flush`\n- ❌ `ranks`\n").is_empty());
    assert_eq!(inconsistent("- ✅ `sessions::expire`\n"), ["failed"]);
    assert!(findings("- ✅ `sessions::expire`\n")[0].decision_error);
}

#[test]
fn all_test_files_are_counted() {
    assert!(inconsistent("Migrated all 1 test files.\n").is_empty());
    assert_eq!(inconsistent("Migrated all 26 test files.\n"), ["1"]);
}
