//! Which tests run, in which order.
//!
//! * [`select`] – filters of the command line and the scope language.
//! * [`shard`] – the part of the tests that this process is to run.
//! * [`order`] – phases by their dependencies, then what failed last, then the longest.
//! * [`files`] – the files that criteria count.

pub(crate) mod files;
pub(crate) mod order;
pub(crate) mod select;
pub(crate) mod shard;

use phasegate_record::event::{Disposition, Shard};

use crate::registry::collect::{Collected, Registered};
use order::{History, Order};
use select::Selection;

/// Tests with what is to become of each, and the order of those that run.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Every test, sorted by name, its disposition decided.
    pub(crate) tests: Vec<Registered>,
    /// Places in `tests`, in the order in which they are shown and run: those that run, and those
    /// that are ignored.
    pub(crate) order: Vec<usize>,
    /// How many tests are selected, those of other shards included.
    pub(crate) selected: usize,
}

/// Decides what becomes of each test.
pub(crate) fn plan(
    collected: Collected,
    selection: &Selection,
    shard: Option<Shard>,
    how: Order,
    history: &History,
) -> Plan {
    let mut tests = collected.tests;
    for test in &mut tests {
        test.facts.disposition = selection.decide(test);
    }
    let selected = running(&tests);
    if let Some(shard) = shard {
        shard::assign(&mut tests, shard);
    }
    let order = order::arrange(&tests, &collected.project.phases, how, history);
    Plan {
        tests,
        order,
        selected,
    }
}

fn running(tests: &[Registered]) -> usize {
    let runs = |t: &&Registered| t.facts.disposition == Disposition::Run;
    tests.iter().filter(runs).count()
}

impl Plan {
    /// How many tests are to run.
    pub(crate) fn runs(&self) -> usize {
        running(&self.tests)
    }
}
