//! The judges: each reads the claims of one sort and writes to the ledger.

mod all_of;
mod applied;
mod arithmetic;
mod boxes;
mod change;
mod columns;
mod counted;
mod criteria;
mod differ;
mod headline;
mod hours;
mod led;
mod listing;
mod outcomes;
mod outdated;
mod output_totals;
mod parts;
mod ratio_lists;
mod remaining;
mod restated;
mod rows;
mod section_sums;
mod shares;
mod stale;
mod subjects;
mod table;
mod tabled;
mod tags;
mod ticks;
mod totals;
mod trend;

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
    }
    stale::judge(reading, &tables, ledger);
    ticks::judge(reading, ledger);
    counted::judge(reading, claims, ledger);
    section_sums::judge(reading, claims, ledger);
    remaining::judge(reading, claims, ledger);
    restated::judge(reading, claims, ledger);
    headline::judge(reading, claims, &tables, ledger);
    shares::settle_ceilings(ledger);
}
