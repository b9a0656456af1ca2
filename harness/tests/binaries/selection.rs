//! Selecting tests by scope and by shard, and what selecting none means.

use crate::support::{Project, attempts};

#[test]
fn a_scope_selects_on_the_command_line() {
    let project = Project::of("phases");
    for (scope, expected) in [
        ("phase(A)", &["storage::opens", "storage::reads"][..]),
        ("phase(A) & boundary(cache)", &["storage::reads"]),
        ("phase(A) - test(/^storage::r/)", &["storage::opens"]),
        (
            "tag(storage) - tag(slow)",
            &["storage::belongs_to_b", "storage::opens"],
        ),
        ("not (phase(A) | phase(B) | phase(C))", &["homeless"]),
        (
            "phase(B) & file(**/phases.rs) - tag(storage)",
            &["logic::adds"],
        ),
        ("binary(phases) & test(=homeless)", &["homeless"]),
        ("package(phasegate-subjects) & test(adds)", &["logic::adds"]),
    ] {
        let ran = project.run(&["-E", scope]);
        assert_eq!(ran.sorted_names(), expected, "{scope}: {}", ran.stderr);
        assert_eq!(ran.code, 0, "{scope}");
    }
    let both = project.run(&["--scope", "phase(A)", "reads"]).exits(0);
    assert_eq!(both.names(), ["storage::reads"], "a filter narrows a scope");
}

#[test]
fn a_scope_that_makes_no_sense_is_shown_with_its_place() {
    let ran = Project::of("phases")
        .run(&["-E", "phase(A) & boundry(cache)"])
        .exits(2);
    let lines: Vec<_> = ran.stderr.lines().collect();
    let shown = lines
        .iter()
        .position(|l| l.contains("  phase(A) & boundry(cache)"))
        .expect("the expression is shown");
    let column =
        |line: &str, mark: &str| line.find(mark).unwrap_or_else(|| panic!("{}", ran.stderr));
    assert_eq!(
        column(lines[shown + 1], "^^^^^^^"),
        column(lines[shown], "boundry")
    );
    assert!(ran.stderr.contains("boundary"), "{}", ran.stderr);
}

#[test]
fn shards_are_disjoint_and_complete() {
    let project = Project::of("phases");
    for total in 1..=4 {
        let mut all = Vec::new();
        for index in 1..=total {
            let ran = project
                .run(&["--shard", &format!("{index}/{total}")])
                .exits(0);
            all.extend(attempts(ran.record()).map(|a| a.test.clone()));
        }
        all.sort();
        let mut once = all.clone();
        once.dedup();
        assert_eq!((all.len(), once.len()), (8, 8), "{total} shards: {all:?}");
    }
}

#[test]
fn shards_of_one_run_keep_files_of_their_own() {
    let project = Project::of("phases");
    for shard in ["1/2", "2/2"] {
        project
            .run_with(&[("PHASEGATE_RUN_ID", "sharded")], &["--shard", shard])
            .exits(0);
    }
    let names: Vec<_> = project
        .only_record()
        .files
        .into_iter()
        .map(|f| f.path)
        .collect();
    assert!(
        names[0].ends_with("phasegate-subjects--phases--shard-1-of-2.ndjson"),
        "{names:?}"
    );
    assert!(
        names[1].ends_with("phasegate-subjects--phases--shard-2-of-2.ndjson"),
        "{names:?}"
    );
}

#[test]
fn more_shards_than_tests_leave_some_empty_and_fine() {
    let ran = Project::of("phases").run(&["--shard", "9/9"]).exits(0);
    assert_eq!(ran.end().counts.total, 0);
}

#[test]
fn selecting_nothing_is_an_error_unless_it_is_meant() {
    let project = Project::of("phases");
    let ran = project.run(&["nothing is called so"]).exits(4);
    assert!(
        ran.stderr.contains("none of the 8 tests is selected"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("--no-tests=pass"), "{}", ran.stderr);
    assert!(ran.left_no_record());
    project.run(&["-E", "phase(A) & phase(B)"]).exits(4);
    let ran = project.run(&["-E", "phase(Z)"]).exits(2);
    assert!(ran.stderr.contains("unknown phase `Z`"), "{}", ran.stderr);
    project
        .run(&["nothing is called so", "--no-tests=pass"])
        .exits(0);
    project
        .run_with(&[("PHASEGATE_NO_TESTS", "pass")], &["nothing is called so"])
        .exits(0);
    project
        .run_with(&[("PHASEGATE_NO_TESTS", "perhaps")], &[])
        .exits(2);
}

#[test]
fn a_binary_without_tests_says_so() {
    let project = Project::of("empty");
    let ran = project.run(&[]).exits(4);
    assert!(
        ran.stderr.contains("this binary declares no tests"),
        "{}",
        ran.stderr
    );
    project.run(&["--no-tests=pass"]).exits(0);
    assert_eq!(project.run(&["--list"]).exits(0).stdout, "");
}
