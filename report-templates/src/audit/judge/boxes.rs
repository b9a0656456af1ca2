//! A ratio in a heading, or a line about tasks, against the tick boxes of its section.

use crate::audit::claims::{Claims, Ratio};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::is_any;
use crate::audit::reading::{Judged, Ledger, Reading};

pub(super) fn judge(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    let boxes = Boxes::read(reading);
    if boxes.all.is_empty() {
        return;
    }
    for ratio in &claims.ratios {
        let passage = reading.passage(ratio.passage);
        let about_tasks = reading
            .words(ratio.passage)
            .any(|word| is_any(word, &["tasks", "items", "checklist", "boxes", "todos"]));
        let range = match passage.role {
            Role::Heading => {
                let section = &reading.document.sections[passage.section];
                section.first..section.end
            }
            Role::Line | Role::ItemHead if about_tasks => 0..reading.document.passages.len(),
            _ => continue,
        };
        if !among_others(reading, claims, ratio) {
            compare(reading, ratio, &boxes, range, ledger);
        }
    }
}

/// Whether other items of the list have ratios too: each is then about a thing of its own.
fn among_others(reading: &Reading<'_>, claims: &Claims, ratio: &Ratio) -> bool {
    let document = &reading.document;
    let Some(item) = document.passages[ratio.passage].item else {
        return false;
    };
    let siblings = document.lists[document.items[item].list]
        .items
        .iter()
        .take(64);
    let heads = siblings.filter_map(|item| document.items[*item].head);
    let whole = |ratio: &Ratio| reading.number(ratio.whole).value;
    heads
        .flat_map(|head| claims.ratios_in(head))
        .any(|other| whole(other) != whole(ratio))
}

/// Tick boxes that are not below another tick box, by passage, with a running count of ticks.
struct Boxes {
    all: Vec<usize>,
    ticked: Vec<usize>,
}

impl Boxes {
    fn read(reading: &Reading<'_>) -> Self {
        let document = &reading.document;
        let mut boxes = Self {
            all: Vec::new(),
            ticked: vec![0],
        };
        for item in &document.items {
            let above = document.lists[item.list]
                .parent
                .and_then(|parent| document.items[parent].task);
            if let (Some(ticked), Some(head), None) = (item.task, item.head, above) {
                boxes.all.push(head);
                boxes
                    .ticked
                    .push(boxes.ticked[boxes.ticked.len() - 1] + usize::from(ticked));
            }
        }
        boxes
    }

    /// Boxes and ticks in a range of passages.
    fn within(&self, range: &std::ops::Range<usize>) -> (usize, usize) {
        let first = self.all.partition_point(|head| *head < range.start);
        let end = self.all.partition_point(|head| *head < range.end);
        (end - first, self.ticked[end] - self.ticked[first])
    }
}

fn compare(
    reading: &Reading<'_>,
    ratio: &Ratio,
    boxes: &Boxes,
    range: std::ops::Range<usize>,
    ledger: &mut Ledger,
) {
    let count = |id: usize| {
        reading
            .number(id)
            .value
            .integer()
            .and_then(|value| usize::try_from(value).ok())
    };
    let (Some(k), Some(n)) = (count(ratio.part), count(ratio.whole)) else {
        return;
    };
    let (all, ticked) = boxes.within(&range);
    if all < 2 {
        return;
    }
    // Words of the ratio's own clause: `13/15 (87%) - remaining items follow` has 13 done.
    let rest = &["pending", "remaining", "left", "todo", "open", "incomplete"];
    let word = |at: usize| reading.word(ratio.passage, at);
    let after = (ratio.last + 1..ratio.last + 5)
        .map(word)
        .take_while(|word| !word.is_empty());
    let open = (0..ratio.first)
        .map(word)
        .chain(after)
        .any(|word| is_any(word, rest));
    let wanted = if open { all - ticked } else { ticked };
    let verdict = if n == all {
        if k == wanted {
            Verdict::Consistent
        } else {
            Verdict::Inconsistent
        }
    } else if k == all && (wanted == all) {
        Verdict::Consistent
    } else {
        return;
    };
    let span = reading.span(ratio.passage, ratio.first, ratio.last);
    ledger.push(
        Judged::new(Kind::ChecklistCount, verdict, span)
            .expected(format!("{wanted}/{all}"))
            .why(format!(
                "{ticked} of {all} boxes are ticked, printed {k}/{n}"
            ))
            .numbers([ratio.part, ratio.whole]),
    );
}
