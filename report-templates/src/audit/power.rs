//! How much of a document the audit would notice: change one number, look again.

use super::examine::audit;
use super::findings::{Audit, Verdict};
use std::collections::HashSet;
use std::ops::Range;

/// Most numbers that are changed; of a longer document, evenly spaced ones.
const LIMIT: usize = 400;
/// Most bytes that are read again in all, so that a long document cannot hold the tool up.
const BYTES: usize = 64 * 1024 * 1024;

/// Share of single-number errors that the audit of this very document would catch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Power {
    /// Recognised numbers of the document.
    pub recognised: usize,
    /// How many of them were changed, one at a time.
    pub tried: usize,
    /// How many of the changes gave an inconsistency that was not there before.
    pub caught: usize,
}

/// Raises each recognised number by one in its last printed place (`84.1` to `84.2`, `738` to
/// `739`, `99` to `98`), one at a time, and audits the document again.
///
/// At most 400 numbers are tried, evenly spaced over the document.
///
/// ```
/// use phasegate_report::audit::power;
///
/// let power = power("Passed: 18/32 (56.3%)\n");
/// assert_eq!((power.tried, power.caught), (3, 3));
/// ```
#[must_use]
pub fn power(text: &str) -> Power {
    let before = audit(text);
    let known: HashSet<_> = marks(&before, 0..0, 0).collect();
    let affordable = (BYTES / text.len().max(1)).max(1);
    let wanted = before.recognised_at.len().min(LIMIT).min(affordable);
    let mut power = Power {
        recognised: before.recognised,
        tried: 0,
        caught: 0,
    };
    for index in 0..wanted {
        let span = before.recognised_at[index * before.recognised_at.len() / wanted].clone();
        let Some(changed) = changed(&text[span.clone()]) else {
            continue;
        };
        let shift = changed.len() as isize - span.len() as isize;
        let edited = [&text[..span.start], &changed, &text[span.end..]].concat();
        power.tried += 1;
        let after = audit(&edited);
        power.caught += usize::from(marks(&after, span, shift).any(|mark| !known.contains(&mark)));
    }
    power
}

/// The inconsistencies by place and expectation, with offsets behind an edit shifted back.
fn marks(
    audit: &Audit,
    edit: Range<usize>,
    shift: isize,
) -> impl Iterator<Item = (usize, &'static str, String)> {
    let inconsistent = audit
        .findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Inconsistent);
    inconsistent.map(move |finding| {
        let start = finding.span.start;
        let start = if start > edit.start && shift != 0 {
            start.saturating_add_signed(-shift)
        } else {
            start
        };
        (start, finding.kind.name(), finding.expected.clone())
    })
}

/// The digits with the last one raised by one; a number of nothing but nines is lowered.
fn changed(digits: &str) -> Option<String> {
    let mut out: Vec<u8> = digits.bytes().collect();
    let nines = out
        .iter()
        .filter(|byte| byte.is_ascii_digit())
        .all(|byte| *byte == b'9');
    for byte in out.iter_mut().rev().filter(|byte| byte.is_ascii_digit()) {
        match (nines, *byte) {
            (true, digit) => *byte = digit - 1,
            (false, b'9') => {
                *byte = b'0';
                continue;
            }
            (false, digit) => *byte = digit + 1,
        }
        break;
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_place_changes() {
        assert_eq!(changed("738").as_deref(), Some("739"));
        assert_eq!(changed("84.9").as_deref(), Some("85.0"));
        assert_eq!(changed("1,099").as_deref(), Some("1,100"));
        assert_eq!(changed("99").as_deref(), Some("98"));
    }

    #[test]
    fn a_number_that_nothing_is_held_against_is_not_tried() {
        let power = power("There are 17 reasons.\n");
        assert_eq!((power.recognised, power.tried, power.caught), (0, 0, 0));
    }
}
