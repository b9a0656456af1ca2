//! What the head of a document says of the whole, against what its foot says of it.

use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Sign, Unit, is_any, stem};
use crate::audit::reading::{Judged, Ledger, Reading};
use std::collections::BTreeMap;

/// Labels of things that change from one place of a document to the next, or are no quantities.
const LOOSE: &[&str] = &[
    "version",
    "date",
    "id",
    "number",
    "updated",
    "phase",
    "build",
    "port",
    "issue",
    "before",
    "after",
    "target",
    "goal",
    "was",
    "previous",
    "next",
    "estimated",
    "remaining",
    "week",
    "day",
    "started",
    "page",
    "step",
    "planned",
    "baseline",
    "session",
    "sprint",
    "confidence",
    "risk",
    "initial",
    "priority",
    "new",
    "added",
    "current",
    "budget",
    "per",
    "average",
];

pub(super) fn judge(reading: &Reading<'_>, ledger: &mut Ledger) {
    let passages = &reading.document.passages;
    let mut said: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, passage) in passages.iter().enumerate() {
        let level = reading.document.sections[passage.section].level;
        if !(passage.detached || level <= 1) || passage.role != Role::Line {
            continue;
        }
        if let Some((label, id)) = labelled(reading, at) {
            said.entry(label).or_default().push((at, id));
        }
    }
    for said in said.values() {
        // A log that is added to closes each of its parts with a total of its own.
        if let [(head, first), (foot, last)] = said.as_slice()
            && !passages[*head].detached
            && passages[*foot].detached
        {
            hold(reading, *first, *last, ledger);
        }
    }
}

/// `Total Duration: 6 hours`, by what is totalled.
fn labelled(reading: &Reading<'_>, passage: usize) -> Option<(String, usize)> {
    let (at, id) = reading.numbers_in(passage).next()?;
    let colon = at > 1 && reading.symbol_at(passage, at - 1) == Some(':');
    let words: Vec<_> = (0..at - usize::from(colon))
        .map(|i| reading.word(passage, i))
        .collect();
    let named = (2..=4).contains(&words.len()) && words.iter().all(|word| !word.is_empty());
    let total = words.iter().any(|word| is_any(word, &["total", "overall"]));
    let loose = words.iter().any(|word| is_any(word, LOOSE));
    let number = reading.number(id);
    let plain =
        number.is_exact() && number.sign == Sign::None && !matches!(number.unit, Unit::Factor);
    let sliced = matches!(reading.symbol_at(passage, at + 1), Some('/' | '→' | '+'))
        || is_any(reading.word(passage, at + 1), &["of", "to"]);
    let mut label: Vec<_> = words.iter().map(|word| stem(word)).collect();
    for word in &mut label {
        if is_any(word, &["duration", "time"]) {
            *word = "time".to_owned();
        }
    }
    (colon && named && total && !loose && plain && !sliced).then(|| (label.join(" "), id))
}

fn hold(reading: &Reading<'_>, first: usize, last: usize, ledger: &mut Ledger) {
    let (head, foot) = (reading.number(first), reading.number(last));
    if head.unit != foot.unit {
        return;
    }
    let same = head.value == foot.value;
    let verdict = if same {
        Verdict::Consistent
    } else {
        Verdict::Inconsistent
    };
    ledger.push(
        Judged::new(Kind::Contradiction, verdict, reading.number_span(first))
            .expected(format!("{} or {}", head.value, foot.value))
            .why(if same {
                format!("stated twice as {}", head.value)
            } else {
                format!(
                    "stated twice with two values: {} and {}",
                    head.value, foot.value
                )
            })
            .related([reading.number_span(last).start])
            .numbers([first, last]),
    );
}

#[cfg(test)]
mod tests {
    use crate::audit::audit;

    #[test]
    fn head_and_foot_of_a_document_agree() {
        let wrong = |hours: u32| {
            let text = format!(
                "# Done\n\n**Total Duration:** 6 hours\n\n## Work\n\nmuch\n\n---\n\n**Total Time:** {hours} hours\n"
            );
            audit(&text)
                .inconsistent()
                .map(|finding| finding.line)
                .collect::<Vec<_>>()
        };
        assert_eq!(wrong(5), [3]);
        assert!(wrong(6).is_empty());
    }
}
