//! One JSON object for one audit.

use super::Audited;
use crate::audit::{Finding, Power, Verdict};
use serde::Serialize;

/// Which findings are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All but the consistent claims.
    Notable,
    /// All of them.
    All,
}

impl Selection {
    /// Whether a finding is listed.
    #[must_use]
    pub fn keeps(self, finding: &Finding) -> bool {
        self == Self::All || finding.verdict != Verdict::Consistent
    }
}

#[derive(Serialize)]
struct Object<'a> {
    recognised: usize,
    skipped: usize,
    unrecognised: usize,
    findings: Vec<Listed<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    power: Option<Power>,
}

#[derive(Serialize)]
struct Listed<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(flatten)]
    finding: &'a Finding,
}

/// One object for one or more audits: `recognised`, `skipped`, `unrecognised` and `findings`, each
/// with `line` and `column` (1-based), `quote`, `kind`, `verdict`, `expected`, `why`,
/// `related_lines` and `decision_error`. With more than one document the counts are added up, and
/// each finding has its `path`.
///
/// # Errors
///
/// None in practice: all of it is plain data.
pub fn json(
    audits: &[Audited<'_>],
    selection: Selection,
    power: Option<Power>,
) -> serde_json::Result<String> {
    let several = audits.len() > 1;
    let mut object = Object {
        recognised: 0,
        skipped: 0,
        unrecognised: 0,
        findings: Vec::new(),
        power,
    };
    for document in audits {
        object.recognised += document.audit.recognised;
        object.skipped += document.audit.skipped;
        object.unrecognised += document.audit.unrecognised;
        let kept = document
            .audit
            .findings
            .iter()
            .filter(|finding| selection.keeps(finding));
        object.findings.extend(kept.map(|finding| Listed {
            path: several.then_some(document.path),
            finding,
        }));
    }
    serde_json::to_string(&object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::audit;

    #[test]
    fn the_object_has_the_promised_members() {
        let audit = audit("18/32 (60%)\n\n12/20 (60%)\n");
        let one = [Audited {
            path: "a.md",
            audit: &audit,
        }];
        let value: serde_json::Value =
            serde_json::from_str(&json(&one, Selection::Notable, None).unwrap()).unwrap();
        let finding = &value["findings"][0];
        assert_eq!(value["findings"].as_array().unwrap().len(), 1);
        assert_eq!(finding["line"], 1);
        assert_eq!(finding["column"], 1);
        assert_eq!(finding["quote"], "18/32 (60%");
        assert_eq!(finding["kind"], "ratio_percent");
        assert_eq!(finding["verdict"], "inconsistent");
        assert_eq!(finding["expected"], "56%");
        assert!(finding["related_lines"].is_array() && finding["decision_error"] == false);
        assert!(finding.get("path").is_none());
        let all: serde_json::Value =
            serde_json::from_str(&json(&one, Selection::All, None).unwrap()).unwrap();
        assert_eq!(all["findings"].as_array().unwrap().len(), 2);
    }
}
