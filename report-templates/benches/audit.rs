//! Time of the audit on long and on hostile documents.
//!
//! `cargo bench -p phasegate-report --features audit --bench audit`: one line a document, with the
//! best of three runs. Doubling a document must about double its time.

#![allow(
    clippy::print_stdout,
    reason = "the figures are what this program is for"
)]

use phasegate_report::audit::audit;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

const MIB: usize = 1024 * 1024;

fn main() {
    println!(
        "{:<44} {:>8} {:>10} {:>10} {:>9}",
        "document", "bytes", "time", "MiB/s", "findings"
    );
    for size in [1, 2, 4] {
        measure(&format!("report, {size} MiB"), &report(size * MIB));
    }
    for (name, make) in HOSTILE {
        for size in [1, 2, 4] {
            measure(&format!("{name}, {size}/8 MiB"), &make(size * MIB / 8));
        }
    }
}

fn measure(name: &str, text: &str) {
    let mut best = Duration::MAX;
    let mut findings = 0;
    for _ in 0..3 {
        let start = Instant::now();
        findings = audit(text).findings.len();
        best = best.min(start.elapsed());
    }
    let rate = text.len() as f64 / MIB as f64 / best.as_secs_f64();
    println!(
        "{name:<44} {:>8} {:>8.1}ms {rate:>10.1} {findings:>9}",
        text.len(),
        best.as_secs_f64() * 1000.0
    );
}

/// Repeats numbered pieces until the text is long enough.
fn repeat(bytes: usize, piece: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(bytes + 1024);
    let mut index = 0;
    while text.len() < bytes {
        text.push_str(&piece(index));
        index += 1;
    }
    text
}

/// What people write: headings, key figures, tables with totals, checklists, deltas, prose.
fn report(bytes: usize) -> String {
    repeat(bytes, |index| {
        let (passed, total) = (index % 97 + 3, index % 97 + 9);
        let percent = (2000 * passed + total) / (2 * total);
        let mut text = format!(
            "## Module {index} ({passed}/{total} - {}.{}%)\n\n",
            percent / 10,
            percent % 10
        );
        let _ = writeln!(
            text,
            "Total Tests: {total}  \nPassed: {passed}  \nFailed: {}\n",
            total - passed
        );
        text.push_str("| Suite | Passed | Failed | Total |\n|---|---|---|---|\n");
        let _ = writeln!(
            text,
            "| a | {passed} | 1 | {} |\n| b | 4 | 2 | 6 |",
            passed + 1
        );
        let _ = writeln!(
            text,
            "| **TOTAL** | {} | 3 | {} |\n",
            passed + 4,
            passed + 7
        );
        let _ = writeln!(
            text,
            "- [x] `step_{index}` done\n- [ ] the rest\n- **Coverage**: 58.3% → 66.1% (+7.8%)\n"
        );
        text.push_str(
            "The suites were moved to leases on 2025-11-07, which took about 3 hours of work.\n\n",
        );
        text
    })
}

type Make = fn(usize) -> String;

/// Documents made to be slow.
const HOSTILE: &[(&str, Make)] = &[
    ("one line of ratios", |bytes| {
        repeat(bytes, |index| {
            format!("{index}/{} ({}%) ", index + 1, index % 100)
        })
    }),
    ("one line of numbers", |bytes| {
        repeat(bytes, |index| format!("{index} "))
    }),
    ("one line of arrows", |bytes| {
        repeat(bytes, |index| format!("{index} → "))
    }),
    ("one sum of many terms", |bytes| {
        repeat(bytes, |index| format!("{index} + "))
    }),
    ("one list, counts in every item", |bytes| {
        format!(
            "# All (9 tests)\n\n{}",
            repeat(bytes, |index| format!("- item {index} (3 tests)\n"))
        )
    }),
    ("one table of many rows", |bytes| {
        format!(
            "| a | Tests | Passed | % |\n|---|---|---|---|\n{}",
            repeat(bytes, |index| format!("| x | {index} | 3 | 4% |\n"))
        )
    }),
    ("one table of many totals", |bytes| {
        format!(
            "| a | b |\n|---|---|\n{}",
            repeat(bytes, |index| format!(
                "| Total | {index} |\n| y | 1 |\n| z | 2 |\n"
            ))
        )
    }),
    ("one wide table", |bytes| {
        let columns = bytes / 40;
        let row = |cell: &str| format!("|{}\n", format!(" {cell} |").repeat(columns));
        row("Tests") + &row("---") + &row("7") + &row("8%") + &row("Total")
    }),
    ("headings and brackets", |bytes| {
        repeat(bytes, |index| {
            format!("{} a ({index} tests)\n", "#".repeat(index % 6 + 1))
        })
    }),
    ("nested lists", |bytes| {
        repeat(bytes, |index| {
            format!("{}- a ({index} tests)\n", "  ".repeat(index % 40))
        })
    }),
    ("deep quotes", |bytes| {
        repeat(bytes, |index| {
            format!("{} 1/2 (50%)\n", ">".repeat(index % 60))
        })
    }),
    ("one subject with many rates", |bytes| {
        repeat(bytes, |index| format!("- `a.rs` - {}%\n", index % 100))
    }),
    ("labels again and again", |bytes| {
        repeat(bytes, |index| format!("Total Tests Created: {index}\n\n"))
    }),
    ("partial ratios and claims", |bytes| {
        repeat(bytes, |index| {
            format!(
                "- {}/26 complete files\n- applied to 26 files\n",
                index % 26
            )
        })
    }),
    ("digits", |bytes| "9".repeat(bytes)),
    ("unclosed markup", |bytes| "**[`1/2 (".repeat(bytes / 9)),
];
