//! Declarations that cannot stand are refused with file, line and what to do.

use crate::support::{Project, Ran};

fn refused(project: &Project) -> Ran {
    let ran = project.run(&[]).exits(2);
    assert!(ran.left_no_record());
    assert_eq!(ran.stdout, "");
    assert_eq!(
        project.run(&["--list"]).exits(2).stderr,
        ran.stderr,
        "a list hears of it, too"
    );
    ran
}

#[track_caller]
fn says(ran: &Ran, line: &str) {
    // Line numbers belong to the subject, not to this test.
    let plain = |l: &str| {
        let digits = l.split(':').map(|part| {
            if part.parse::<u32>().is_ok() {
                "N"
            } else {
                part
            }
        });
        digits.collect::<Vec<_>>().join(":")
    };
    assert!(
        ran.stderr.lines().any(|l| plain(l) == line),
        "`{line}` in\n{}",
        ran.stderr
    );
}

#[test]
fn two_tests_of_one_name_are_refused_and_both_places_named() {
    let ran = refused(&Project::of("duplicates"));
    assert!(
        ran.stderr
            .contains("the test `twin::one` is declared twice"),
        "{}",
        ran.stderr
    );
    let places = ran
        .stderr
        .matches("harness/subjects/tests/duplicates.rs:")
        .count();
    assert_eq!(places, 2, "{}", ran.stderr);
}

#[test]
fn hooks_that_wait_for_nobody_or_for_each_other_are_refused() {
    let ran = refused(&Project::of("broken_hooks"));
    says(
        &ran,
        "phasegate: error: harness/subjects/tests/broken_hooks.rs:N: unknown hook `warm_upp`; did you mean `warm_up`?",
    );
    assert!(
        ran.stderr.contains("waits for itself through `after`"),
        "{}",
        ran.stderr
    );
}

#[test]
fn names_that_the_configuration_does_not_know_are_refused_together() {
    let toml = "\
        [[phase]]\nid = \"A\"\n[[phase.criterion]]\nid = \"B-2\"\nmetric = \"flaky_tests\"\nat_most = 0\n\
        [[phase]]\nid = \"CC\"\n\
        [boundary.databse]\n[boundary.queue]\n";
    let ran = refused(&Project::of("phases").toml(toml));
    let place = "phasegate: error: harness/subjects/tests/phases.rs:N:";
    says(
        &ran,
        &format!("{place} unknown phase `C`; phasegate.toml declares A, CC"),
    );
    says(
        &ran,
        &format!("{place} unknown boundary `database`; did you mean `databse`?"),
    );
    says(
        &ran,
        &format!("{place} unknown boundary `cache`; phasegate.toml declares databse, queue"),
    );
    says(
        &ran,
        &format!("{place} unknown criterion `B-1`; did you mean `B-2`?"),
    );
}

#[test]
fn the_rest_of_the_suite_does_not_run_when_one_name_is_wrong() {
    let project = Project::of("phases").toml("[[phase]]\nid = \"A\"\n[[phase]]\nid = \"B\"\n");
    refused(&project);
    assert_eq!(project.journal(), Vec::<String>::new());
}

#[test]
fn a_kind_of_name_that_the_configuration_does_not_declare_is_free() {
    Project::of("phases")
        .toml("[project]\nname = \"free\"\n")
        .run(&[])
        .exits(0);
}

#[test]
fn services_that_cannot_stand_are_refused_together() {
    let ran = refused(&Project::of("broken_services"));
    let place = "phasegate: error: harness/subjects/tests/broken_services.rs:N:";
    for said in [
        "unknown service `databse`; did you mean `database`?",
        "the service `first` waits for itself through `after`; remove one of the `after`s in the circle",
        "the test `could_be_any` takes a lease of a service: `Lease<Memory>` could be any of cache, first, second; write `Lease<Memory, cache>`",
        "the test `is_none` takes a lease of a service: no service of type `Nowhere` is declared; write `#[phasegate::service(boundary = \"…\")] fn name() -> Nowhere { … }` in this test binary",
        "the test `is_of_another_type` takes a lease of a service: there is no service `cache` of type `Disk`; declare one with `#[phasegate::service]`",
    ] {
        says(&ran, &format!("{place} {said}"));
    }
    assert!(
        ran.stderr
            .contains("the service `database` is declared twice, first at harness/subjects/tests/broken_services.rs:"),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.stderr.lines().count(), 6, "{}", ran.stderr);
}

#[test]
fn a_services_unknown_boundary_is_said_once_where_the_service_is() {
    let toml = "[boundary.words]\n[boundary.text]\n[boundary.extra]\n[boundary.number]\n";
    let ran = refused(&Project::of("embedded").toml(toml));
    says(
        &ran,
        "phasegate: error: harness/subjects/tests/embedded.rs:N: unknown boundary `numbers`; did you mean `number`?",
    );
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
}

#[test]
fn what_a_test_leases_and_what_that_stands_behind_is_known_before_anything_runs() {
    let ran = Project::of("embedded").run(&[]).exits(0);
    let known = |test: &str| {
        let planned = ran.planned(test);
        (planned.services, planned.boundaries)
    };
    let of = |names: &[&str]| names.iter().map(|n| String::from(*n)).collect::<Vec<_>>();
    assert_eq!(
        known("takes_one_by_type"),
        (of(&["counter"]), of(&["extra", "numbers"]))
    );
    assert_eq!(
        known("takes_two_by_name"),
        (of(&["long", "short"]), of(&["text", "words"]))
    );
    assert_eq!(known("takes_none"), (of(&[]), of(&[])));

    let declared = ran.beginning().services;
    let names: Vec<&str> = declared.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["counter", "long", "short"]);
    let short = &declared[2];
    assert_eq!(
        (short.kind.as_str(), &short.after),
        ("words", &of(&["long"]))
    );
    assert!(short.embedded && short.has_fallback && !declared[1].has_fallback);
    assert_eq!(short.file, "harness/subjects/tests/embedded.rs");
}
