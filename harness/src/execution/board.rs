//! Phases: which may run, which is done, and what stands in the way.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use phasegate_record::event::Blocked;
use phasegate_record::project::Phase;

use crate::config::after_all;

/// Where every phase of the run stands.
pub(crate) struct Board {
    progressive: bool,
    phases: Vec<Entry>,
    places: HashMap<String, usize>,
    changed: Condvar,
    state: Mutex<Vec<State>>,
}

struct Entry {
    phase: Phase,
    /// Places of all phases before it.
    before: Vec<usize>,
    total: u64,
}

#[derive(Debug, Clone, Default)]
struct State {
    entered: bool,
    /// Its before-hooks have had their turn.
    began: bool,
    /// Its before-hooks have ended, or a phase before it has blocked it.
    open: bool,
    ended: u64,
    passed: u64,
    obstacle: Option<Blocked>,
}

/// What a worker that wants to run a test of a phase has to do.
pub(crate) enum Entrance {
    /// The first of the phase: run its hooks, then call [`Board::open`].
    First,
    /// Go on.
    Open,
    /// The phase cannot run; says whether this is the first of its tests to hear it.
    Closed(Blocked, bool),
}

/// What a phase came to when its last test had ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Result {
    pub(crate) passed: u64,
    pub(crate) total: u64,
    pub(crate) reached: bool,
    /// Whether its hooks had their turn before it; if not, nothing is there to be undone.
    pub(crate) began: bool,
}

impl Board {
    /// `totals` says how many tests of each phase are to run.
    pub(crate) fn new(phases: &[Phase], progressive: bool, totals: &HashMap<String, u64>) -> Self {
        let places: HashMap<String, usize> = phases
            .iter()
            .enumerate()
            .map(|(i, p)| (p.id.clone(), i))
            .collect();
        let entries = phases
            .iter()
            .map(|phase| Entry {
                phase: phase.clone(),
                before: after_all(phases, &phase.id)
                    .into_iter()
                    .map(|id| places[id])
                    .collect(),
                total: totals.get(&phase.id).copied().unwrap_or(0),
            })
            .collect::<Vec<_>>();
        Self {
            progressive,
            state: Mutex::new(vec![State::default(); entries.len()]),
            phases: entries,
            places,
            changed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<State>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the phase may run or is known not to. Tests are dequeued phase by phase, so
    /// every test that is waited for has been taken by some worker: nobody waits in a circle.
    pub(crate) fn enter(&self, id: &str) -> Entrance {
        let place = self.places[id];
        let entry = &self.phases[place];
        let mut state = self.lock();
        if self.progressive {
            let running = |s: &Vec<State>| {
                entry
                    .before
                    .iter()
                    .any(|b| s[*b].ended < self.phases[*b].total && s[*b].obstacle.is_none())
            };
            while running(&state) {
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            if state[place].obstacle.is_none() {
                state[place].obstacle = self.obstacle(place, &state);
            }
        }
        if !state[place].entered {
            state[place].entered = true;
            if let Some(obstacle) = state[place].obstacle.clone() {
                state[place].open = true;
                self.changed.notify_all();
                return Entrance::Closed(obstacle, true);
            }
            state[place].began = true;
            return Entrance::First;
        }
        while !state[place].open {
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        match state[place].obstacle.clone() {
            Some(obstacle) => Entrance::Closed(obstacle, false),
            None => Entrance::Open,
        }
    }

    /// The phase's hooks have ended; `obstacle` is the one that failed.
    pub(crate) fn open(&self, id: &str, obstacle: Option<Blocked>) {
        let mut state = self.lock();
        let state = &mut state[self.places[id]];
        state.open = true;
        state.obstacle = obstacle;
        self.changed.notify_all();
    }

    /// A test of the phase has ended for good. The last one learns what the phase came to.
    pub(crate) fn ended(&self, id: &str, passed: bool) -> Option<Result> {
        let place = self.places[id];
        let mut state = self.lock();
        state[place].ended += 1;
        state[place].passed += u64::from(passed);
        self.changed.notify_all();
        let total = self.phases[place].total;
        (state[place].ended == total).then(|| self.result(place, &state[place]))
    }

    /// Whether the phase counts what passed on a stand-in.
    pub(crate) fn allows_stand_ins(&self, id: &str) -> bool {
        self.phases[self.places[id]].phase.allow_fallback
    }

    fn result(&self, place: usize, state: &State) -> Result {
        let Entry { phase, total, .. } = &self.phases[place];
        let reached = match phase.target_pass_rate {
            Some(target) => target.is_reached_by(state.passed, *total),
            None => state.passed == *total,
        };
        Result {
            passed: state.passed,
            total: *total,
            reached,
            began: state.began,
        }
    }

    /// The first phase before `place` that is below its target, or that was itself blocked.
    fn obstacle(&self, place: usize, state: &[State]) -> Option<Blocked> {
        let mut before = self.phases[place].before.clone();
        before.sort_unstable();
        before
            .into_iter()
            .filter(|b| self.phases[*b].total > 0)
            .find_map(|b| {
                let id = &self.phases[b].phase.id;
                if let Some(root) = &state[b].obstacle {
                    return Some(Blocked {
                        root: root.root.clone(),
                        reason: format!("phase {id} blocked: {}", root.reason),
                    });
                }
                let result = self.result(b, &state[b]);
                (!result.reached).then(|| Blocked {
                    root: format!("phase:{id}"),
                    reason: format!(
                        "phase {id} is below its gate: {} of {} tests passed, {} were needed",
                        result.passed,
                        result.total,
                        self.phases[b]
                            .phase
                            .target_pass_rate
                            .map_or(result.total, |t| t.needed_of(result.total)),
                    ),
                })
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phase(id: &str, after: &[&str], target: Option<&str>) -> Phase {
        Phase {
            id: id.into(),
            after: after.iter().map(|a| (*a).to_owned()).collect(),
            target_pass_rate: target.map(|t| t.parse().unwrap()),
            ..Phase::default()
        }
    }

    fn board(progressive: bool, target: Option<&str>) -> Board {
        let phases = [
            phase("A", &[], target),
            phase("B", &["A"], None),
            phase("C", &["B"], None),
        ];
        let totals = [("A", 2), ("B", 1), ("C", 1)].map(|(id, n)| (id.to_owned(), n));
        Board::new(&phases, progressive, &totals.into_iter().collect())
    }

    #[test]
    fn a_phase_below_its_gate_blocks_all_that_follow_and_is_named_as_the_root() {
        let board = board(true, None);
        assert!(matches!(board.enter("A"), Entrance::First));
        board.open("A", None);
        assert_eq!(board.ended("A", true), None);
        assert_eq!(
            board.ended("A", false),
            Some(Result {
                passed: 1,
                total: 2,
                reached: false,
                began: true
            })
        );
        let Entrance::Closed(b, true) = board.enter("B") else {
            panic!("B must be blocked")
        };
        assert_eq!(b.root, "phase:A");
        assert!(board.ended("B", false).is_some_and(|b| !b.began));
        let Entrance::Closed(c, true) = board.enter("C") else {
            panic!("C must be blocked")
        };
        assert_eq!(c.root, "phase:A");
        assert!(c.reason.contains("1 of 2"), "{}", c.reason);
    }

    #[test]
    fn a_target_below_all_is_enough_and_without_the_gate_nothing_waits() {
        let lenient = board(true, Some("50%"));
        lenient.enter("A");
        lenient.open("A", None);
        lenient.ended("A", true);
        lenient.ended("A", false);
        assert!(matches!(lenient.enter("B"), Entrance::First));
        assert!(matches!(board(false, None).enter("C"), Entrance::First));
    }
}
