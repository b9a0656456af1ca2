//! Audits the files named on the command line and prints one JSON object a line.

fn main() {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).unwrap_or_default();
        let audit = phasegate_report::audit::audit_bytes(&bytes);
        let json = serde_json::to_string(&audit).unwrap_or_default();
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), "{json}");
    }
}
