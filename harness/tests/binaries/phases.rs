//! Phases, their gates, hooks, suites and groups.

use phasegate_record::event::{Disposition, HookPoint, Outcome, PhaseState};

use crate::support::{Project, Ran, attempts};

/// C after B after A; one phase below its gate blocks those that follow.
const GATED: &str = "\
[[phase]]\nid = \"C\"\nafter = [\"B\"]\n\
[[phase]]\nid = \"B\"\nafter = [\"A\"]\n[[phase.criterion]]\nid = \"B-1\"\nmetric = \"passing_tests\"\nat_least = 1\n\
[[phase]]\nid = \"A\"\n\
[gate]\nprogressive = true\n";

/// The lines of the journal that tell of tests.
fn told(project: &Project) -> Vec<String> {
    let lines = project.journal().into_iter();
    lines
        .filter_map(|l| l.strip_prefix("test ").map(str::to_owned))
        .collect()
}

fn place(lines: &[String], line: &str) -> usize {
    let found = lines.iter().position(|l| l == line);
    found.unwrap_or_else(|| panic!("`{line}` is not told: {lines:#?}"))
}

fn blocked(ran: &Ran) -> Vec<(String, String)> {
    let mut all: Vec<_> = attempts(ran.record())
        .filter(|a| a.outcome == Outcome::Blocked)
        .map(|a| {
            (
                a.test.clone(),
                a.blocked.clone().expect("it says by whom").root,
            )
        })
        .collect();
    all.sort();
    all
}

#[test]
fn phases_run_in_the_order_of_their_dependencies() {
    let project = Project::of("phases").toml(GATED);
    for threads in ["1", "4"] {
        let ran = project.run(&["--test-threads", threads]).exits(0);
        let names = told(&project);
        assert_eq!(names.len(), 8, "{names:?}");
        let phase = |name: &str| ran.planned(name).phase.unwrap_or_default();
        let phases: Vec<_> = names.iter().map(|n| phase(n)).collect();
        let mut sorted = phases.clone();
        sorted.sort();
        if threads == "1" {
            assert_eq!(phases, sorted, "{names:?}");
        }
        let last_of = |id: &str| phases.iter().rposition(|p| p == id).unwrap();
        let first_of = |id: &str| phases.iter().position(|p| p == id).unwrap();
        assert!(
            last_of("A") < first_of("B") && last_of("B") < first_of("C"),
            "{names:?}"
        );
        std::fs::remove_file(project.path("journal")).unwrap();
    }
}

#[test]
fn a_phase_below_its_gate_blocks_those_that_follow_and_is_named() {
    let project = Project::of("phases").toml(GATED);
    let ran = project
        .run_with(&[("SUBJECT_FAILS", "test storage::reads")], &[])
        .exits(101);
    let roots = blocked(&ran);
    let names: Vec<_> = roots.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "ledger::one",
            "ledger::three",
            "ledger::two",
            "logic::adds",
            "storage::belongs_to_b"
        ]
    );
    assert!(roots.iter().all(|(_, root)| root == "phase:A"), "{roots:?}");
    assert!(
        ran.stdout.contains(
            "blocked by phase A: phase A is below its gate: 1 of 2 tests passed, 2 were needed"
        ),
        "{}",
        ran.stdout
    );
    let steps: Vec<_> = ran
        .phase_steps()
        .into_iter()
        .map(|s| (s.phase, s.state))
        .collect();
    for step in [
        ("A", PhaseState::Below),
        ("B", PhaseState::Blocked),
        ("C", PhaseState::Blocked),
    ] {
        assert!(
            steps.contains(&(step.0.to_owned(), step.1)),
            "{step:?}: {steps:?}"
        );
    }
    let journal = project.journal();
    assert!(
        !journal
            .iter()
            .any(|l| l.contains("warm_up") || l.contains("cool_down")),
        "{journal:?}"
    );
    assert_eq!(ran.end().counts.blocked, 5);
}

#[test]
fn a_target_below_all_lets_the_next_phase_begin() {
    let lenient = GATED.replace("id = \"A\"\n", "id = \"A\"\ntarget_pass_rate = \"50%\"\n");
    let project = Project::of("phases").toml(&lenient);
    let ran = project
        .run_with(&[("SUBJECT_FAILS", "test storage::reads")], &[])
        .exits(101);
    assert_eq!(blocked(&ran), []);
    assert_eq!(ran.end().counts.failed, 1);
}

#[test]
fn without_the_gate_nothing_is_blocked() {
    let open = GATED.replace("progressive = true", "progressive = false");
    let project = Project::of("phases").toml(&open);
    let ran = project
        .run_with(&[("SUBJECT_FAILS", "test storage::reads")], &[])
        .exits(101);
    assert_eq!(blocked(&ran), []);
}

#[test]
fn hooks_stand_around_what_they_are_hung_on() {
    let project = Project::of("phases").toml(GATED);
    let ran = project.run(&["--test-threads", "1"]).exits(0);
    let lines = project.journal();
    assert_eq!(
        lines[..2],
        ["hook set_up", "hook a_second_set_up"],
        "`after` outweighs the name"
    );
    assert_eq!(lines.last().unwrap(), "hook tear_down");
    let (warm, cool) = (
        place(&lines, "hook warm_up B"),
        place(&lines, "hook cool_down B"),
    );
    let of_b = ["test logic::adds", "test storage::belongs_to_b"].map(|t| place(&lines, t));
    assert!(of_b.iter().all(|t| warm < *t && *t < cool), "{lines:#?}");
    assert!(
        place(&lines, "test storage::opens") < warm && cool < place(&lines, "test ledger::one")
    );
    for name in told(&project) {
        let test = place(&lines, &format!("test {name}"));
        assert_eq!(lines[test - 1], format!("hook before_each {name}"));
        assert!(
            lines[test + 1..].contains(&format!("hook after_each {name}")),
            "{lines:#?}"
        );
    }
    let recorded: Vec<_> = ran
        .hooks()
        .into_iter()
        .map(|h| (h.name, h.point, h.outcome))
        .collect();
    assert_eq!(
        recorded[0],
        ("set_up".to_owned(), HookPoint::BeforeRun, Outcome::Passed)
    );
    assert_eq!(
        recorded.len(),
        5,
        "hooks around a test belong to the test: {recorded:?}"
    );
}

#[test]
fn a_hook_before_the_run_that_fails_blocks_every_test() {
    let project = Project::of("phases");
    let ran = project
        .run_with(&[("SUBJECT_FAILS", "hook set_up")], &[])
        .exits(101);
    let roots = blocked(&ran);
    assert_eq!(roots.len(), 8);
    assert!(
        roots.iter().all(|(_, root)| root == "hook:set_up"),
        "{roots:?}"
    );
    assert_eq!(
        project.journal(),
        ["hook set_up", "hook tear_down"],
        "what was begun is undone"
    );
    assert!(
        ran.stdout
            .contains("hook `set_up` (harness/subjects/tests/phases.rs:"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stderr.contains("hook set_up was told to fail"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_hook_before_a_phase_that_fails_blocks_the_phase() {
    let project = Project::of("phases");
    let ran = project
        .run_with(&[("SUBJECT_FAILS", "hook warm_up B")], &[])
        .exits(101);
    let expected =
        ["logic::adds", "storage::belongs_to_b"].map(|t| (t.to_owned(), "hook:warm_up".to_owned()));
    assert_eq!(blocked(&ran), expected);
    assert!(
        project.journal().contains(&"hook cool_down B".to_owned()),
        "what was begun is undone"
    );
}

#[test]
fn hooks_around_a_test_fail_the_test() {
    for (hook, passes) in [
        ("hook before_each homeless", false),
        ("hook after_each homeless", true),
    ] {
        let project = Project::of("phases");
        let ran = project
            .run_with(&[("SUBJECT_FAILS", hook)], &["--exact", "homeless"])
            .exits(101);
        let failure = ran.attempt("homeless").failure.unwrap().message;
        assert!(
            failure.contains("_each` (harness/subjects/tests/phases.rs:"),
            "{failure}"
        );
        assert_eq!(
            told(&project) == ["homeless"],
            passes,
            "{:?}",
            project.journal()
        );
        assert!(
            project
                .journal()
                .contains(&"hook after_each homeless".to_owned())
        );
    }
}

#[test]
fn hooks_after_the_run_fail_the_run() {
    let project = Project::of("phases");
    let ran = project
        .run_with(&[("SUBJECT_FAILS", "hook tear_down")], &[])
        .exits(101);
    assert!(
        ran.stderr.contains("hook `tear_down` failed"),
        "{}",
        ran.stderr
    );
    let hook = ran
        .hooks()
        .into_iter()
        .find(|h| h.name == "tear_down")
        .unwrap();
    assert_eq!(hook.outcome, Outcome::Failed);
}

#[test]
fn tests_inherit_from_their_suites() {
    let ran = Project::of("phases").run(&[]).exits(0);
    let reads = ran.planned("storage::reads");
    assert_eq!(reads.phase.as_deref(), Some("A"));
    assert_eq!(reads.boundaries, ["cache", "database"]);
    assert_eq!(reads.tags, ["slow", "storage"]);
    assert_eq!(reads.timeout_ms, Some(10_000), "what is nearer holds");
    assert_eq!(ran.planned("storage::opens").timeout_ms, Some(30_000));
    assert_eq!(
        ran.planned("storage::belongs_to_b").phase.as_deref(),
        Some("B")
    );
    assert_eq!(ran.planned("ledger::one").serial.as_deref(), Some("ledger"));
    assert_eq!(ran.planned("homeless").disposition, Disposition::Run);
}

#[test]
fn tests_of_one_group_never_overlap() {
    let project = Project::of("phases");
    let ran = project.run(&["ledger", "--test-threads", "4"]).exits(0);
    assert_eq!(ran.end().counts.passed, 3);
    let lines: Vec<_> = project
        .journal()
        .into_iter()
        .filter(|l| !l.starts_with("hook"))
        .collect();
    for pair in lines.chunks(2) {
        assert_eq!(pair[1], format!("end {}", pair[0]), "{lines:#?}");
    }
}

#[test]
fn what_failed_last_runs_first() {
    let project = Project::of("phases");
    let one = ["--test-threads", "1"];
    project
        .run_with(&[("SUBJECT_FAILS", "test ledger::two")], &one)
        .exits(101);
    let ran = project.run(&one).exits(0);
    let of_c: Vec<_> = ran
        .names()
        .into_iter()
        .filter(|n| n.starts_with("ledger"))
        .collect();
    assert_eq!(of_c[0], "ledger::two", "{of_c:?}");
}
