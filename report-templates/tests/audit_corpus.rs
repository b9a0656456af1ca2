//! Recall and precision of the audit on labelled reports.
//!
//! `cargo test -p phasegate-report --features audit --test audit_corpus -- --nocapture` prints
//! them. The corpus is a directory with `audit/labels.jsonl` and `audit/reports/*.md`, named by
//! `PHASEGATE_CORPUS` or found at `../shared/corpus` beside the workspace; without it the test
//! says so and passes. `PHASEGATE_CORPUS_ONLY=001,004` restricts it to some reports.

#![cfg(feature = "audit")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stdout, reason = "the figures are what this test is for")]

use phasegate_report::audit::{Verdict, audit_bytes};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct Label {
    report: String,
    line: usize,
    quote: String,
    kind: String,
    verdict: String,
    why: String,
}

#[derive(Default)]
struct Score {
    labelled: usize,
    found: usize,
    reported: usize,
    right: usize,
    wrong: usize,
    unlabelled: usize,
}

impl Score {
    fn add(&mut self, other: &Self) {
        self.labelled += other.labelled;
        self.found += other.found;
        self.reported += other.reported;
        self.right += other.right;
        self.wrong += other.wrong;
        self.unlabelled += other.unlabelled;
    }

    fn row(&self, name: &str) -> String {
        format!(
            "{name:<16} {:>4}/{:<4} {:>7}   {:>4} {:>5} {:>5} {:>10}   {:>7}",
            self.found,
            self.labelled,
            percent(self.found, self.labelled),
            self.reported,
            self.right,
            self.wrong,
            self.unlabelled,
            percent(self.right, self.right + self.wrong),
        )
    }
}

/// In tenths, rounded half up; `-` of nothing.
fn percent(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "-".into();
    }
    let tenths = (2000 * part + whole) / (2 * whole);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let linked = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let named = std::env::var_os("PHASEGATE_CORPUS").map(PathBuf::from);
    let found = named
        .into_iter()
        .chain([beside, linked])
        .map(|dir| dir.join("audit"));
    found
        .into_iter()
        .find(|dir| dir.join("labels.jsonl").is_file())
}

fn labels(dir: &Path) -> Vec<Label> {
    let only: Option<BTreeSet<String>> = std::env::var("PHASEGATE_CORPUS_ONLY")
        .ok()
        .map(|list| list.split(',').map(str::to_owned).collect());
    let text = std::fs::read_to_string(dir.join("labels.jsonl")).unwrap();
    let labels = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str::<Label>(line).unwrap());
    labels
        .filter(|label| {
            only.as_ref()
                .is_none_or(|only| only.contains(&label.report))
        })
        .collect()
}

#[test]
fn recall_and_precision_on_the_corpus() {
    let Some(dir) = corpus() else {
        println!("no corpus at PHASEGATE_CORPUS or ../shared/corpus: skipped");
        return;
    };
    let labels = labels(&dir);
    let mut verdicts: BTreeMap<(&str, usize), BTreeSet<&str>> = BTreeMap::new();
    for label in &labels {
        verdicts
            .entry((&label.report, label.line))
            .or_default()
            .insert(&label.verdict);
    }
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut flagged: BTreeSet<(&str, usize)> = BTreeSet::new();
    let (mut right, mut wrong, mut open) = (0, 0, 0);
    let reports: BTreeSet<&str> = labels.iter().map(|label| label.report.as_str()).collect();
    for report in reports {
        let bytes = std::fs::read(dir.join("reports").join(format!("{report}.md"))).unwrap();
        let audit = audit_bytes(&bytes);
        for finding in audit.inconsistent() {
            let verdicts = verdicts.get(&(report, finding.line));
            let score = scores.entry(finding.kind.name().to_owned()).or_default();
            score.reported += 1;
            let first = flagged.insert((report, finding.line));
            match verdicts {
                Some(known) if known.contains("inconsistent") => {
                    score.right += 1;
                    right += usize::from(first);
                }
                Some(_) => {
                    score.wrong += 1;
                    wrong += usize::from(first);
                    println!(
                        "false: {report}:{} {} ({})",
                        finding.line, finding.quote, finding.why
                    );
                }
                None => {
                    score.unlabelled += 1;
                    open += usize::from(first);
                    println!(
                        "unlabelled: {report}:{} {} ({})",
                        finding.line, finding.quote, finding.why
                    );
                }
            }
        }
    }
    for label in labels
        .iter()
        .filter(|label| label.verdict == Verdict::Inconsistent.name())
    {
        let score = scores.entry(label.kind.clone()).or_default();
        score.labelled += 1;
        if flagged.contains(&(label.report.as_str(), label.line)) {
            score.found += 1;
        } else {
            println!(
                "missed: {}:{} {} {} ({})",
                label.report, label.line, label.kind, label.quote, label.why
            );
        }
    }
    println!("kind                found  recall   reported right wrong unlabelled   precision");
    let mut total = Score::default();
    for (kind, score) in &scores {
        println!("{}", score.row(kind));
        total.add(score);
    }
    println!("{}", total.row("all"));
    println!("lines reported: {right} right, {wrong} wrong, {open} unlabelled");
    assert!(
        total.found * 10 >= total.labelled * 9,
        "recall is below 90 %: {}",
        percent(total.found, total.labelled)
    );
    assert!(
        right * 20 >= (right + wrong) * 19,
        "precision is below 95 %: {}",
        percent(right, right + wrong)
    );
}
