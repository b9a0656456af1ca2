//! What the audit says of a text, for the tests of its judges.

use crate::audit::audit;

/// Line and expected value of each inconsistency.
pub(super) fn wrong(text: &str) -> Vec<(usize, String)> {
    let audit = audit(text);
    audit
        .inconsistent()
        .map(|finding| (finding.line, finding.expected.clone()))
        .collect()
}
