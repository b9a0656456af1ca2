//! Progress bars drawn in text against the percentage beside them.

use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Decimal, Sign, decimal::divide};
use crate::audit::reading::{Judged, Ledger, Reading};

/// Fewer cells than this are an ornament.
const SHORTEST: usize = 8;
/// Percentage points beyond which a bar is wrong and not just drawn by eye.
const FAR: Decimal = Decimal::whole(8);
const FULL: &[char] = &['█', '▓', '■', '▰', '●', '⬛', '🟩', '#', '='];
const EMPTY: &[char] = &['░', '▒', '□', '▱', '○', '⬜', '-', '·', '.', ' '];

pub(super) fn judge(reading: &Reading<'_>, ledger: &mut Ledger) {
    for passage in 0..reading.document.passages.len() {
        let mut percents = reading
            .numbers_in(passage)
            .filter(|(_, id)| reading.number(*id).unit == crate::audit::numbers::Unit::Percent);
        let (Some((_, id)), None) = (percents.next(), percents.next()) else {
            continue;
        };
        let text = &reading.passage(passage).flat.text;
        let number = reading.number(id);
        let plain = number.upper.is_none() && number.sign == Sign::None;
        if let Some((full, cells)) = bar(text).filter(|_| plain) {
            compare(reading, id, full, cells, ledger);
        }
    }
}

/// Filled and all cells of the only bar of a line.
fn bar(text: &str) -> Option<(usize, usize)> {
    let blocks = |c: char| FULL[..7].contains(&c) || EMPTY[..6].contains(&c);
    let run = match text.split_once('[') {
        Some((_, rest)) if rest.contains(']') && !text.contains(blocks) => rest.split_once(']')?.0,
        _ => {
            let start = text.find(blocks)?;
            let rest = &text[start..];
            let end = rest.find(|c| !blocks(c)).unwrap_or(rest.len());
            if rest[end..].contains(blocks) {
                return None;
            }
            &rest[..end]
        }
    };
    let full = run.chars().take_while(|c| FULL.contains(c)).count();
    let mut rest = run.chars().skip(full);
    let arrow = run.chars().nth(full) == Some('>');
    let empty = rest
        .by_ref()
        .skip(usize::from(arrow))
        .all(|c| EMPTY.contains(&c));
    let cells = run.chars().count();
    // Without an empty cell it may be a column of a chart, drawn to a scale of its own.
    let scaled = full < cells;
    let kinds = run.contains(FULL) || run.contains(EMPTY);
    (empty && kinds && scaled && cells >= SHORTEST).then_some((full, cells))
}

/// One cell either way may be rounding.
fn compare(reading: &Reading<'_>, id: usize, full: usize, cells: usize, ledger: &mut Ledger) {
    let printed = reading.number(id).value;
    let (full, cells) = (full as i128, cells as i128);
    let scaled = |cell: i128| divide(Decimal::whole(100 * cell), Decimal::whole(cells), 1);
    let drawn = divide(Decimal::whole(100 * full), Decimal::whole(cells), 1);
    let fits = scaled(full - 1) <= printed && printed <= scaled(full + 1);
    let far = drawn.sub(printed).abs() >= FAR;
    let verdict = match (fits, far && reading.number(id).is_exact()) {
        (true, _) => Verdict::Consistent,
        (false, true) => Verdict::Inconsistent,
        (false, false) => Verdict::Unresolved,
    };
    let expected = divide(Decimal::whole(100 * full), Decimal::whole(cells), 0);
    ledger.push(
        Judged::new(Kind::Progress, verdict, reading.number_span(id))
            .expected(format!("{expected}%"))
            .why(format!(
                "the bar beside it is filled in {full} of {cells} cells, printed {printed}%"
            ))
            .numbers([id]),
    );
}

#[cfg(test)]
mod tests {
    use super::bar;
    use crate::audit::{Verdict, audit};

    #[test]
    fn a_bar_is_read_with_and_without_blocks() {
        assert_eq!(bar("Progress: [████░░░░░░] 40%"), Some((4, 10)));
        assert_eq!(bar("[=====>----] 50%"), Some((5, 10)));
        assert_eq!(bar("see [the docs] 50%"), None);
    }

    #[test]
    fn a_bar_that_is_fuller_than_the_number_says() {
        let found = |percent: u32| {
            let audit = audit(&format!("Done: ██████████░░░░░░░░░░ {percent}%\n"));
            audit.findings.first().map(|finding| finding.verdict)
        };
        assert_eq!(found(30), Some(Verdict::Inconsistent));
        assert_eq!(found(53), Some(Verdict::Consistent));
    }
}
