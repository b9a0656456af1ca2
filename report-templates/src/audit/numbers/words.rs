//! The vocabulary of reports.

/// What a counted test did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Outcome {
    Total,
    Passed,
    Failed,
    Skipped,
}

/// Whether `word` is one of `list`, whatever its ASCII case.
pub(crate) fn is_any(word: &str, list: &[&str]) -> bool {
    list.iter().any(|entry| entry.eq_ignore_ascii_case(word))
}

/// The outcome that a word names.
pub(crate) fn outcome(word: &str) -> Option<Outcome> {
    const TOTAL: &[&str] = &["total", "totals"];
    const PASSED: &[&str] = &[
        "passed",
        "passing",
        "pass",
        "passes",
        "succeeded",
        "successful",
        "successes",
    ];
    const FAILED: &[&str] = &[
        "failed", "failing", "fail", "fails", "failure", "failures", "errored", "broken",
    ];
    const SKIPPED: &[&str] = &[
        "skipped", "skip", "skips", "ignored", "pending", "todo", "xfail", "xfailed", "disabled",
    ];
    [
        (TOTAL, Outcome::Total),
        (PASSED, Outcome::Passed),
        (FAILED, Outcome::Failed),
        (SKIPPED, Outcome::Skipped),
    ]
    .into_iter()
    .find(|(list, _)| is_any(word, list))
    .map(|(_, outcome)| outcome)
}

/// A noun that tests are counted in, by its singular.
pub(crate) fn noun(word: &str) -> Option<&'static str> {
    const NOUNS: &[(&str, &str)] = &[
        ("test", "test"),
        ("tests", "test"),
        ("testcase", "test"),
        ("testcases", "test"),
        ("case", "test"),
        ("cases", "test"),
        ("spec", "test"),
        ("specs", "test"),
        ("suite", "suite"),
        ("suites", "suite"),
        ("file", "file"),
        ("files", "file"),
        ("scenario", "scenario"),
        ("scenarios", "scenario"),
        ("assertion", "assertion"),
        ("assertions", "assertion"),
        ("check", "check"),
        ("checks", "check"),
        ("module", "module"),
        ("modules", "module"),
    ];
    NOUNS
        .iter()
        .find(|(form, _)| form.eq_ignore_ascii_case(word))
        .map(|(_, singular)| *singular)
}

/// A crude singular in lower case, good enough to compare two nouns of one document.
pub(crate) fn stem(word: &str) -> String {
    let lower = word.to_lowercase();
    if let Some(base) = lower.strip_suffix("ies").filter(|base| base.len() > 1) {
        return format!("{base}y");
    }
    match lower.strip_suffix('s') {
        Some(base) if base.len() > 2 && !base.ends_with(['s', 'u', 'i']) => base.to_owned(),
        _ => lower,
    }
}
