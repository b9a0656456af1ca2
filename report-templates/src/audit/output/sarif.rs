//! SARIF 2.1.0 (OASIS standard, 2020).

use super::Audited;
use super::json::Selection;
use crate::audit::{Finding, Kind, Verdict};
use serde_json::{Value, json};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// One log with one run: a result for each listed finding, a rule for each kind.
///
/// # Errors
///
/// None in practice: all of it is plain data.
pub fn sarif(audits: &[Audited<'_>], selection: Selection) -> serde_json::Result<String> {
    let results: Vec<_> = audits
        .iter()
        .flat_map(|document| {
            let kept = document
                .audit
                .findings
                .iter()
                .filter(|finding| selection.keeps(finding));
            kept.map(|finding| result(document.path, finding))
        })
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "phasegate-audit",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": RULES.iter().map(|(kind, text)| rule(*kind, text)).collect::<Vec<_>>(),
            }},
            // Columns count characters, not UTF-16 units.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&log)
}

const RULES: &[(Kind, &str)] = &[
    (
        Kind::RatioPercent,
        "A percentage does not fit its fraction.",
    ),
    (Kind::Delta, "A difference does not fit its ends."),
    (Kind::Sum, "Parts do not add up to their total."),
    (
        Kind::Remaining,
        "What is said to be left is not what is left.",
    ),
    (
        Kind::Progress,
        "Progress towards a target does not fit start, state and target.",
    ),
    (
        Kind::ChecklistCount,
        "A headline does not count what stands under it.",
    ),
    (Kind::Contradiction, "Two statements cannot both hold."),
    (Kind::Speedup, "A relative change does not fit its ends."),
    (
        Kind::PpDelta,
        "A change of a percentage does not fit its ends.",
    ),
    (Kind::Other, "Arithmetic does not come out."),
];

fn rule(kind: Kind, text: &str) -> Value {
    json!({ "id": kind.name(), "shortDescription": { "text": text } })
}

fn result(path: &str, finding: &Finding) -> Value {
    let (kind, level) = match finding.verdict {
        Verdict::Inconsistent => ("fail", "error"),
        Verdict::Truncated => ("fail", "warning"),
        Verdict::Approximate => ("informational", "none"),
        Verdict::Unresolved => ("review", "none"),
        Verdict::Consistent => ("pass", "none"),
    };
    let expected = match finding.verdict {
        Verdict::Inconsistent | Verdict::Truncated => format!(" Expected: {}.", finding.expected),
        _ => String::new(),
    };
    let related: Vec<_> = finding
        .related_lines
        .iter()
        .map(|line| json!({ "physicalLocation": location(path, json!({ "startLine": line })) }))
        .collect();
    json!({
        "ruleId": finding.kind.name(),
        "kind": kind,
        "level": level,
        "message": { "text": format!("{}.{expected}", finding.why) },
        "locations": [{ "physicalLocation": location(path, json!({
            "startLine": finding.line,
            "startColumn": finding.column,
            "endColumn": finding.column + finding.quote.chars().count(),
            "snippet": { "text": finding.quote },
        })) }],
        "relatedLocations": related,
        "properties": {
            "verdict": finding.verdict.name(),
            "expected": finding.expected,
            "decisionError": finding.decision_error,
        },
    })
}

fn location(path: &str, region: Value) -> Value {
    json!({ "artifactLocation": { "uri": uri(path) }, "region": region })
}

/// A path as a relative URI reference: `/` between segments, other bytes percent-encoded.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                out.push(char::from(byte))
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::audit;

    #[test]
    fn a_result_points_at_the_claim() {
        let audit = audit("- é 18/32 (60%)\n");
        let documents = [Audited {
            path: "docs/my report.md",
            audit: &audit,
        }];
        let log: Value =
            serde_json::from_str(&sarif(&documents, Selection::Notable).unwrap()).unwrap();
        let result = &log["runs"][0]["results"][0];
        assert_eq!(log["version"], "2.1.0");
        assert_eq!(result["ruleId"], "ratio_percent");
        assert_eq!(result["level"], "error");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "docs/my%20report.md");
        assert_eq!(place["region"]["startColumn"], 5);
        assert_eq!(place["region"]["endColumn"], 15);
    }
}
