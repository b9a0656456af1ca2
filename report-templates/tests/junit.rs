//! JUnit XML, read back by a parser.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use phasegate_record::event::*;
use phasegate_report::junit;
use quick_xml::Reader;
use quick_xml::events::Event as Xml;
use support::*;

/// Every element as `name key=value …`, in order, unescaped.
fn elements(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let mut found = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Xml::Start(element) | Xml::Empty(element) => {
                let mut line = String::from_utf8(element.name().as_ref().to_vec()).unwrap();
                for attribute in element.attributes() {
                    let attribute = attribute.unwrap();
                    let key = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
                    line.push_str(&format!(" {key}={}", attribute.unescape_value().unwrap()));
                }
                found.push(line);
            }
            Xml::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn each_test_is_a_case_with_its_phase_and_outcome() {
    let mut script = Script::new(project(None, vec![]));
    let mut ignored = planned("off");
    ignored.disposition = Disposition::Ignored {
        reason: Some("later".into()),
    };
    let mut filtered = planned("elsewhere");
    filtered.disposition = Disposition::Filtered;
    script
        .plan(crossing("a", &["cache"]))
        .plan(planned("b"))
        .plan(planned("c"))
        .plan(planned("d"))
        .plan(ignored)
        .plan(filtered);
    for (number, outcome, last) in [(1, Outcome::Failed, false), (2, Outcome::Passed, true)] {
        script.attempt(Attempt {
            number,
            last,
            ..attempt("a", outcome)
        });
    }
    script.attempt(attempt("b", Outcome::TimedOut));
    script.attempt(blocked("c", "service:cache", "no redis"));
    script.end(false);
    let xml = junit(&script.figures(), None).unwrap();
    let found = elements(&xml);
    assert_eq!(
        found[0],
        "testsuites name=phasegate-run tests=5 skipped=1 errors=2 failures=1 \
         timestamp=2026-11-21T22:09:18.000Z time=3.250"
    );
    assert_eq!(
        found[1],
        "testsuite name=media-requests::integration tests=5 skipped=1 errors=2 failures=1 time=0.025"
    );
    assert_eq!(
        found[2],
        "testcase name=a classname=media-requests::integration \
         file=tests/integration/sessions.rs line=12 time=0.012"
    );
    let holds = |line: &str| assert!(found.iter().any(|l| l == line), "{line}\n{found:#?}");
    holds("property name=phase value=C");
    holds("property name=boundary value=cache");
    holds("flakyFailure message=assertion failed: session.is_some() type=test failed time=0.012");
    holds("failure message=assertion failed: session.is_some() type=test timed out");
    holds("error message=blocked by service:cache: no redis type=test blocked");
    holds("error message=planned, but never brought to an end type=not run");
    holds("skipped message=later");
    assert!(!xml.contains("elsewhere"));
}

#[test]
fn what_xml_cannot_hold_is_replaced() {
    let name = "a<b>&\"'\u{0}\u{1b}\nc\u{ffff}";
    let mut script = Script::new(project(None, vec![]));
    script.plan(planned(name));
    script.attempt(Attempt {
        stdout: Output::Text {
            text: "x\u{8}]]>\u{c}".into(),
        },
        ..attempt(name, Outcome::Failed)
    });
    script.end(false);
    let xml = junit(&script.figures(), None).unwrap();
    assert!(
        xml.contains("x\u{fffd}]]&gt;\u{fffd}</system-out>"),
        "{xml}"
    );
    let case = elements(&xml).remove(2);
    assert!(
        case.starts_with("testcase name=a<b>&\"'\u{fffd}\u{fffd}\nc\u{fffd} class"),
        "{case:?}"
    );
}

#[test]
fn stand_ins_and_services_that_died_are_properties_and_no_failures() {
    let mut script = Script::new(project(None, vec![]));
    script.plan(leasing("a", &["cache"]));
    script.attempt(Attempt {
        last: false,
        infrastructure: Some("cache died".into()),
        ..attempt("a", Outcome::Failed)
    });
    script.attempt(Attempt {
        number: 2,
        leases: vec![lease("cache", 1, true)],
        ..attempt("a", Outcome::Passed)
    });
    script.end(false);
    let found = elements(&junit(&script.figures(), None).unwrap());
    for property in [
        "property name=service value=cache",
        "property name=fallback value=cache",
        "property name=infrastructure value=cache died",
    ] {
        assert!(
            found.iter().any(|l| l == property),
            "{property}\n{found:#?}"
        );
    }
    assert!(!found.iter().any(|l| l.contains("Failure ")), "{found:#?}");
    assert!(found[0].contains("errors=0 failures=0"), "{found:#?}");
}
