//! GitHub workflow commands, which become annotations of a pull request.

use super::Audited;
use crate::audit::{Finding, Verdict};
use std::fmt::Write as _;

/// One `::error` or `::warning` line for each inconsistent or truncated claim.
#[must_use]
pub fn github(audits: &[Audited<'_>]) -> String {
    let mut out = String::new();
    for document in audits {
        for finding in &document.audit.findings {
            let level = match finding.verdict {
                Verdict::Inconsistent => "error",
                Verdict::Truncated => "warning",
                _ => continue,
            };
            // Writing to a string cannot fail.
            let _ = writeln!(
                out,
                "::{level} {}::{}",
                properties(document.path, finding),
                data(&message(finding))
            );
        }
    }
    out
}

fn properties(path: &str, finding: &Finding) -> String {
    let end = finding.column + finding.quote.chars().count().saturating_sub(1);
    format!(
        "file={},line={},col={},endColumn={end},title={}",
        property(path),
        finding.line,
        finding.column,
        property(&format!(
            "{} claim is {}",
            finding.kind.name().replace('_', " "),
            finding.verdict
        ))
    )
}

fn message(finding: &Finding) -> String {
    format!(
        "\"{}\": {}. Expected: {}",
        finding.quote, finding.why, finding.expected
    )
}

/// Escapes the text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::audit;

    #[test]
    fn percent_signs_are_escaped() {
        let audit = audit("18/32 (60%)\n");
        let line = github(&[Audited {
            path: "a,b.md",
            audit: &audit,
        }]);
        assert!(line.starts_with("::error file=a%2Cb.md,line=1,col=1,endColumn=10,title=ratio percent claim is inconsistent::"));
        assert!(line.contains("Expected: 56%25"));
    }
}
