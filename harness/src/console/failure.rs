//! The text of a test that did not pass.

use phasegate_record::event::{Outcome, PlannedTest};

use super::safe;
use crate::execution::observe::Final;

/// Longest part of one stream that is shown; the record keeps all of it.
const SHOWN: usize = 64 << 10;

/// What happened, where, and what the test had printed.
pub(crate) fn describe(test: &PlannedTest, last: &Final) -> String {
    let mut text = String::new();
    let declared = format!("{}:{}", test.file, test.line);
    if let Some(blocked) = &last.blocked {
        return format!(
            "blocked by {}: {}\ntest declared at {declared}",
            blocked.root.replacen(':', " ", 1),
            safe::text(blocked.reason.as_bytes())
        );
    }
    let (place, message) = match &last.failure {
        Some(failure) => (failure.location.as_deref(), failure.message.as_str()),
        None => (None, "no reason was given"),
    };
    if last.outcome != Outcome::Failed {
        text += &format!("{}: ", last.outcome.as_str());
    }
    text += &safe::text(message.as_bytes());
    text += &format!("\nat {}", place.unwrap_or(&declared));
    let mut labels = Vec::new();
    labels.extend(test.phase.as_ref().map(|p| format!("phase {p}")));
    if !test.boundaries.is_empty() {
        labels.push(format!("crosses {}", test.boundaries.join(", ")));
    }
    if last.attempts > 1 {
        // Beyond them when somebody else, such as nextest, has it run again.
        let allowed = (test.retries + 1).max(last.attempts);
        labels.push(format!("attempt {} of {allowed}", last.attempts));
    }
    if !labels.is_empty() {
        text += &format!(" ({})", labels.join("; "));
    }
    stream(&mut text, "stdout", &last.stdout);
    stream(&mut text, "stderr", &last.stderr);
    text
}

/// What a test printed, under a heading; nothing when it printed nothing.
pub(crate) fn stream(text: &mut String, name: &str, bytes: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    *text += &format!("\n--- {name} ---\n");
    let cut = bytes.len().saturating_sub(SHOWN);
    if cut > 0 {
        *text += &format!("… {cut} bytes are left out here; the record has them\n");
    }
    *text += safe::text(&bytes[cut..]).trim_end_matches('\n');
}
