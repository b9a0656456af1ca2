//! The order of tests: phases by their dependencies, then what failed last, then the longest.

use std::collections::HashMap;

use phasegate_record::event::{Disposition, Outcome};
use phasegate_record::project::Phase;
use serde::{Deserialize, Serialize};

use crate::registry::collect::Registered;

/// How tests of one phase are arranged.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Order {
    /// What failed last, then the longest, then by name.
    Priority,
    /// By chance, the same chance for the same seed.
    Shuffled(u64),
}

/// What is remembered of the last run of this binary.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct History {
    tests: HashMap<String, Remembered>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Remembered {
    outcome: Outcome,
    wall_us: u64,
}

impl History {
    /// Wall time of the last run.
    pub(crate) fn wall_us(&self, name: &str) -> Option<u64> {
        self.tests.get(name).map(|t| t.wall_us)
    }

    fn was_bad(&self, name: &str) -> bool {
        self.tests.get(name).is_some_and(|t| t.outcome.is_bad())
    }

    /// Remembers how a test ended. A test that was blocked says nothing new about itself.
    pub(crate) fn remember(&mut self, name: &str, outcome: Outcome, wall_us: u64) {
        if outcome != Outcome::Blocked {
            self.tests
                .insert(name.to_owned(), Remembered { outcome, wall_us });
        }
    }

    /// Forgets tests that no longer exist.
    pub(crate) fn retain(&mut self, exists: impl Fn(&str) -> bool) {
        self.tests.retain(|name, _| exists(name));
    }
}

/// Places in `tests` of those that run or are shown as ignored, arranged.
pub(crate) fn arrange(
    tests: &[Registered],
    phases: &[Phase],
    how: Order,
    history: &History,
) -> Vec<usize> {
    let rank: HashMap<&str, usize> = phases
        .iter()
        .enumerate()
        .map(|(i, p)| (p.id.as_str(), i))
        .collect();
    // Tests without a phase come first: they belong to no gate that could hold them up.
    let phase_of = |t: &Registered| {
        t.facts
            .phase
            .as_deref()
            .and_then(|p| rank.get(p))
            .map_or(0, |r| r + 1)
    };
    let mut places: Vec<usize> = (0..tests.len())
        .filter(|i| {
            matches!(
                tests[*i].facts.disposition,
                Disposition::Run | Disposition::Ignored { .. }
            )
        })
        .collect();
    match how {
        Order::Priority => places.sort_by_cached_key(|i| {
            let name = &tests[*i].facts.name;
            let longest_first = std::cmp::Reverse(history.wall_us(name).map(magnitude));
            (
                phase_of(&tests[*i]),
                !history.was_bad(name),
                longest_first,
                *i,
            )
        }),
        Order::Shuffled(seed) => places.sort_by_cached_key(|i| {
            let chance = crate::terms::mix(seed, tests[*i].facts.name.as_bytes());
            (
                phase_of(&tests[*i]),
                true,
                std::cmp::Reverse(None::<u32>),
                usize::try_from(chance >> 1).unwrap_or(*i),
            )
        }),
    }
    places
}

/// Durations within a factor of two count as equal, so that noise does not reshuffle a suite.
fn magnitude(wall_us: u64) -> u32 {
    wall_us.max(1_000).ilog2()
}
