//! Bazel's variables and files (Bazel's test encyclopedia), simulated.

use phasegate_record::event::{Invocation, Shard};

use crate::support::{Project, Ran, assert_nobody_left, attempts, signal};

/// Runs under Bazel's variables; paths are below the project's directory.
fn under_bazel(project: &Project, variables: &[(&str, &str)], paths: &[(&str, &str)]) -> Ran {
    let mut command = project.command();
    command
        .env("BAZEL_TEST", "1")
        .envs(variables.iter().copied());
    for (name, path) in paths {
        command.env(name, project.path(path));
    }
    project.finish(command)
}

#[test]
fn results_and_evidence_go_where_bazel_asks() {
    let project = Project::of("tame");
    std::fs::create_dir(project.path("private")).unwrap();
    let paths = [
        ("XML_OUTPUT_FILE", "test.xml"),
        ("TEST_UNDECLARED_OUTPUTS_DIR", "outputs"),
        ("TEST_PREMATURE_EXIT_FILE", "premature"),
        ("TEST_SHARD_STATUS_FILE", "shards"),
        ("TEST_INFRASTRUCTURE_FAILURE_FILE", "infrastructure"),
        ("TEST_TMPDIR", "private"),
    ];
    under_bazel(&project, &[], &paths).exits(0);
    let xml = std::fs::read_to_string(project.path("test.xml")).unwrap();
    assert_eq!(xml.matches("<testcase ").count(), 8, "{xml}");
    assert!(
        !project.path("premature").exists(),
        "it ended in good order"
    );
    assert!(project.path("shards").exists(), "it knows about shards");
    assert!(
        !project.path("infrastructure").exists(),
        "nothing was blocked"
    );
    assert_eq!(
        std::fs::read_dir(project.path("private")).unwrap().count(),
        0
    );
    assert!(
        project.run_dirs().is_empty(),
        "the sandbox's target directory is left alone"
    );
    let run = std::fs::read_dir(project.path("outputs/phasegate/runs"))
        .unwrap()
        .flatten()
        .next()
        .unwrap();
    let record = phasegate_record::read::read_run(&run.path()).unwrap();
    assert_eq!(record.problems().count(), 0);
    assert_eq!(attempts(&record).count(), 7);
}

#[test]
fn only_the_tests_that_bazel_names_run() {
    let project = Project::of("tame");
    let ran = under_bazel(&project, &[("TESTBRIDGE_TEST_ONLY", "lengths")], &[]).exits(0);
    assert_eq!(ran.sorted_names(), ["lengths::empty", "lengths::unicode"]);
    assert_eq!(ran.beginning().invocation, Invocation::Bazel);
    under_bazel(
        &project,
        &[("TESTBRIDGE_TEST_ONLY", "nothing is called so")],
        &[],
    )
    .exits(4);
}

#[test]
fn shards_count_from_zero_and_share_all_tests() {
    let project = Project::of("tame");
    let mut names = Vec::new();
    for index in ["0", "1", "2"] {
        let shard = [("TEST_TOTAL_SHARDS", "3"), ("TEST_SHARD_INDEX", index)];
        let ran = under_bazel(&project, &shard, &[("TEST_SHARD_STATUS_FILE", "shards")]).exits(0);
        let expected = Shard {
            index: index.parse::<u32>().unwrap() + 1,
            total: 3,
        };
        assert_eq!(ran.beginning().shard, Some(expected));
        names.extend(attempts(ran.record()).map(|a| a.test.clone()));
    }
    names.sort();
    assert_eq!(
        names.len(),
        7,
        "each test that is not ignored runs once: {names:?}"
    );
    names.dedup();
    assert_eq!(names.len(), 7, "{names:?}");
}

#[test]
fn a_half_set_pair_of_shard_variables_is_an_error() {
    for (variables, words) in [
        (
            [("TEST_TOTAL_SHARDS", "3")],
            "TEST_TOTAL_SHARDS is set but TEST_SHARD_INDEX is not",
        ),
        (
            [("TEST_SHARD_INDEX", "1")],
            "TEST_SHARD_INDEX is set but TEST_TOTAL_SHARDS is not",
        ),
    ] {
        let ran = under_bazel(&Project::of("tame"), &variables, &[]).exits(2);
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
        assert!(ran.left_no_record());
    }
}

#[test]
fn what_blocks_tests_is_an_infrastructure_failure() {
    let project = Project::of("preload");
    let file = [("TEST_INFRASTRUCTURE_FAILURE_FILE", "infrastructure")];
    under_bazel(&project, &[("SUBJECT_HOW", "panic")], &file).exits(101);
    let text = std::fs::read_to_string(project.path("infrastructure")).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!((lines.len(), lines[0]), (2, "preload:catalogue"), "{text}");
    assert!(lines[1].contains("panicked"), "{text}");
}

#[test]
fn tests_stay_in_bazel_s_process_group_and_are_ended_all_the_same() {
    let project = Project::of("patient").toml("[timeout]\ntest = \"100ms\"\ngrace = \"100ms\"\n");
    let mine = group_of("self");
    for fork in ["0", "1"] {
        let fork = [
            ("PHASEGATE_FORK", fork),
            ("TESTBRIDGE_TEST_ONLY", "its_group"),
        ];
        under_bazel(&project, &fork, &[]).exits(0);
    }
    assert_eq!(
        project.journal(),
        [format!("group {mine}"), format!("group {mine}")]
    );
    under_bazel(&project, &[("TESTBRIDGE_TEST_ONLY", "waits")], &[]).exits(101);
    assert_nobody_left(&project.mark());
}

#[test]
fn elsewhere_tests_have_groups_of_their_own() {
    let project = Project::of("patient");
    project.run(&["its_group"]).exits(0);
    assert_ne!(project.journal(), [format!("group {}", group_of("self"))]);
}

#[test]
fn a_harness_that_is_killed_leaves_the_file_that_says_so() {
    let project = Project::of("patient");
    let mut command = project.command();
    command
        .env("BAZEL_TEST", "1")
        .env("TEST_PREMATURE_EXIT_FILE", project.path("premature"));
    command.args(["--exact", "waits"]);
    let mut running = project.start(command);
    running.await_journal("waits", 1);
    assert!(project.path("premature").exists());
    signal(running.pid(), "KILL");
    running.wait().exits(-9);
    assert!(project.path("premature").exists());
    assert_nobody_left(&project.mark());
}

/// The process group of a process, from `/proc`.
fn group_of(pid: &str) -> String {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let after_name = stat.rsplit(')').next().unwrap();
    after_name.split_whitespace().nth(2).unwrap().to_owned()
}
