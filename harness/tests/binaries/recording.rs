//! The record: what comes first, what is kept out, and what happens when it cannot be written.

use std::process::Command;

use phasegate_record::event::{Event, Output};
use phasegate_record::read::read_run;

use crate::support::{Project, Ran, text};

#[test]
fn the_inventory_comes_before_anything_runs() {
    let ran = Project::of("phases").run(&[]).exits(0);
    let events: Vec<_> = ran.record().events().collect();
    assert!(matches!(events[0], Event::Run(_)));
    let planned = events[1..]
        .iter()
        .take_while(|e| matches!(e, Event::Planned(_)))
        .count();
    assert_eq!(planned, 8);
    assert!(!events[9..].iter().any(|e| matches!(e, Event::Planned(_))));
    assert!(matches!(
        events[events.len() - 2..],
        [Event::End(_), Event::Seal { .. }]
    ));
    let test = ran.planned("storage::opens");
    assert_eq!(test.file, "harness/subjects/tests/phases.rs");
    assert_eq!(test.source_digest.len(), 64);
}

#[test]
fn secrets_of_the_environment_and_of_output_are_kept_out() {
    let project = Project::of("patient").toml("[redact]\nvariables = [\"MY_PIN\"]\n");
    let secrets = [
        ("SUBJECT_PASSWORD", "correct horse battery"),
        ("MY_PIN", "81549300"),
    ];
    let args = [
        "says_its_secret",
        "--skip",
        "81549300",
        "--skip",
        "correct horse battery",
    ];
    let ran = project.run_with(&secrets, &args).exits(0);
    let kept = ran.attempt("says_its_secret").stdout;
    assert!(
        text(&kept).contains("the password is [redacted"),
        "{kept:?}"
    );
    assert!(!text(&kept).contains("opensesame"), "{kept:?}");
    for file in &ran.record().files {
        let bytes = std::fs::read_to_string(&file.path).unwrap();
        for secret in ["correct horse", "opensesame", "81549300"] {
            assert!(
                !bytes.contains(secret),
                "{secret} is in {}",
                file.path.display()
            );
        }
    }
}

/// What every run must do whose record cannot be written: run the tests, and say so loudly.
fn assert_loud(ran: Ran) {
    let ran = ran.exits(3);
    assert_eq!(ran.results().len(), 8, "the tests run: {}", ran.stdout);
    assert!(
        ran.stdout.contains("test result: ok. 6 passed"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stderr
            .contains("phasegate: error: the run is not recorded: "),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_record_directory_that_cannot_be_made_does_not_stop_the_tests() {
    let project = Project::of("tame");
    std::fs::write(project.path("target/phasegate"), "in the way").unwrap();
    assert_loud(project.run(&[]));
    assert_eq!(project.litter(), Vec::<String>::new());
}

#[test]
fn a_run_directory_that_cannot_be_made_does_not_stop_the_tests() {
    let project = Project::of("tame");
    std::fs::create_dir_all(project.path("target/phasegate")).unwrap();
    std::fs::write(project.path("target/phasegate/runs"), "in the way").unwrap();
    assert_loud(project.run(&[]));
}

#[test]
fn a_failed_test_outweighs_a_record_that_is_missing() {
    let project = Project::of("tame");
    std::fs::write(project.path("target/phasegate"), "in the way").unwrap();
    let ran = project.run(&["--include-ignored"]).exits(101);
    assert!(
        ran.stderr.contains("the run is not recorded"),
        "{}",
        ran.stderr
    );
}

/// Files may grow to 4 KiB: less than the inventory takes.
fn on_a_full_disk(project: &Project, blocks: u32) -> Ran {
    let subject = project.command();
    let mut command = Command::new("sh");
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    command.args(["-c", &script]).arg(subject.get_program());
    command
        .env_clear()
        .current_dir(subject.get_current_dir().unwrap());
    for (name, value) in subject.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    project.finish(command)
}

#[test]
fn a_full_disk_does_not_stop_the_tests() {
    let project = Project::of("tame");
    assert_loud(on_a_full_disk(&project, 4));
    let dirs = project.run_dirs();
    let record = read_run(&dirs[0]).unwrap();
    assert!(
        record.problems().count() > 0,
        "what is left of it does not look whole"
    );
}

#[test]
fn reports_that_cannot_be_written_are_an_error_and_the_record_is_kept() {
    let project = Project::of("tame");
    std::fs::create_dir_all(project.path("target/phasegate")).unwrap();
    std::fs::write(project.path("target/phasegate/reports"), "in the way").unwrap();
    let ran = project.run(&[]).exits(3);
    assert!(
        ran.stderr.contains("the reports are not written: "),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("the record is kept in "),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.end().counts.passed, 6);
}

#[test]
fn reports_are_written_and_named_with_their_verdict() {
    let project = Project::of("tame");
    let ran = project.run(&[]).exits(0);
    assert!(
        ran.stdout
            .contains("phase A: go – 1 of 1 test passes (100 %) – "),
        "{}",
        ran.stdout
    );
    let report =
        std::fs::read_to_string(project.path("target/phasegate/reports/phase-A.md")).unwrap();
    assert!(report.contains(&ran.beginning().id), "{report}");
    let before = std::fs::metadata(project.path("target/phasegate/reports/phase-A.md"))
        .unwrap()
        .modified()
        .unwrap();
    let part = project.run(&["beta"]).exits(0);
    assert!(
        part.stdout
            .contains("a part of the tests ran: reports are left as they were"),
        "{}",
        part.stdout
    );
    let after = std::fs::metadata(project.path("target/phasegate/reports/phase-A.md"))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(before, after);
}

#[test]
fn every_test_has_a_namespace_a_seed_and_a_directory_of_its_own() {
    let project = Project::of("tame");
    let ran = project.run(&["--seed", "7"]).exits(0);
    assert_eq!(ran.beginning().seed, 7);
    assert_eq!(
        project.litter(),
        Vec::<String>::new(),
        "directories of tests are removed"
    );
    assert_eq!(ran.attempt("beta").stdout, Output::Empty);
}
