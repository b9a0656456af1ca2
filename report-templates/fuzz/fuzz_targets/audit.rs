//! Any bytes: no panic, every span inside its line, every number accounted for.
#![no_main]

use libfuzzer_sys::fuzz_target;
use phasegate_report::audit::{audit, audit_bytes};

fuzz_target!(|bytes: &[u8]| {
    let _ = audit_bytes(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let found = audit(text);
    assert_eq!(found.recognised, found.recognised_at.len());
    assert_eq!(found.unrecognised, found.unrecognised_at.len());
    for finding in &found.findings {
        assert_eq!(text.get(finding.span.clone()), Some(finding.quote.as_str()));
        assert!(finding.line >= 1 && finding.column >= 1);
    }
});
