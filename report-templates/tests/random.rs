//! Random runs, counted again by hand.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use phasegate_record::event::*;
use phasegate_report::figures::{Status, Verdict};
use proptest::prelude::*;
use support::*;

use Outcome::Passed;

fn any_outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Passed),
        Just(Outcome::Failed),
        Just(Outcome::TimedOut),
        Just(Outcome::Crashed),
        Just(Outcome::Blocked),
        Just(Outcome::Skipped),
    ]
}

fn any_disposition() -> impl Strategy<Value = Disposition> {
    prop_oneof![
        6 => Just(Disposition::Run),
        1 => Just(Disposition::Ignored { reason: None }),
        1 => Just(Disposition::Filtered),
    ]
}

type Drawn = (Disposition, Vec<Outcome>, bool, u8);

fn any_tests() -> impl Strategy<Value = Vec<Drawn>> {
    let test = (
        any_disposition(),
        prop::collection::vec(any_outcome(), 0..3),
        any::<bool>(),
        0u8..8,
    );
    prop::collection::vec(test, 0..40)
}

fn drawn(tests: &[Drawn]) -> Script {
    let mut script = Script::new(project(Some("85%"), vec![]));
    for (index, (disposition, _, _, mask)) in tests.iter().enumerate() {
        let crossed = ["auth", "cache", "database"];
        let crossed: Vec<_> = (0..3)
            .filter(|bit| mask & (1 << bit) != 0)
            .map(|bit| crossed[bit])
            .collect();
        let mut test = crossing(&format!("t{index}"), &crossed);
        test.disposition = disposition.clone();
        test.file = format!("tests/f{}.rs", index % 3);
        script.plan(test);
    }
    for (index, (disposition, outcomes, finished, _)) in tests.iter().enumerate() {
        let outcomes = if *disposition == Disposition::Run {
            outcomes.as_slice()
        } else {
            &[]
        };
        for (number, outcome) in (1..).zip(outcomes) {
            script.attempt(Attempt {
                number,
                last: *finished && number as usize == outcomes.len(),
                ..attempt(&format!("t{index}"), *outcome)
            });
        }
    }
    script.end(false);
    script
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Counted again by hand: parts add up, and the status line prints what the record holds.
    #[test]
    fn every_number_is_reproducible(tests in any_tests()) {
        let script = drawn(&tests);
        let run = script.figures();
        let phases = run.phases().unwrap();
        let phase = &phases[0];
        let count = |is: &dyn Fn(&Drawn) -> bool| tests.iter().filter(|test| is(test)).count() as u64;
        let runs = |test: &Drawn| test.0 == Disposition::Run;
        let passed = count(&|test| runs(test) && test.2 && test.1.last() == Some(&Passed));
        let ignored = count(&|test| matches!(test.0, Disposition::Ignored { .. }));
        let filtered = count(&|test| test.0 == Disposition::Filtered);
        let required = tests.len() as u64 - ignored;

        prop_assert_eq!(phase.tally.passed(), passed);
        prop_assert_eq!(phase.tally.required(), required);
        let sum: u64 = Status::ALL.iter().map(|&status| phase.tally.get(status)).sum();
        prop_assert_eq!(sum, tests.len() as u64);
        let by_file: u64 = phase.files.rows.iter().map(|row| row.tally.total()).sum();
        prop_assert_eq!(by_file, phase.tally.total());

        let reached = required > 0 && passed * 100 >= required * 85;
        let expected = match (filtered, required) {
            (0, 1..) if reached => Verdict::Go,
            (0, 1..) => Verdict::Hold,
            _ => Verdict::NotComputed,
        };
        prop_assert_eq!(phase.verdict, expected);

        let report = &phasegate_report::render_reports(&run, None).unwrap()[0];
        if !tests.is_empty() {
            let verb = if required == 1 { "test passes" } else { "tests pass" };
            let line = format!("** {passed} of {required} {verb} (");
            prop_assert!(report.markdown.contains(&line), "{line}\n{}", report.markdown);
        }
        if expected == Verdict::Hold {
            let missing = (required * 85).div_ceil(100) - passed;
            let words = format!("{missing} more must pass to reach it");
            prop_assert!(report.markdown.contains(&words), "{words}\n{}", report.markdown);
        }
        prop_assert_eq!(report.markdown.contains("100 % ("), report_has_full_row(&report.markdown));
    }

    /// More passing tests never turn a `go` into anything else.
    #[test]
    fn verdicts_are_monotone(tests in any_tests(), pick in any::<prop::sample::Index>()) {
        let runnable: Vec<_> = (0..tests.len()).filter(|&i| tests[i].0 == Disposition::Run).collect();
        prop_assume!(!runnable.is_empty());
        let mut better = tests.clone();
        let index = runnable[pick.index(runnable.len())];
        better[index].1 = vec![Passed];
        better[index].2 = true;
        let (before, after) = (verdict(&drawn(&tests)), verdict(&drawn(&better)));
        prop_assert!(before != Verdict::Go || after == Verdict::Go);
    }
}

/// Whether some `100 % (n/n)` is printed, with equal numbers in all of them.
fn report_has_full_row(markdown: &str) -> bool {
    let shares = markdown.split("100 % (").skip(1);
    let mut pairs = shares
        .filter_map(|rest| rest.split_once(')')?.0.split_once('/'))
        .peekable();
    pairs.peek().is_some() && pairs.all(|(part, whole)| part == whole && whole != "0")
}

fn verdict(script: &Script) -> Verdict {
    let run = script.figures();
    run.phases().unwrap()[0].verdict
}
