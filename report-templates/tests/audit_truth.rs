//! Documents with known truth: what is right is never called wrong, what is wrong is found.

#![cfg(feature = "audit")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use phasegate_report::audit::{Verdict, audit, power};
use proptest::prelude::*;
use std::fmt::Write as _;

/// Percentage of `k` in `n` at `decimals`, half up, from integers.
fn percent(k: u64, n: u64, decimals: u32) -> String {
    let scale = 10u64.pow(decimals);
    let units = (2 * 100 * k * scale + n) / (2 * n);
    if decimals == 0 {
        return units.to_string();
    }
    format!(
        "{}.{:0width$}",
        units / scale,
        units % scale,
        width = decimals as usize
    )
}

/// Whether the percentage lies about all or none.
fn lies(k: u64, n: u64, printed: &str) -> bool {
    let value: f64 = printed.parse().unwrap();
    (value == 100.0 && k < n) || (value == 0.0 && k > 0)
}

fn verdicts(text: &str) -> Vec<(usize, Verdict)> {
    audit(text)
        .findings
        .iter()
        .map(|finding| (finding.line, finding.verdict))
        .collect()
}

fn wordings(k: u64, n: u64, p: &str) -> Vec<String> {
    vec![
        format!("- **Tests**: {k}/{n} ({p}%)"),
        format!("{k} of {n} tests passing ({p}%)"),
        format!("## Core ({k}/{n} - {p}%)"),
        format!("Pass rate: {p}% ({k}/{n} tests)"),
        format!("```\nUI:   {k}/{n}   ({p}%)  ####\n```"),
        format!("| Suite | Passed | Total | % |\n|---|---|---|---|\n| a | {k} | {n} | {p}% |"),
        format!("Total tests: {n}  \nPassed: {k} ({p}%)"),
        format!("{k}/{n} = {p}%"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_true_share_is_never_called_wrong(n in 1u64..20_000, k in 0u64..20_000, decimals in 0u32..3) {
        let k = k % (n + 1);
        let p = percent(k, n, decimals);
        prop_assume!(!lies(k, n, &p));
        for text in wordings(k, n, &p) {
            let wrong: Vec<_> = verdicts(&text).into_iter().filter(|(_, v)| *v == Verdict::Inconsistent).collect();
            prop_assert!(wrong.is_empty(), "{text}: {wrong:?}");
        }
    }

    #[test]
    fn a_false_share_is_found_in_every_wording(n in 2u64..5_000, k in 0u64..5_000, off in 2i64..30) {
        let k = k % (n + 1);
        prop_assume!(n != 100);
        let right = (2 * 100 * k + n) / (2 * n);
        let printed = right as i64 + if right > 50 { -off } else { off };
        // A figure that the rest of the whole would explain is another matter.
        let rest = (2 * 100 * (n - k) + n) / (2 * n);
        prop_assume!((printed - rest as i64).abs() > 1 && k != 0 && k != n);
        for text in wordings(k, n, &printed.to_string()) {
            let found = verdicts(&text).into_iter().any(|(_, v)| v == Verdict::Inconsistent);
            prop_assert!(found, "{text}");
        }
    }

    #[test]
    fn totals_of_tables_are_added_up(rows in prop::collection::vec((0u32..5_000, 0u32..500), 2..12), off in 1u32..50) {
        let mut text = String::from("| Suite | Passed | Failed | Total |\n|---|---|---|---|\n");
        for (index, (passed, failed)) in rows.iter().enumerate() {
            writeln!(text, "| s{index} | {passed} | {failed} | {} |", passed + failed).unwrap();
        }
        let passed: u32 = rows.iter().map(|row| row.0).sum();
        let failed: u32 = rows.iter().map(|row| row.1).sum();
        let right = format!("{text}| **TOTAL** | **{passed}** | **{failed}** | **{}** |\n", passed + failed);
        prop_assert!(audit(&right).inconsistent().next().is_none(), "{right}");
        let wrong = format!("{text}| **TOTAL** | **{passed}** | **{failed}** | **{}** |\n", passed + failed + off);
        let line = rows.len() + 3;
        prop_assert!(audit(&wrong).inconsistent().any(|finding| finding.line == line), "{wrong}");
    }

    #[test]
    fn deltas_follow_from_their_ends(a in 0i64..10_000, b in 0i64..10_000, off in 1i64..100) {
        let change = b - a;
        let right = format!("- **Tests**: {a} → {b} ({change:+})\n");
        prop_assert!(audit(&right).inconsistent().next().is_none(), "{right}");
        let stray = change.abs() + off;
        let wrong = format!("- **Tests**: {a} → {b} (+{stray})\n");
        prop_assert!(audit(&wrong).inconsistent().next().is_some(), "{wrong}");
    }

    #[test]
    fn boxes_are_counted(boxes in prop::collection::vec(any::<bool>(), 2..30), off in 1usize..5) {
        let ticked = boxes.iter().filter(|ticked| **ticked).count();
        let list: String = boxes.iter().map(|ticked| if *ticked { "- [x] one\n" } else { "- [ ] one\n" }).collect();
        let right = format!("## Tasks completed ({ticked}/{})\n\n{list}", boxes.len());
        prop_assert!(audit(&right).inconsistent().next().is_none(), "{right}");
        let claimed = if ticked + off <= boxes.len() { ticked + off } else { ticked.saturating_sub(off) };
        prop_assume!(claimed != ticked);
        let wrong = format!("## Tasks completed ({claimed}/{})\n\n{list}", boxes.len());
        prop_assert!(audit(&wrong).inconsistent().next().is_some(), "{wrong}");
    }

    #[test]
    fn no_text_makes_it_panic_or_lose_a_number(text in "[ -~\n|#*`→✅0-9%()/,.-]{0,400}") {
        let found = audit(&text);
        for finding in &found.findings {
            prop_assert!(text.get(finding.span.clone()) == Some(finding.quote.as_str()));
            let line = text.lines().nth(finding.line - 1).unwrap_or_default();
            prop_assert!(finding.column <= line.chars().count() + 1);
        }
        prop_assert_eq!(found.unrecognised, found.unrecognised_at.len());
        prop_assert_eq!(found.recognised, found.recognised_at.len());
    }
}

#[test]
fn every_number_is_accounted_for() {
    let text = "# Report of 2025-11-07 (v1.2.3)\n\nPhase 2 ran `x86` in tests/a1.rs: 18/32 (56.3%), 7 odd ones, #41.\n";
    let found = audit(text);
    assert_eq!((found.recognised, found.unrecognised), (3, 1), "{found:?}");
    let reasons: Vec<_> = found
        .skipped_by_reason
        .iter()
        .map(|skipped| skipped.reason)
        .collect();
    assert_eq!(
        reasons,
        [
            "date or time",
            "version",
            "label or ordinal",
            "identifier",
            "path or address",
            "code"
        ]
    );
}

#[test]
fn power_counts_the_changes_that_would_be_noticed() {
    let measured = power("Total tests: 208\nPassed: 206 (99.04%)\nFailed: 2 (0.96%)\n");
    assert_eq!((measured.tried, measured.caught), (5, 5));
}

#[test]
fn columns_count_characters() {
    let finding = audit("- é ✅ 18/32 (60%)\n").findings.remove(0);
    assert_eq!((finding.line, finding.column), (1, 7));
}
