//! What figures say, and what they refuse to say.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use phasegate_record::event::*;
use phasegate_record::project::{Criterion, Each, Metric, Threshold};
use phasegate_report::figures::{
    Finding, Flaw, Gap, Leases, Shortcoming, Standing, Status, Verdict, fold, time,
};
use support::*;

/// The verdict of phase C and what its last criterion evaluates to.
fn judged(script: &Script) -> (Verdict, Finding) {
    let run = script.figures();
    let phase = run.phases().unwrap().remove(0);
    (
        phase.verdict,
        phase.criteria.last().unwrap().finding.clone(),
    )
}

fn not_computed(script: &Script) -> String {
    match judged(script) {
        (Verdict::NotComputed | Verdict::Hold, Finding::NotComputed(why)) => why,
        other => panic!("{other:?}"),
    }
}

fn with(criterion: Criterion, tests: &[(&str, Outcome)]) -> Script {
    let mut script = Script::new(project(Some("0%"), vec![criterion]));
    for (name, _) in tests {
        script.plan(crossing(name, &["cache"]));
    }
    for (name, outcome) in tests {
        script.attempt(attempt(name, *outcome));
    }
    script
}

use Outcome::{Failed, Passed, Skipped};

#[test]
fn the_pass_rate_keeps_everything_but_ignored_tests_in_its_denominator() {
    let mut script = Script::new(project(None, vec![]));
    for name in ["passed", "skipped", "blocked", "unrun"] {
        script.plan(planned(name));
    }
    let mut ignored = planned("ignored");
    ignored.disposition = Disposition::Ignored { reason: None };
    script.plan(ignored);
    script
        .attempt(attempt("passed", Passed))
        .attempt(attempt("skipped", Skipped))
        .attempt(blocked("blocked", "phase:B", "phase B is below its target"))
        .end(false);
    let run = script.figures();
    let phase = &run.phases().unwrap()[0];
    assert_eq!(phase.rate.to_string(), "25.0 % (1/4)");
    assert_eq!(phase.tally.total(), 5);
    assert_eq!(phase.verdict, Verdict::Hold);
}

#[test]
fn a_test_is_known_by_package_binary_and_name() {
    let mut one = Script::new(project(None, vec![]));
    one.plan(planned("same"))
        .attempt(attempt("same", Passed))
        .end(false);
    let mut two = one.clone();
    two.path = "other.ndjson".into();
    two.run().binary = "other".into();
    let Event::Attempt(attempt) = &mut two.events[2] else {
        panic!()
    };
    attempt.outcome = Failed;
    let run = fold(&[one.source(), two.source()]);
    assert_eq!(run.tests.len(), 2);
    assert_eq!(run.tally().unwrap().passed(), 1);
}

#[test]
fn processes_that_share_a_file_make_one_run() {
    let mut script = Script::new(project(None, vec![]));
    script.plan(planned("a")).plan(planned("b"));
    script.attempt(attempt("a", Failed)).end(false);
    script.attempt(attempt("b", Passed)).end(false);
    script.attempt(attempt("a", Passed)).end(false);
    let run = script.figures();
    assert_eq!(run.phases().unwrap()[0].verdict, Verdict::Go);
    assert!(run.tests[0].is_flaky() && !run.tests[1].is_flaky());
}

#[test]
fn shards_complete_each_other_and_one_alone_proves_nothing() {
    let shard = |mine: &str| {
        let mut script = Script::new(project(None, vec![]));
        for name in ["a", "b"] {
            let mut test = planned(name);
            if name != mine {
                test.disposition = Disposition::OtherShard;
            }
            script.plan(test);
        }
        script.attempt(attempt(mine, Passed)).end(false);
        script
    };
    let (a, b) = (shard("a"), shard("b"));
    let both = fold(&[a.source(), b.source()]);
    assert_eq!(both.phases().unwrap()[0].verdict, Verdict::Go);
    let alone = fold(&[a.source()]);
    let phase = &alone.phases().unwrap()[0];
    assert_eq!(phase.verdict, Verdict::NotComputed);
    assert_eq!(
        phase.gap,
        Some(Gap::OtherShards {
            missing: 1,
            planned: 2
        })
    );
}

#[test]
fn an_attempt_without_a_last_one_is_no_outcome() {
    let mut script = Script::new(project(None, vec![]));
    script.plan(planned("a"));
    let attempt = Attempt {
        last: false,
        ..attempt("a", Failed)
    };
    script.attempt(attempt).end(false);
    assert_eq!(script.figures().tests[0].status, Status::NotRun);
}

#[test]
fn an_open_record_has_no_verdict() {
    let mut script = Script::new(project(None, vec![]));
    script.plan(planned("a")).attempt(attempt("a", Passed));
    assert!(matches!(
        script.figures().shortcomings[..],
        [Shortcoming::Unsealed { .. }]
    ));
    assert_eq!(judged(&script).0, Verdict::NotComputed);
    script.end(false);
    assert_eq!(judged(&script).0, Verdict::Go);
    script.run().id = "x".into();
    let other = Script::new(project(None, vec![]));
    let run = fold(&[script.source(), other.source()]);
    assert!(
        run.shortcomings
            .iter()
            .any(|s| matches!(s, Shortcoming::Inconsistent { .. }))
    );
}

#[test]
fn a_line_torn_after_the_seal_leaves_the_verdict_open() {
    let mut script = Script::new(project(None, vec![]));
    script
        .plan(planned("a"))
        .attempt(attempt("a", Passed))
        .end(false);
    script.flaws.push(Flaw {
        text: "integration.ndjson:6: the line was cut off".into(),
        tampering: false,
    });
    assert_eq!(judged(&script).0, Verdict::NotComputed);
}

#[test]
fn a_test_that_one_shard_was_to_run_is_not_put_down_to_another() {
    let shard = |disposition: Disposition| {
        let mut script = Script::new(project(None, vec![]));
        script
            .plan(PlannedTest {
                disposition,
                ..planned("a")
            })
            .end(false);
        script
    };
    let (other, mine) = (shard(Disposition::OtherShard), shard(Disposition::Run));
    let run = fold(&[other.source(), mine.source()]);
    assert_eq!(run.tests[0].status, Status::NotRun);
    assert_eq!(run.phases().unwrap()[0].verdict, Verdict::Hold);
}

#[test]
fn attempts_at_tests_that_were_never_planned_are_a_contradiction() {
    let mut script = Script::new(project(None, vec![]));
    script.plan(planned("a")).attempt(attempt("a", Passed));
    script.attempt(attempt("ghost", Passed)).end(false);
    assert_eq!(judged(&script).0, Verdict::NotComputed);
}

#[test]
fn each_boundary_that_the_scope_names_is_judged_even_when_no_test_crosses_it() {
    let each = Criterion {
        scope: Some("boundary(cache) | boundary(auth)".into()),
        each: Some(Each::Boundary),
        ..criterion("C-1", "", Metric::PassingTests, Threshold::AtLeast(1))
    };
    let mut script = with(each, &[("a", Passed)]);
    script.end(false);
    let run = script.figures();
    let phase = &run.phases().unwrap()[0];
    let figure = phase.criteria.last().unwrap();
    assert_eq!(figure.finding, Finding::NotMet);
    let groups: Vec<_> = figure
        .measures
        .iter()
        .map(|m| (m.group.as_deref(), m.value))
        .collect();
    assert_eq!(groups, [(Some("auth"), 0), (Some("cache"), 1)]);
}

#[test]
fn a_scope_without_tests_or_sense_is_never_met() {
    for scope in ["boundary(nowhere)", "phase("] {
        let empty = Criterion {
            scope: Some(scope.into()),
            ..criterion("C-1", "", Metric::FailingTests, Threshold::AtMost(0))
        };
        let mut script = with(empty, &[("a", Passed)]);
        script.end(false);
        assert!(not_computed(&script).starts_with("its scope"));
    }
}

#[test]
fn without_a_group_nothing_is_judged() {
    let each = Criterion {
        each: Some(Each::Boundary),
        ..criterion("C-1", "", Metric::FailingTests, Threshold::AtMost(0))
    };
    let mut script = Script::new(project(Some("0%"), vec![each]));
    script
        .plan(planned("a"))
        .attempt(attempt("a", Passed))
        .end(false);
    assert!(not_computed(&script).contains("no group"));
}

#[test]
fn a_scope_that_asks_how_tests_ended_needs_all_of_them() {
    let by_status = Criterion {
        scope: Some("status(passed)".into()),
        ..criterion("C-1", "", Metric::PassingTests, Threshold::AtLeast(1))
    };
    let mut script = with(by_status, &[("a", Passed)]);
    let elsewhere = PlannedTest {
        phase: None,
        disposition: Disposition::Filtered,
        ..planned("elsewhere")
    };
    script.plan(elsewhere).end(false);
    assert!(not_computed(&script).contains("left out of this run"));
}

#[test]
fn an_upper_bound_is_not_met_by_tests_that_never_ran() {
    let none = criterion("C-1", "", Metric::FlakyTests, Threshold::AtMost(0));
    let mut script = with(none.clone(), &[("a", Passed)]);
    script
        .events
        .insert(1, Event::Planned(Box::new(planned("unrun"))));
    script.end(false);
    assert!(not_computed(&script).contains("1 test in scope did not run"));
    let mut script = with(none, &[("a", Passed)]);
    script.end(false);
    assert_eq!(judged(&script), (Verdict::Go, Finding::Met));
}

#[test]
fn contamination_is_measured_or_not_computed() {
    let none = criterion("C-2", "", Metric::ContaminatedTests, Threshold::AtMost(0));
    let run = |change: &dyn Fn(&mut Attempt)| {
        let mut script = with(none.clone(), &[]);
        script.plan(planned("a"));
        let mut made = attempt("a", Passed);
        change(&mut made);
        script.attempt(made).end(false);
        judged(&script).1
    };
    assert_eq!(run(&|_| ()), Finding::Met);
    let unknown = |finding| matches!(finding, Finding::NotComputed(_));
    assert!(unknown(run(&|a| a.receipt = None)));
    assert!(unknown(run(&|a| a.mechanism = Mechanism::Thread)));
    let process = Leftover {
        pid: 1,
        name: "redis".into(),
    };
    let left = |a: &mut Attempt| a.receipt.as_mut().unwrap().processes = vec![process.clone()];
    assert_eq!(run(&left), Finding::NotMet);
    assert_eq!(
        run(&|a| a.receipt.as_mut().unwrap().threads = Some(2)),
        Finding::Met
    );
}

#[test]
fn migrated_files_need_the_list_of_files() {
    let migrated = Criterion {
        files: Some("tests/**/*.rs".into()),
        ..criterion(
            "C-3",
            "",
            Metric::MigratedFiles,
            Threshold::AtLeastShare("50%".parse().unwrap()),
        )
    };
    let mut script = with(migrated, &[("a", Passed)]);
    let mut unlisted = script.clone();
    unlisted.end(false);
    assert!(not_computed(&unlisted).contains("does not say"));
    script.events.push(Event::Files(FileSet {
        glob: "tests/**/*.rs".into(),
        files: [
            "tests/integration/sessions.rs",
            "tests/old.rs",
            "tests/older.rs",
        ]
        .map(String::from)
        .into(),
    }));
    script.end(false);
    let run = script.figures();
    let phase = &run.phases().unwrap()[0];
    let figure = phase.criteria.last().unwrap();
    assert_eq!(figure.finding, Finding::NotMet);
    assert_eq!((figure.measures[0].value, figure.measures[0].whole), (1, 3));
    assert_eq!(figure.culprits, ["tests/old.rs", "tests/older.rs"]);
}

/// One test that leases a service and passed on its stand-in, one that passed on the service.
fn on_a_stand_in(allowed: bool, criterion: Criterion) -> Script {
    let mut project = project(Some("100%"), vec![criterion]);
    project.phases[0].allow_fallback = allowed;
    let mut script = Script::new(project);
    script.run().services = vec![service("cache", &[])];
    for (name, stand_in) in [("real", false), ("replaced", true)] {
        script.plan(leasing(name, &["cache"]));
        script.attempt(Attempt {
            leases: vec![lease("cache", 5, stand_in)],
            ..attempt(name, Passed)
        });
    }
    script.end(false);
    script
}

#[test]
fn what_passed_on_a_stand_in_counts_only_where_the_phase_allows_it() {
    let both = || criterion("C-1", "", Metric::PassingTests, Threshold::AtLeast(2));
    let script = on_a_stand_in(false, both());
    let run = script.figures();
    let phase = &run.phases().unwrap()[0];
    assert_eq!(phase.rate.to_string(), "50.0 % (1/2)");
    assert_eq!(phase.tally.get(Status::Fallback), 1);
    assert_eq!(judged(&script), (Verdict::Hold, Finding::NotMet));

    let script = on_a_stand_in(true, both());
    let run = script.figures();
    let phase = &run.phases().unwrap()[0];
    assert_eq!(phase.rate.to_string(), "100 % (2/2)");
    assert_eq!(judged(&script), (Verdict::Go, Finding::Met));
    let marked: Vec<bool> = run.tests.iter().map(|test| test.is_fallback()).collect();
    assert_eq!(marked, [false, true], "it is marked all the same");
}

#[test]
fn a_scope_does_not_count_what_passed_on_a_stand_in_either() {
    for (scope, counted) in [("status(passed)", 1), ("status(fallback)", 1), ("all()", 2)] {
        let script = on_a_stand_in(
            false,
            Criterion {
                scope: Some(scope.into()),
                ..criterion("C-1", "", Metric::PlannedTests, Threshold::AtLeast(9))
            },
        );
        let run = script.figures();
        let phase = run.phases().unwrap().remove(0);
        assert_eq!(phase.criteria[1].measures[0].value, counted, "{scope}");
    }
    // On the service itself it might pass: an upper bound is not shown to hold.
    let few = criterion("C-1", "", Metric::PassingTests, Threshold::AtMost(1));
    assert!(not_computed(&on_a_stand_in(false, few)).contains("could break the bound"));
}

#[test]
fn an_attempt_during_which_a_service_died_makes_no_test_flaky() {
    let none = criterion("C-1", "", Metric::FlakyTests, Threshold::AtMost(0));
    for (infrastructure, flaky) in [(Some("cache died".to_owned()), false), (None, true)] {
        let mut script = Script::new(project(None, vec![none.clone()]));
        script.plan(planned("a"));
        script.attempt(Attempt {
            last: false,
            infrastructure: infrastructure.clone(),
            ..attempt("a", Failed)
        });
        script.attempt(Attempt {
            number: 2,
            ..attempt("a", Passed)
        });
        script.end(false);
        let run = script.figures();
        assert_eq!(run.tests[0].status, Status::Passed);
        assert_eq!(run.tests[0].is_flaky(), flaky);
        assert_eq!(run.tests[0].infrastructure(), infrastructure.as_deref());
        let expected = if flaky { Finding::NotMet } else { Finding::Met };
        assert_eq!(judged(&script).1, expected);
    }
}

#[test]
fn services_are_timed_from_the_start_of_the_run_and_leases_by_nearest_rank() {
    let mut early = Script::new(project(None, vec![]));
    early.end(false);
    let mut late = Script::new(project(None, vec![]));
    late.path = "late.ndjson".into();
    late.run().binary = "late".into();
    late.run().started_at = "2026-11-21T22:09:20.000Z".into();
    late.run().services = vec![service("cache", &[])];
    late.step(step("cache", ServiceChange::Ready, 7, 40));
    for (name, acquire_us) in [("a", 30), ("b", 10), ("c", 20), ("d", 40)] {
        late.plan(leasing(name, &["cache"]));
        late.attempt(Attempt {
            leases: vec![lease("cache", acquire_us, name == "d")],
            ..attempt(name, Passed)
        });
    }
    late.end(false);
    let run = fold(&[early.source(), late.source()]);
    let cache = &run.services[0];
    let start = time::instant_ms(run.header.started_at.as_ref().unwrap());
    assert_eq!(cache.history[0].began_us(start), 2_000_007);
    assert_eq!(
        (cache.standing(), cache.ready_us()),
        (Standing::Ready, Some(40))
    );
    let leases = Leases::of(cache, &run.tests);
    assert_eq!((leases.tests, leases.count, leases.stand_in), (4, 4, 1));
    assert_eq!(leases.acquire_p50_us(), Some(20));
    assert_eq!(leases.acquire_max_us(), Some(40));
    assert_eq!(Leases::of(cache, &run.tests[..0]).acquire_p50_us(), None);
}
