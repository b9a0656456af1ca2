//! The judges: each reads the claims of one sort and writes to the ledger.

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
mod listing;
mod outcomes;
mod ratio_lists;
mod remaining;
mod restated;
mod rows;
mod section_sums;
mod shares;
mod table;
mod tags;
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
    for table in table::tables(reading) {
        rows::judge(reading, &table, ledger);
        columns::judge(reading, &table, ledger);
        trend::judge(reading, &table, ledger);
        criteria::judge(reading, &table, ledger);
    }
    counted::judge(reading, claims, ledger);
    section_sums::judge(reading, claims, ledger);
    remaining::judge(reading, claims, ledger);
    restated::judge(reading, claims, ledger);
    headline::judge(reading, claims, ledger);
}
