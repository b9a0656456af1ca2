//! The judges: each reads the claims of one sort and writes to the ledger.

mod all_of;
mod applied;
mod arithmetic;
mod bands;
mod bars;
mod below;
mod boxes;
mod breakdown;
mod carried;
mod change;
mod closing;
mod columns;
mod counted;
mod covered;
mod criteria;
mod differ;
mod direction;
mod failures;
mod headline;
mod hours;
mod led;
mod levels;
mod listing;
mod neighbours;
mod nested;
mod outcomes;
mod outdated;
mod output_totals;
mod overall;
mod parts;
mod pledges;
mod rates;
mod ratio_lists;
mod remaining;
mod restated;
mod rows;
mod savings;
mod section_sums;
mod shares;
mod stale;
mod subjects;
mod suites;
mod table;
mod tabled;
mod tags;
mod tallied;
mod ticks;
mod times;
#[cfg(test)]
mod told;
mod totals;
mod trees;
mod trend;
mod twice;
mod wholes;

use super::claims::Claims;
use super::reading::{Ledger, Reading};

/// Lets every judge speak.
pub(super) fn judge(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    shares::judge(reading, claims, ledger);
    outcomes::judge(reading, claims, ledger);
    arithmetic::judge(reading, ledger);
    change::judge(reading, ledger);
    parts::judge(reading, ledger);
    output_totals::judge(reading, ledger);
    let tables = table::tables(reading);
    for table in &tables {
        rows::judge(reading, table, ledger);
        columns::judge(reading, table, ledger);
        trend::judge(reading, table, ledger);
        criteria::judge(reading, table, ledger);
        tabled::judge(reading, table, ledger);
        suites::judge(reading, claims, table, ledger);
        times::judge(reading, table, ledger);
    }
    stale::judge(reading, &tables, ledger);
    ticks::judge(reading, ledger);
    counted::judge(reading, claims, ledger);
    section_sums::judge(reading, claims, ledger);
    remaining::judge(reading, claims, ledger);
    restated::judge(reading, claims, ledger);
    headline::judge(reading, claims, &tables, ledger);
    failures::judge(reading, claims, ledger);
    levels::judge(reading, claims, &tables, ledger);
    nested::judge(reading, ledger);
    bands::judge(reading, ledger);
    bars::judge(reading, ledger);
    overall::judge(reading, &tables, ledger);
    pledges::judge(reading, ledger);
    rates::judge(reading, claims, &tables, ledger);
    savings::judge(reading, ledger);
    breakdown::judge(reading, claims, &tables, ledger);
    tallied::judge(reading, &tables, ledger);
    twice::judge(reading, ledger);
    trees::judge(reading, ledger);
    closing::judge(reading, claims, ledger);
    for table in &tables {
        covered::judge(reading, table, ledger);
    }
    wholes::judge(reading, claims, &tables, ledger);
    shares::settle_ceilings(ledger);
}
