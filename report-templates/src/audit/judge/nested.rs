//! `43 helper methods` in an item against `30 methods in one part` in the items under it.

use super::carried::{leading, sum};
use super::listing::PARTIAL;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Decimal, is_any, stem};
use crate::audit::reading::{Judged, Ledger, Reading};

pub(super) fn judge(reading: &Reading<'_>, ledger: &mut Ledger) {
    for list in &reading.document.lists {
        let head = list
            .parent
            .and_then(|item| reading.document.items[item].head);
        let Some((claim, words)) = head.and_then(|head| leading(reading, head)) else {
            continue;
        };
        let selected = reading
            .words(claim.passage)
            .any(|word| is_any(word, PARTIAL));
        let named: Vec<_> = words.iter().map(|word| stem(word)).collect();
        let children = list.items.iter().map(|item| {
            let (child, words) = leading(reading, reading.document.items[*item].head?)?;
            named.contains(&stem(words.first()?)).then_some(child)
        });
        let Some(children) = children.collect::<Option<Vec<_>>>() else {
            continue;
        };
        if children.len() < 2 || selected {
            continue;
        }
        let total = sum(reading, children.iter().map(|child| child.part));
        let printed = reading.number(claim.part).value;
        let verdict = if total == printed || printed == Decimal::whole(children.len() as i128) {
            Verdict::Consistent
        } else if total > printed {
            Verdict::Inconsistent
        } else {
            // Some of them may not be listed.
            Verdict::Unresolved
        };
        let ids = children.iter().map(|child| child.part);
        let addends = ids.clone().map(|id| reading.number(id).value.to_string());
        let addends = addends.collect::<Vec<_>>().join(" + ");
        ledger.push(
            Judged::new(Kind::Sum, verdict, reading.number_span(claim.part))
                .expected(total.to_string())
                .why(format!(
                    "{addends} = {total} in the items under it, printed {printed}"
                ))
                .related(ids.clone().map(|id| reading.number_span(id).start))
                .numbers(ids.chain([claim.part])),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::audit;

    #[test]
    fn an_item_and_the_counts_of_its_own_items() {
        let wrong = |count: u32| {
            let text = format!(
                "- {count} small parsers written\n  - 7 parsers for text\n  - 5 parsers for numbers\n"
            );
            audit(&text)
                .inconsistent()
                .map(|finding| (finding.line, finding.expected.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(wrong(10), [(1, "12".to_owned())]);
        assert!(wrong(12).is_empty());
    }
}
