//! Who is there, and whether it is time to end.

use std::collections::HashSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::role::Life;
use crate::services::process_end;

/// How long a supervisor waits for the harness that started it.
const FIRST: Duration = Duration::from_secs(30);

/// The harnesses that are there.
pub(super) struct Presence {
    life: Life,
    sessions: Mutex<State>,
    changed: watch::Sender<u64>,
}

struct State {
    next: u64,
    here: HashSet<u64>,
    ever: bool,
    since: Instant,
}

impl Presence {
    pub(super) fn new(life: Life) -> Self {
        Self {
            life,
            sessions: Mutex::new(State {
                next: 1,
                here: HashSet::new(),
                ever: false,
                since: Instant::now(),
            }),
            changed: watch::Sender::new(0),
        }
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self
            .sessions
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let result = change(&mut state);
        state.since = Instant::now();
        drop(state);
        self.changed.send_modify(|n| *n += 1);
        result
    }

    /// A harness has come.
    pub(super) fn enter(&self) -> u64 {
        self.with(|state| {
            let session = state.next;
            state.next += 1;
            state.here.insert(session);
            state.ever = true;
            session
        })
    }

    /// Whether that harness is there.
    pub(super) fn is_here(&self, session: u64) -> bool {
        self.sessions
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .here
            .contains(&session)
    }

    /// A harness has gone.
    pub(super) fn leave(&self, session: u64) {
        self.with(|state| state.here.remove(&session));
    }

    /// Waits until nobody will need the services any more.
    pub(super) async fn over(&self) {
        match self.life {
            Life::Harness => self.empty_for(FIRST, Duration::ZERO).await,
            Life::Runner { pid, idle_ms } => {
                let idle = Duration::from_millis(idle_ms);
                tokio::select! {
                    () = self.empty_for(FIRST, idle) => {}
                    () = async {
                        process_end(pid).await;
                        // Whoever is still at it may finish.
                        self.empty_for(Duration::ZERO, Duration::ZERO).await;
                    } => {}
                }
            }
        }
    }

    /// Waits until nobody has been there for `patience` (for `first` while nobody has ever been).
    async fn empty_for(&self, first: Duration, patience: Duration) {
        let mut changed = self.changed.subscribe();
        loop {
            changed.borrow_and_update();
            let (empty, since, ever) = {
                let state = self
                    .sessions
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner);
                (state.here.is_empty(), state.since, state.ever)
            };
            let wait = if ever { patience } else { first };
            let left = wait.saturating_sub(since.elapsed());
            if empty && left.is_zero() {
                return;
            }
            if empty {
                // Either ends the wait; the loop looks again.
                let _ = tokio::time::timeout(left, changed.changed()).await;
            } else if changed.changed().await.is_err() {
                return;
            }
        }
    }
}
