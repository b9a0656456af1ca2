//! Things that one thread leaves for another, with patience.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

/// A queue that can be looked at, and that can end.
pub(super) struct Inbox<T> {
    state: Mutex<State<T>>,
    changed: Notify,
}

struct State<T> {
    waiting: VecDeque<T>,
    end: Option<String>,
}

/// Why nothing came out of an inbox.
pub(super) enum Nothing {
    /// Nothing came in time.
    Late,
    /// Nothing will come any more, because of this.
    Ended(String),
}

impl<T> Inbox<T> {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                end: None,
            }),
            changed: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn put(&self, item: T) {
        self.state().waiting.push_back(item);
        self.changed.notify_waiters();
    }

    /// Nothing more will come; the first reason stays.
    pub(super) fn end(&self, why: String) {
        self.state().end.get_or_insert(why);
        self.changed.notify_waiters();
    }

    pub(super) fn why_ended(&self) -> Option<String> {
        self.state().end.clone()
    }

    pub(super) fn clear(&self) {
        self.state().waiting.clear();
    }

    /// What waits, without taking it.
    pub(super) fn look<R>(&self, each: impl FnMut(&T) -> R) -> Vec<R> {
        self.state().waiting.iter().map(each).collect()
    }

    fn take_now(&self) -> Option<Result<T, Nothing>> {
        let mut state = self.state();
        let ended = state.end.clone();
        let item = state.waiting.pop_front().map(Ok);
        item.or_else(|| ended.map(|why| Err(Nothing::Ended(why))))
    }

    /// The next, waited for as long as `patience` says.
    pub(super) async fn take(&self, patience: Duration) -> Result<T, Nothing> {
        let next = async {
            loop {
                let changed = self.changed.notified();
                tokio::pin!(changed);
                // From here on nothing that comes is missed.
                changed.as_mut().enable();
                match self.take_now() {
                    Some(taken) => return taken,
                    None => changed.await,
                }
            }
        };
        tokio::time::timeout(patience, next)
            .await
            .unwrap_or(Err(Nothing::Late))
    }
}
