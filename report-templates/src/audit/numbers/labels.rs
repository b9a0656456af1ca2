//! Words whose number is a name, not a quantity.

use super::words::is_any;

const LABELS: &[&str] = &[
    "phase",
    "phases",
    "step",
    "steps",
    "section",
    "sections",
    "sprint",
    "sprints",
    "week",
    "weeks",
    "day",
    "days",
    "milestone",
    "milestones",
    "priority",
    "level",
    "tier",
    "task",
    "tasks",
    "option",
    "version",
    "chapter",
    "figure",
    "table",
    "line",
    "lines",
    "port",
    "issue",
    "pr",
    "item",
    "session",
    "sessions",
    "round",
    "iteration",
    "stage",
    "part",
    "batch",
    "wave",
    "hour",
    "month",
    "year",
    "release",
    "build",
    "commit",
    "bug",
    "story",
    "epic",
    "rule",
    "layer",
    "appendix",
    "page",
    "track",
    "node",
    "python",
    "java",
    "postgresql",
    "postgres",
    "redis",
    "ios",
    "android",
    "http",
    "status",
    "code",
    "grade",
    "gate",
    "quarter",
    "run",
    "scenario",
    "example",
    "cycle",
    "slide",
    "ticket",
    "revision",
    "attempt",
    "pass",
    "exit",
    "id",
    "pid",
    "rfc",
    "iso",
    "clause",
    "article",
    "goal",
    "problem",
    "solution",
    "fix",
    "strategy",
    "approach",
    "finding",
    "component",
    "no",
];

/// Whether a number after `word` is a label such as `Phase 2`. Plural measures (`Days 3`) count
/// as labels only in the singular sense that reports use them in: directly before the number.
pub(super) fn names_a_number(word: &str) -> bool {
    is_any(word, LABELS)
}

const ABOUT: &[&str] = &[
    "about",
    "approximately",
    "approx",
    "around",
    "roughly",
    "nearly",
    "almost",
    "circa",
    "est",
];
const OVER: &[&str] = &["over", "least", "exceeding", "exceeds", "exceed", "minimum"];
const UNDER: &[&str] = &["under", "below", "most", "maximum"];

pub(super) fn is_about(word: &str) -> bool {
    is_any(word, ABOUT)
}
pub(super) fn is_over(word: &str) -> bool {
    is_any(word, OVER)
}
pub(super) fn is_under(word: &str) -> bool {
    is_any(word, UNDER)
}
