//! Reports of a record that lies on disk.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;
use std::path::Path;

use phasegate_record::event::*;
use phasegate_record::project::Project;
use phasegate_record::redact::Redactor;
use phasegate_record::write::Writer;
use phasegate_report::figures::Verdict;
use phasegate_report::{junit_from_run, write_reports};
use support::*;

fn store(script: &Script, dir: &Path) {
    let mut writer = Writer::create(&dir.join(&script.path), Redactor::none()).unwrap();
    writer
        .write_all(&script.events[..script.events.len() - 1])
        .unwrap();
    writer.seal().unwrap();
}

#[test]
fn each_phase_and_the_rest_get_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let mut project = project(None, vec![]);
    let mut odd = project.phases[0].clone();
    odd.id = "A/b".into();
    project.phases.push(odd.clone());
    odd.id = "a_B".into();
    project.phases.push(odd);
    let mut script = Script::new(project);
    let mut loose = planned("loose");
    loose.phase = None;
    script.plan(planned("a")).plan(loose);
    for name in ["a", "loose"] {
        script.attempt(attempt(name, Outcome::Passed));
    }
    script.end(false);
    store(&script, &dir.path().join("run"));
    let out = dir.path().join("deep/reports");
    let written = write_reports(&dir.path().join("run"), &out).unwrap();
    let told: Vec<_> = written
        .iter()
        .map(|w| {
            (
                w.path.file_name().unwrap().to_str().unwrap(),
                w.verdict,
                w.total,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("phase-C.md", Verdict::Go, 1),
            ("phase-A_b.md", Verdict::NotComputed, 0),
            ("phase-a_B-2.md", Verdict::NotComputed, 0),
            ("no-phase.md", Verdict::Go, 1),
        ]
    );
    assert_eq!(fs::read_dir(&out).unwrap().count(), 4, "no draft stays");
    let again = fs::read(out.join("phase-C.md")).unwrap();
    write_reports(&dir.path().join("run"), &out).unwrap();
    assert_eq!(fs::read(out.join("phase-C.md")).unwrap(), again);
}

#[test]
fn the_beginning_of_a_large_output_is_shown_from_beside_the_record() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("integration.ndjson");
    let mut writer = Writer::create(&file, Redactor::none()).unwrap();
    let bytes = "first words\n".repeat(100_000).into_bytes();
    let stdout = writer.output(&bytes).unwrap();
    assert!(matches!(stdout, Output::Blob { .. }));
    let mut script = Script::new(project(None, vec![]));
    script.plan(planned("a"));
    script.attempt(Attempt {
        stdout,
        ..attempt("a", Outcome::Failed)
    });
    script.end(false);
    writer
        .write_all(&script.events[..script.events.len() - 1])
        .unwrap();
    writer.seal().unwrap();
    let written = write_reports(dir.path(), dir.path()).unwrap();
    let markdown = fs::read_to_string(&written[0].path).unwrap();
    assert_eq!(markdown.matches("first words\n").count(), 20);
    assert!(markdown.contains("the whole is in blobs/"));
    assert!(markdown.len() < 20_000);
}

#[test]
fn of_two_runs_of_a_binary_the_later_one_counts() {
    let dir = tempfile::tempdir().unwrap();
    let mut script = Script::new(project(None, vec![]));
    script
        .plan(planned("a"))
        .attempt(attempt("a", Outcome::Passed))
        .end(false);
    store(&script, dir.path());
    // Its name comes first, its start does not.
    script.path = "integration-2.ndjson".into();
    script.run().started_at = "2026-11-21T22:10:00.000Z".into();
    let Event::Attempt(attempt) = &mut script.events[2] else {
        panic!()
    };
    attempt.outcome = Outcome::Failed;
    store(&script, dir.path());
    let written = write_reports(dir.path(), dir.path()).unwrap();
    assert_eq!((written[0].passed, written[0].verdict), (0, Verdict::Hold));
}

#[test]
fn junit_keeps_to_one_binary() {
    let dir = tempfile::tempdir().unwrap();
    let mut script = Script::new(Project::default());
    script
        .plan(planned("a"))
        .attempt(attempt("a", Outcome::Passed))
        .end(false);
    store(&script, dir.path());
    script.path = "other.ndjson".into();
    script.run().binary = "other".into();
    store(&script, dir.path());
    let only = junit_from_run(dir.path(), Some(("media-requests", "other"))).unwrap();
    assert!(only.contains("media-requests::other") && !only.contains("::integration"));
    let all = junit_from_run(dir.path(), None).unwrap();
    assert_eq!(all.matches("<testsuite ").count(), 2);
}

#[test]
fn a_large_run_is_reported_whole_and_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let mut script = Script::new(project(Some("85%"), vec![]));
    for index in 0..5_000 {
        let mut test = crossing(&format!("module::test_{index}"), &["cache"]);
        test.file = format!("tests/file_{:04}.rs", index / 10);
        script.plan(test);
    }
    for index in 0..5_000 {
        let outcome = if index % 7 == 0 {
            Outcome::Failed
        } else {
            Outcome::Passed
        };
        script.attempt(attempt(&format!("module::test_{index}"), outcome));
    }
    script.end(false);
    store(&script, dir.path());
    let written = write_reports(dir.path(), dir.path()).unwrap();
    let markdown = fs::read_to_string(&written[0].path).unwrap();
    assert!(markdown.contains("| (400 more) | 4000 |"), "{markdown}");
    assert!(markdown.contains("590 more tests not listed"), "{markdown}");
    assert!(markdown.len() < 256 * 1024, "{}", markdown.len());
}

/// `cargo test --release -p phasegate-report --test written -- --ignored --nocapture`
#[test]
#[ignore = "a measurement, for release builds"]
fn a_hundred_thousand_tests() {
    let dir = tempfile::tempdir().unwrap();
    let mut script = Script::new(project(Some("85%"), vec![]));
    for index in 0..100_000 {
        let mut test = crossing(&format!("module::test_{index}"), &["cache", "database"]);
        test.file = format!("tests/file_{:04}.rs", index / 50);
        script.plan(test);
    }
    for index in 0..100_000 {
        let outcome = if index % 7 == 0 {
            Outcome::Failed
        } else {
            Outcome::Passed
        };
        script.attempt(attempt(&format!("module::test_{index}"), outcome));
    }
    script.end(false);
    store(&script, dir.path());
    let read = std::time::Instant::now();
    let record = phasegate_record::read::read_run(dir.path()).unwrap();
    let folded = std::time::Instant::now();
    let run = phasegate_report::figures::fold(&phasegate_report::sources(&record));
    let reports = phasegate_report::render_reports(&run, Some(dir.path())).unwrap();
    let done = folded.elapsed();
    println!(
        "read {:?}, figures and {} report {done:?}",
        folded - read,
        reports.len()
    );
    assert!(done.as_secs() < 10, "{done:?}");
}
