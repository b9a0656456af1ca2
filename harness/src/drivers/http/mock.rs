//! What is answered to which calls.

use std::fmt;
use std::time::Duration;

use wiremock::{Match, Request, Respond, ResponseTemplate};

use super::labels::label;
use super::times::Times;

/// What is answered to which calls, and how many of them are expected.
///
/// ```
/// use phasegate::drivers::http::matchers::{method, path};
/// use phasegate::drivers::http::{Mock, ResponseTemplate};
///
/// let mock = Mock::given(method("GET"))
///     .and(path("/films/7"))
///     .respond_with(ResponseTemplate::new(200).set_body_string("Alien"))
///     .named("film 7")
///     .expect(1..=2);
/// ```
///
/// It is built like a [`wiremock::Mock`]. That one can be mounted as well, but does not show what
/// it looks for: no closest call is found for it, and it has no latency.
#[must_use = "a mock does nothing until it is mounted"]
pub struct Mock {
    matchers: Vec<Matcher>,
    answer: Answer,
    name: Option<String>,
    delay: Duration,
    pub(super) expected: Option<Times>,
    pub(super) limit: Option<u64>,
    pub(super) priority: u8,
}

struct Matcher {
    label: String,
    what: Box<dyn Match>,
}

enum Answer {
    Respond(Box<dyn Respond>),
    HangUp,
}

/// Priority where nothing is said, as in wiremock.
const PRIORITY: u8 = 5;

/// A [`Mock`] whose answer is still missing.
#[must_use = "a mock needs an answer: `respond_with`"]
pub struct MockBuilder {
    matchers: Vec<Matcher>,
}

impl Mock {
    /// Starts with the first condition: one of [`matchers`](super::matchers), or a closure.
    pub fn given<M: Match + 'static>(matcher: M) -> MockBuilder {
        MockBuilder {
            matchers: Vec::new(),
        }
        .and(matcher)
    }

    /// How many calls it must have answered when the test ends; otherwise a test that passed fails.
    pub fn expect(mut self, times: impl Into<Times>) -> Self {
        self.expected = Some(times.into());
        self
    }

    /// Answers no more than that many calls; then those after it are asked.
    pub fn up_to_n_times(mut self, calls: u64) -> Self {
        self.limit = Some(calls);
        self
    }

    /// Lower numbers are asked first; 5 where nothing is said.
    pub fn with_priority(mut self, priority: u8) -> Self {
        self.priority = priority;
        self
    }

    /// What messages call it.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Answers that much later, on top of the API's latency.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Its name, or what it looks for.
    pub(super) fn description(&self) -> String {
        match &self.name {
            Some(name) => format!("`{name}`"),
            None => self
                .matchers
                .iter()
                .map(|m| m.label.as_str())
                .collect::<Vec<_>>()
                .join(" "),
        }
    }

    /// What of its conditions a call does not meet.
    pub(super) fn refusals(&self, request: &Request) -> Vec<&str> {
        let refusing = self.matchers.iter().filter(|m| !m.what.matches(request));
        refusing.map(|m| m.label.as_str()).collect()
    }

    pub(super) fn matches(&self, request: &Request) -> bool {
        self.matchers.iter().all(|m| m.what.matches(request))
    }

    pub(super) fn conditions(&self) -> usize {
        self.matchers.len()
    }

    pub(super) fn hangs_up(&self) -> bool {
        matches!(self.answer, Answer::HangUp)
    }

    /// The answer. A delay of the template's own cannot be read, so it stands only where nothing
    /// else delays.
    pub(super) fn respond(&self, request: &Request, latency: Duration) -> ResponseTemplate {
        let template = match &self.answer {
            Answer::Respond(answer) => answer.respond(request),
            Answer::HangUp => ResponseTemplate::new(500),
        };
        match latency + self.delay {
            Duration::ZERO => template,
            delay => template.set_delay(delay),
        }
    }
}

impl MockBuilder {
    /// One more condition.
    pub fn and<M: Match + 'static>(mut self, matcher: M) -> Self {
        self.matchers.push(Matcher {
            label: label(&matcher),
            what: Box::new(matcher),
        });
        self
    }

    /// The answer: a [`ResponseTemplate`], or a closure that makes one of the request.
    pub fn respond_with<R: Respond + 'static>(self, answer: R) -> Mock {
        self.finish(Answer::Respond(Box::new(answer)))
    }

    /// No answer: the connection is closed.
    pub fn hang_up(self) -> Mock {
        self.finish(Answer::HangUp)
    }

    fn finish(self, answer: Answer) -> Mock {
        Mock {
            matchers: self.matchers,
            answer,
            name: None,
            delay: Duration::ZERO,
            expected: None,
            limit: None,
            priority: PRIORITY,
        }
    }
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mock({})", self.description())
    }
}

impl fmt::Debug for MockBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels: Vec<&str> = self.matchers.iter().map(|m| m.label.as_str()).collect();
        write!(f, "MockBuilder({})", labels.join(" "))
    }
}
