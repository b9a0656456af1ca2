//! The last item of a list, `Total: 30 tests`, against the items above it.

use crate::audit::claims::Claims;
use crate::audit::document::List;
use crate::audit::numbers::{TokenKind, is_any, noun};
use crate::audit::reading::{Ledger, Reading};

pub(super) fn judge(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    for list in &reading.document.lists {
        items(reading, claims, list, ledger);
    }
}

fn items(reading: &Reading<'_>, claims: &Claims, list: &List, ledger: &mut Ledger) {
    let heads = list
        .items
        .iter()
        .filter_map(|item| reading.document.items[*item].head);
    let heads: Vec<_> = heads.collect();
    let Some((last, above)) = heads.split_last().filter(|(_, above)| above.len() > 1) else {
        return;
    };
    let first = reading.words(*last).next();
    let total = first.is_some_and(|word| is_any(word, &["total", "totals", "sum"]));
    let Some((claim, unit)) = tests(reading, claims, *last).filter(|_| total) else {
        return;
    };
    let parts = above.iter().map(|head| {
        let named = reading
            .words(*head)
            .next()
            .is_some_and(|word| !is_any(word, &["total"]));
        let (id, own) = tests(reading, claims, *head)?;
        (named && own == unit).then_some(id)
    });
    if let Some(parts) = parts.collect::<Option<Vec<_>>>() {
        super::columns::report(reading, parts, claim, false, ledger);
    }
}

/// `Label: 12 tests`, where the label names no outcome of its own.
fn tests(reading: &Reading<'_>, claims: &Claims, passage: usize) -> Option<(usize, &'static str)> {
    let mut numbers = reading.numbers_in(passage);
    let (at, id) = numbers.next()?;
    let number = reading.number(id);
    let label = at > 1 && reading.symbol_at(passage, at - 1) == Some(':');
    let alone = numbers.next().is_none() && claims.ratios_in(passage).is_empty();
    let unit = (at + 1..at + 3).find_map(|next| noun(reading.word(passage, next)))?;
    let bare = !reading
        .tokens(passage)
        .iter()
        .any(|token| token.kind == TokenKind::Symbol('→'));
    (label && alone && bare && number.is_plain_count() && number.is_exact()).then_some((id, unit))
}

#[cfg(test)]
mod tests_of_lists {
    use crate::audit::audit;

    #[test]
    fn a_total_that_closes_its_list() {
        let wrong = |total: u32| {
            let text =
                format!("- Parser: 10 tests\n- Printer: 15 tests\n- **Total: {total} tests**\n");
            audit(&text)
                .inconsistent()
                .map(|finding| (finding.line, finding.expected.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(wrong(30), [(3, "25".to_owned())]);
        assert!(wrong(25).is_empty());
    }
}
