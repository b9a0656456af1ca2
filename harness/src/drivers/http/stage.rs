//! Which mock answers which call, and what was called.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use wiremock::{Request, ResponseTemplate};

use super::call::{Answered, Call};
use super::mock::Mock;
use super::verdict;

/// The mounted mocks and the recorded calls of one API. The server's thread asks it, the test
/// fills it.
pub(super) struct Stage {
    state: Mutex<State>,
    /// Somebody called.
    pub(super) called: Notify,
}

#[derive(Default)]
struct State {
    mounted: Vec<Mounted>,
    /// What was mounted later lies above what was mounted before a scenario was played.
    layer: u32,
    calls: Vec<Call>,
    /// Who answers the call that is being served.
    current: Option<Arc<Mock>>,
    latency: Duration,
}

/// A mock in its place.
#[derive(Clone)]
pub(super) struct Mounted {
    pub(super) mock: Arc<Mock>,
    pub(super) answered: u64,
    layer: u32,
}

impl Mounted {
    pub(super) fn is_spent(&self) -> bool {
        self.mock.limit.is_some_and(|limit| self.answered >= limit)
    }
}

impl Stage {
    pub(super) fn new(latency: Duration) -> Self {
        Self {
            state: Mutex::new(State {
                latency,
                ..State::default()
            }),
            called: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a layer above all others.
    pub(super) fn raise(&self) {
        self.state().layer += 1;
    }

    /// Mounts a mock in the uppermost layer, behind those that are there.
    pub(super) fn mount(&self, mock: Mock) {
        let mut state = self.state();
        let layer = state.layer;
        state.mounted.push(Mounted {
            mock: Arc::new(mock),
            answered: 0,
            layer,
        });
        // Sorting keeps the order of equals.
        state
            .mounted
            .sort_by_key(|m| (m.mock.priority, std::cmp::Reverse(m.layer)));
    }

    pub(super) fn set_latency(&self, latency: Duration) {
        self.state().latency = latency;
    }

    /// Forgets mocks and calls.
    pub(super) fn clear(&self, latency: Duration) {
        *self.state() = State {
            latency,
            ..State::default()
        };
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// What a test that ends now has left undone, in sentences.
    pub(super) fn problems(&self, allow_unmatched: bool) -> Vec<String> {
        let state = self.state();
        let mut problems = verdict::unmet(&state.mounted, &state.calls);
        if !allow_unmatched {
            problems.extend(verdict::unmatched(&state.calls));
        }
        problems
    }
}

/// The server's side. It serves one call after the other: what these three do for a call is not
/// mixed with another's.
impl Stage {
    /// A call has come. Until one of ours answers it, a mock of wiremock's own kind has.
    pub(super) fn arrive(&self, request: &Request) {
        self.state().calls.push(Call {
            request: request.clone(),
            answered: Answered::Wiremock,
        });
        self.called.notify_waiters();
    }

    /// Looks for the mock that answers; `true` when it does so by hanging up.
    pub(super) fn decide(&self, request: &Request) -> bool {
        let mut state = self.state();
        let State { mounted, .. } = &mut *state;
        let winner = mounted
            .iter_mut()
            .find(|m| !m.is_spent() && m.mock.matches(request));
        let (answered, current) = match winner {
            Some(winner) => {
                winner.answered += 1;
                let mock = Arc::clone(&winner.mock);
                (Answered::Mock(mock.description()), Some(mock))
            }
            None => (
                Answered::Nobody(verdict::closest_mock(mounted, request)),
                None,
            ),
        };
        let hangs_up = current.as_ref().is_some_and(|mock| mock.hangs_up());
        state.current = current;
        // None when the test reset the API in between.
        if let Some(call) = state.calls.last_mut() {
            call.answered = answered;
        }
        hangs_up
    }

    pub(super) fn answer(&self, request: &Request) -> ResponseTemplate {
        let (current, latency, closest) = {
            let mut state = self.state();
            let closest = match state.calls.last().map(|call| &call.answered) {
                Some(Answered::Nobody(closest)) => closest.clone(),
                _ => String::new(),
            };
            (state.current.take(), state.latency, closest)
        };
        if let Some(mock) = current {
            return mock.respond(request, latency);
        }
        let answer = ResponseTemplate::new(404).set_body_string(format!(
            "no mock answers {} {}: {closest}\n",
            request.method,
            request.url.path()
        ));
        match latency {
            Duration::ZERO => answer,
            latency => answer.set_delay(latency),
        }
    }
}
