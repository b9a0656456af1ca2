//! The real `cargo test`: all binaries of one call are one run.

use phasegate_record::event::{Event, Invocation};

use crate::support::{Project, cargo, host};

#[test]
fn binaries_of_one_cargo_test_share_a_run_and_write_its_reports() {
    let project = Project::of("tame");
    project.add("phases");
    let call = || {
        let mut command = cargo();
        project.stand_in(&mut command, &host());
        command.args([
            "test",
            "--package",
            "phasegate-subjects",
            "--test",
            "tame",
            "--test",
            "phases",
        ]);
        project.finish(command).exits(0)
    };
    let ran = call();
    assert_eq!(
        ran.stdout.matches("test result: ok").count(),
        2,
        "{}",
        ran.stdout
    );
    let record = project.only_record();
    let problems: Vec<_> = record.problems().collect();
    assert!(problems.is_empty(), "{problems:?}");
    let names: Vec<_> = record
        .files
        .iter()
        .map(|f| f.path.file_name().unwrap().to_owned())
        .collect();
    assert_eq!(
        names,
        [
            "phasegate-subjects--phases.ndjson",
            "phasegate-subjects--tame.ndjson"
        ]
    );
    let runs: Vec<_> = record
        .events()
        .filter_map(|e| {
            if let Event::Run(run) = e {
                Some(run)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(runs.len(), 2);
    assert_eq!(runs[0].id, runs[1].id);
    assert!(runs.iter().all(|r| r.invocation == Invocation::CargoTest));
    let report =
        std::fs::read_to_string(project.path("target/phasegate/reports/phase-A.md")).unwrap();
    assert!(report.contains(&runs[0].id), "the report names its run");
    for test in ["storage::opens", "beta"] {
        assert!(
            report.contains(test),
            "the report speaks of both binaries: {report}"
        );
    }
    call();
    assert_eq!(project.run_dirs().len(), 2, "a second call is another run");
}

#[test]
fn filters_and_flags_reach_the_binary_through_cargo() {
    let project = Project::of("tame");
    let mut command = cargo();
    project.stand_in(&mut command, &host());
    command.args([
        "test",
        "--package",
        "phasegate-subjects",
        "--test",
        "tame",
        "alpha",
    ]);
    command.args(["--", "beta", "--test-threads", "1", "--nocapture"]);
    let ran = project.finish(command).exits(0);
    assert_eq!(ran.sorted_names(), ["alpha", "beta"], "{}", ran.stdout);
    assert!(ran.stdout.contains("alpha speaks"), "{}", ran.stdout);
}

#[test]
fn another_process_of_the_same_binary_gets_a_file_of_its_own() {
    let project = Project::of("tame");
    for _ in 0..2 {
        project
            .run_with(&[("PHASEGATE_RUN_ID", "nightly-7")], &[])
            .exits(0);
    }
    let record = project.only_record();
    assert_eq!((record.files.len(), record.problems().count()), (2, 0));
    assert!(record.dir.ends_with("nightly-7"));
}
