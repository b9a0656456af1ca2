//! libtest's arguments and variables, with libtest's meanings.

use phasegate_record::event::{Disposition, Outcome};

use crate::support::{Project, Ran, text};

const ALL: [&str; 8] = [
    "alpha",
    "beta",
    "lengths::empty",
    "lengths::unicode",
    "nested::delta",
    "nested::gamma",
    "panics_as_it_should",
    "says_it_does_not_apply",
];

fn tame(args: &[&str]) -> Ran {
    Project::of("tame").run(args).exits(0)
}

/// What refuses to run anything: exit code 2 and words on standard error.
fn refused(variables: &[(&str, &str)], args: &[&str], words: &str) {
    let ran = Project::of("tame").run_with(variables, args).exits(2);
    assert!(ran.stderr.contains(words), "{args:?}: {}", ran.stderr);
    assert!(ran.left_no_record(), "{args:?}");
    assert_eq!(ran.stdout, "", "{args:?}");
}

#[test]
fn everything_runs_without_arguments() {
    let ran = tame(&[]);
    assert_eq!(ran.sorted_names(), ALL);
    for line in [
        "alpha ... ok",
        "nested::delta ... ignored",
        "says_it_does_not_apply ... ignored (no gpu here)",
    ] {
        assert!(ran.results().contains(&line.to_owned()), "{}", ran.stdout);
    }
    assert!(ran.stdout.contains("running 8 tests\n"), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("test result: ok. 6 passed; 0 failed; 2 ignored;"),
        "{}",
        ran.stdout
    );
}

#[test]
fn filters_select_by_part_of_the_name_or_by_the_whole() {
    for (args, expected) in [
        (&["alph", "gam"][..], &["alpha", "nested::gamma"][..]),
        (&["lengths"], &["lengths::empty", "lengths::unicode"]),
        (&["--exact", "alpha", "beta"], &["alpha", "beta"]),
        (
            &["lengths", "alpha", "--skip", "unicode", "--skip", "alp"],
            &["lengths::empty"],
        ),
        (
            &["--exact", "lengths::empty", "alpha", "--skip", "alpha"],
            &["lengths::empty"],
        ),
        (&["--ignored", "--skip", "nothing"], &["nested::delta"]),
    ] {
        let ran = Project::of("tame").run(args);
        assert_eq!(ran.sorted_names(), expected, "{args:?}");
    }
}

#[test]
fn filters_say_how_many_tests_they_leave_out() {
    let ran = tame(&["alpha"]);
    assert!(ran.stdout.contains("; 7 filtered out;"), "{}", ran.stdout);
    assert_eq!(ran.planned("beta").disposition, Disposition::Filtered);
    let ran = tame(&["--exact", "alpha"]);
    assert!(ran.stdout.contains("; 7 filtered out;"), "{}", ran.stdout);
    assert_eq!(ran.beginning().unlisted, 7);
}

#[test]
fn ignored_tests_run_when_asked_for() {
    let project = Project::of("tame");
    let ran = project.run(&["--ignored"]).exits(101);
    assert_eq!(ran.results(), ["nested::delta ... FAILED"]);
    let ran = project.run(&["--include-ignored"]).exits(101);
    assert_eq!(ran.sorted_names(), ALL);
    assert_eq!(ran.outcome("nested::delta"), Some(Outcome::Failed));
    assert!(ran.stdout.contains("delta was asked for"), "{}", ran.stdout);
}

#[test]
fn tests_that_should_panic_can_be_left_out() {
    let names = tame(&["--exclude-should-panic"]).sorted_names();
    assert_eq!(names.len(), 7);
    assert!(!names.contains(&"panics_as_it_should".to_owned()));
}

#[test]
fn output_is_shown_on_request_only() {
    assert!(!tame(&[]).stdout.contains("alpha speaks"));
    let ran = tame(&["--show-output", "alpha"]);
    assert!(
        ran.stdout
            .contains("---- alpha ----\n--- stdout ---\nalpha speaks\n"),
        "{}",
        ran.stdout
    );
    for ran in [
        tame(&["--nocapture", "alpha"]),
        tame(&["--no-capture", "alpha"]),
        Project::of("tame")
            .run_with(&[("RUST_TEST_NOCAPTURE", "1")], &["alpha"])
            .exits(0),
        Project::of("tame")
            .run_with(&[("PHASEGATE_FORK", "0")], &["--nocapture", "alpha"])
            .exits(0),
    ] {
        assert!(ran.stdout.contains("alpha speaks\n"), "{}", ran.stdout);
        assert_eq!(
            text(&ran.attempt("alpha").stdout),
            "alpha speaks\n",
            "it is recorded, too"
        );
    }
}

#[test]
fn quiet_and_terse_print_one_character_a_test() {
    for args in [
        &["-q"][..],
        &["--quiet"],
        &["--format", "terse"],
        &["--format=terse"],
    ] {
        let ran = tame(args);
        assert_eq!(ran.results(), Vec::<String>::new(), "{args:?}");
        let marks = ran
            .stdout
            .lines()
            .find(|l| l.starts_with(['.', 'i']))
            .unwrap_or_default();
        assert_eq!(
            marks.chars().filter(|c| ".i".contains(*c)).count(),
            8,
            "{}",
            ran.stdout
        );
    }
}

#[test]
fn colours_come_and_go_as_asked() {
    assert!(tame(&["--color", "always"]).stdout.contains('\u{1b}'));
    for args in [&["--color", "never"][..], &["--color=auto"], &[]] {
        assert!(!tame(args).stdout.contains('\u{1b}'), "{args:?}");
    }
}

#[test]
fn a_log_file_is_written_in_addition() {
    let project = Project::of("tame");
    let log = project.path("tests.log").display().to_string();
    let ran = project
        .run(&["--logfile", &log, "--include-ignored", "--skip", "lengths"])
        .exits(101);
    assert_eq!(ran.results().len(), 6, "{}", ran.stdout);
    let written = std::fs::read_to_string(&log).unwrap();
    let mut lines: Vec<_> = written.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "failed nested::delta",
            "ignored says_it_does_not_apply",
            "ok alpha",
            "ok beta",
            "ok nested::gamma",
            "ok panics_as_it_should",
        ]
    );
    project
        .run(&["--logfile", &log, "--exact", "nested::delta"])
        .exits(0);
    assert_eq!(
        std::fs::read_to_string(&log).unwrap(),
        "ignored nested::delta\n"
    );
    refused(
        &[],
        &["--logfile", "/no/such/directory/log"],
        "/no/such/directory/log",
    );
}

#[test]
fn threads_come_from_the_argument_or_the_variable() {
    tame(&["--test-threads", "1"]);
    tame(&["--test-threads=16"]);
    refused(&[], &["--test-threads", "0"], "it must be 1 or more");
    refused(
        &[],
        &["--test-threads", "many"],
        "`many` is no number of threads",
    );
    refused(&[("RUST_TEST_THREADS", "0")], &[], "RUST_TEST_THREADS");
    let project = Project::of("phases");
    project
        .run_with(&[("RUST_TEST_THREADS", "1")], &["storage"])
        .exits(0);
    let journal = project.journal();
    // One after another: whatever begins ends before the next.
    let first = journal
        .iter()
        .position(|l| l.starts_with("hook before_each"))
        .unwrap();
    let kinds: Vec<_> = journal[first..]
        .iter()
        .map(|l| l.split(' ').nth(1).unwrap())
        .collect();
    assert_eq!(
        kinds[..6],
        [
            "before_each",
            "storage::opens",
            "after_each",
            "before_each",
            "storage::reads",
            "after_each"
        ]
    );
}

#[test]
fn a_shuffled_order_can_be_repeated() {
    let project = Project::of("tame");
    let order = |variables: &[(&str, &str)], args: &[&str]| {
        let mut all = vec!["--test-threads", "1"];
        all.extend(args);
        project.run_with(variables, &all).exits(0)
    };
    let first = order(&[], &["--shuffle"]);
    let seed = first
        .stdout
        .split("--shuffle-seed ")
        .nth(1)
        .unwrap()
        .split('`')
        .next()
        .unwrap();
    assert_eq!(order(&[], &["--shuffle-seed", seed]).names(), first.names());
    let variable = order(&[("RUST_TEST_SHUFFLE_SEED", seed)], &[]);
    assert_eq!(variable.names(), first.names());
    assert!(variable.beginning().shuffled);
    assert!(
        order(&[("RUST_TEST_SHUFFLE", "1")], &[])
            .beginning()
            .shuffled
    );
    assert!(
        !order(&[("RUST_TEST_SHUFFLE", "0")], &[])
            .beginning()
            .shuffled
    );
    let orders: Vec<_> = ["1", "2", "3", "4"]
        .map(|s| order(&[], &["--shuffle-seed", s]).names())
        .into();
    assert!(
        orders.iter().any(|o| *o != orders[0]),
        "four seeds gave one order"
    );
    refused(
        &[("RUST_TEST_SHUFFLE_SEED", "x")],
        &[],
        "RUST_TEST_SHUFFLE_SEED: `x` is no number",
    );
}

#[test]
fn times_are_reported_and_held_to() {
    let ran = tame(&["-Z", "unstable-options", "--report-time", "alpha"]);
    let line = ran
        .stdout
        .lines()
        .find(|l| l.ends_with("s alpha"))
        .unwrap_or_default();
    assert!(line.trim_start().starts_with("0.0"), "{}", ran.stdout);
    tame(&["--report-time=colored", "alpha"]);
    let project = Project::of("patient").toml("[timeout]\ngrace = \"50ms\"\n");
    let limit = [("RUST_TEST_TIME_INTEGRATION", "10,50")];
    let ran = project
        .run_with(&limit, &["--ensure-time", "--exact", "waits"])
        .exits(101);
    assert_eq!(ran.outcome("waits"), Some(Outcome::TimedOut));
    refused(
        &[("RUST_TEST_TIME_INTEGRATION", "soon")],
        &["--ensure-time"],
        "`warn,critical` in milliseconds",
    );
}

#[test]
fn what_libtest_takes_is_taken_and_what_nobody_knows_is_refused() {
    tame(&["-Zunstable-options", "--test", "alpha"]);
    refused(&[], &["-Z", "everything"], "unstable-options");
    refused(&[], &["--includ-ignored"], "--include-ignored");
    refused(
        &[],
        &["--format", "yaml"],
        "possible values: pretty, terse, json, junit",
    );
    refused(&[], &["--shard", "3/2"], "`3/2` is no shard");
    refused(
        &[("PHASEGATE_RUN_ID", "../elsewhere")],
        &[],
        "PHASEGATE_RUN_ID",
    );
    let help = tame(&["--help"]);
    assert!(
        help.stdout.contains("Exit codes: 0 all passed"),
        "{}",
        help.stdout
    );
}

#[test]
fn a_list_holds_names_and_nothing_else() {
    let project = Project::of("tame");
    let list = |args: &[&str]| {
        let mut all = vec!["--list"];
        all.extend(args);
        let ran = project.run(&all).exits(0);
        assert_eq!(ran.stderr, "", "{args:?}");
        ran.stdout
    };
    let every = ALL.map(|name| format!("{name}: test\n")).concat();
    assert_eq!(list(&[]), every);
    assert_eq!(list(&["--format", "terse"]), every);
    assert_eq!(
        list(&["--format", "terse", "--ignored"]),
        "nested::delta: test\n"
    );
    assert_eq!(
        list(&["lengths", "--skip", "empty"]),
        "lengths::unicode: test\n"
    );
    assert_eq!(list(&["--exact", "alpha"]), "alpha: test\n");
    assert_eq!(list(&["--bench"]), "");
    assert!(project.run_dirs().is_empty(), "a list is no run");
}
