//! Which tests an expression selects, and what it says when it selects none.
#![allow(clippy::unwrap_used)]

mod support;

use phasegate_record::event::{Outcome, PlannedTest};
use phasegate_record::scope::{Scope, Subject};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use support::planned;

fn selects(scope: &str, test: &PlannedTest, outcome: Option<Outcome>, flaky: bool) -> bool {
    let scope = Scope::parse(scope).unwrap_or_else(|error| panic!("{error}"));
    scope.matches(&Subject {
        test,
        package: "media",
        binary: "integration",
        outcome,
        flaky,
        fallback: false,
    })
}

#[test]
fn predicates_look_at_what_they_are_named_after() {
    let test = planned("auth::login::case_1");
    for yes in [
        "phase(C)",
        "phase(=C)",
        "phase(/^[BC]$/)",
        "boundary(cache)",
        "boundary( database )",
        "tag(slow)",
        "tag(#s*)",
        "test(login)",
        "test(=auth::login::case_1)",
        "test(/_\\d$/)",
        "test(#auth::*)",
        "file(tests/**/*.rs)",
        "file(~integration/)",
        "package(media)",
        "binary(integration)",
        "pattern(DeviceSessions)",
        "all()",
        "not none()",
        "all ( )",
    ] {
        assert!(selects(yes, &test, None, false), "{yes}");
    }
    for no in [
        "phase(c)",
        "phase(~D)",
        "boundary(cach)",
        "boundary(=)",
        "tag(~fast)",
        "test(=login)",
        "file(integration)",
        "file(*.rs)",
        "package(med)",
        "binary(#*unit*)",
        "none()",
        "!all()",
    ] {
        assert!(!selects(no, &test, None, false), "{no}");
    }
}

#[test]
fn operators_bind_as_documented() {
    let test = planned("x");
    for (scope, expected) in [
        ("all() | all() & none()", true),
        ("(all() | all()) & none()", false),
        ("!none() & none()", false),
        ("!(none() & none())", true),
        ("all() - all() - all()", false),
        ("all() - (all() - all())", true),
        ("all() - none() & none()", false),
        ("none() & none() + all()", true),
        ("not none() and not none() or none()", true),
        ("not not all()", true),
        ("!!all()", true),
    ] {
        assert_eq!(selects(scope, &test, None, false), expected, "{scope}");
    }
}

#[test]
fn what_passed_on_a_stand_in_is_no_passed_test() {
    let test = planned("x");
    let selects = |scope: &str, fallback| {
        Scope::parse(scope).unwrap().matches(&Subject {
            test: &test,
            package: "media",
            binary: "integration",
            outcome: Some(Outcome::Passed),
            flaky: false,
            fallback,
        })
    };
    assert!(selects("status(fallback)", true) && !selects("status(passed)", true));
    assert!(selects("status(passed)", false) && !selects("status(fallback)", false));
}

#[test]
fn status_asks_for_evidence() {
    let test = planned("x");
    let passed = Some(Outcome::Passed);
    assert!(selects("status(passed)", &test, passed, false));
    assert!(selects(
        "status(flaky) & status(passed)",
        &test,
        passed,
        true
    ));
    assert!(selects(
        "status(timed-out)",
        &test,
        Some(Outcome::TimedOut),
        false
    ));
    assert!(selects("status(not-run)", &test, None, false));
    assert!(!selects("status(flaky)", &test, passed, false));
    assert!(!selects("status(not-run)", &test, passed, false));
    for word in [
        "passed",
        "failed",
        "timed-out",
        "crashed",
        "blocked",
        "skipped",
        "flaky",
    ] {
        assert!(
            !selects(&format!("status({word})"), &test, None, true),
            "{word}"
        );
    }
    assert!(Scope::parse("a() | status(x)").is_err());
    assert!(
        Scope::parse("all() - !status(failed)")
            .unwrap()
            .uses_status()
    );
    assert!(!Scope::parse("test(status)").unwrap().uses_status());
}

#[test]
fn names_are_told_apart_by_what_they_are_for() {
    let scope = Scope::parse(
        "phase(B) & (boundary(cache) | boundary(=auth) | boundary(cache)) - boundary(mail) \
         | !(boundary(files) - boundary(queue)) | boundary(/x/) | boundary(#y*)",
    )
    .unwrap();
    assert_eq!(scope.named_boundaries(), ["cache", "auth", "queue"]);
    let names: Vec<_> = scope
        .references()
        .iter()
        .map(|r| (r.predicate, r.name.as_str()))
        .collect();
    assert_eq!(names[0], ("phase", "B"));
    assert_eq!(names.len(), 7);
    assert!(names.contains(&("boundary", "mail")) && names.contains(&("boundary", "files")));
    let span = scope.references()[0].span.clone();
    assert_eq!(&"phase(B)"[span], "B");
}

#[test]
fn errors_point_at_the_place_and_say_what_to_write() {
    for (scope, place, message) in [
        ("phse(C)", "phse", "did you mean `phase`?"),
        ("phase(C) boundary(x)", "b", "write an operator"),
        ("phase(C) & ", "", "expected a predicate"),
        ("all() && all()", "&", "write `&` or `|` once"),
        ("phase", "phase", "write `phase(…)`"),
        ("phase()", "", "needs an argument"),
        ("(phase(C)", "(", "never closed"),
        ("phase(C))", ")", "closes nothing"),
        ("phase(C", "C", "has no end"),
        ("test(/a/b)", "/a/b", "end it with `/)`"),
        ("test(/(/)", "/(/", "regular expression"),
        ("status(pased)", "pased", "did you mean `passed`?"),
        ("all(x)", "x", "takes no argument"),
        ("xyzzyx(1)", "xyzzyx", "write one of phase, boundary"),
        ("", "", "expected a predicate"),
        ("Größe(1)", "Größe", "unknown predicate"),
    ] {
        let error = Scope::parse(scope).unwrap_err();
        assert_eq!(&scope[error.span.clone()], place, "{error}");
        assert!(error.message.contains(message), "{error}");
    }
    let shown = Scope::parse("tag(ä) & phse(C)").unwrap_err().to_string();
    assert_eq!(shown.lines().nth(1), Some("  tag(ä) & phse(C)"));
    assert_eq!(shown.lines().nth(2), Some("           ^^^^"));
}

#[test]
fn length_depth_and_size_are_bounded() {
    assert!(Scope::parse(&"(".repeat(4_000)).is_err());
    assert!(Scope::parse(&"!".repeat(4_000)).is_err());
    assert!(Scope::parse(&format!("test({})", "x".repeat(5_000))).is_err());
    assert!(Scope::parse(&["all()"; 600].join("|")).is_err());
    assert!(Scope::parse(&["all()"; 250].join("|")).is_ok());
    assert!(Scope::parse("test(/(((a{1,500}){1,500}){1,500})/)").is_err());
}

fn argument() -> impl Strategy<Value = String> {
    prop_oneof![
        "[=~#/]?[ \\t]?[a-zA-Zé=~#*?:_. \\-]{0,8}[ \\t]?",
        "=?(\\\\.|[a-z(/]){0,6}",
        "/(\\\\[/.dw\\\\]|[a-z.|*+?^$]){0,6}/",
    ]
}

/// Texts that mostly are expressions.
fn expression() -> impl Strategy<Value = String> {
    let names = vec![
        "phase", "boundary", "tag", "test", "file", "package", "binary", "pattern",
    ];
    let leaf = prop_oneof![
        (prop::sample::select(names), argument()).prop_map(|(name, arg)| format!("{name}({arg})")),
        prop::sample::select(vec![
            "all()",
            "none()",
            "status(passed)",
            "status( not-run )"
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(5, 40, 2, |inner| {
        let sign = prop::sample::select(vec!["|", "+", " or ", "&", " and ", "-", " - "]);
        prop_oneof![
            (inner.clone(), sign, inner.clone()).prop_map(|(a, sign, b)| format!("{a}{sign}{b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("!{a}")),
            inner.prop_map(|a| format!("not {a}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_scope_parses_to_an_equal_one(text in expression()) {
        let Ok(scope) = Scope::parse(&text) else { return Ok(()) };
        let printed = scope.to_string();
        let again = Scope::parse(&printed).unwrap_or_else(|error| panic!("{text}\n{error}"));
        prop_assert_eq!(&again, &scope, "{} printed as {}", text, printed);
        prop_assert_eq!(again.to_string(), printed);
        for name in ["", "a", "é=x", "auth::login::case_1"] {
            let test = planned(name);
            let subject = Subject { test: &test, package: "a", binary: name, outcome: None, flaky: false, fallback: false };
            prop_assert_eq!(scope.matches(&subject), again.matches(&subject));
        }
    }

    #[test]
    fn any_text_is_a_scope_or_an_error_that_shows_the_place(
        text in any::<String>(),
        near in "(phase|test|all|status|not|and|[()!&|/ \\\\=-]){0,12}",
    ) {
        for text in [text, near] {
            match Scope::parse(&text) {
                Ok(scope) => prop_assert_eq!(&Scope::parse(&scope.to_string()).unwrap(), &scope),
                Err(error) => {
                    prop_assert!(text.get(error.span.clone()).is_some());
                    prop_assert!(error.to_string().lines().count() == 3);
                }
            }
        }
    }
}

#[test]
fn most_of_the_generated_expressions_are_some() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let texts = (0..500).map(|_| expression().new_tree(&mut runner).unwrap().current());
    let scopes = texts.filter(|text| Scope::parse(text).is_ok()).count();
    assert!(scopes > 250, "{scopes} of 500");
}
