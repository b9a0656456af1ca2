//! External APIs, played by a server in the test's own process or reached by URL.
//!
//! * [`HttpApi`] – the service: declared scenarios, latency, what happens to calls nobody answers.
//! * [`MockApi`] – what a test holds: the URL, scenarios to play, mocks to mount, recorded calls.
//! * [`Mock`] – what is answered to which calls, and how many are expected; [`Times`], [`Scenario`].
//! * [`Call`] – what was asked.
//! * [`wiremock`] – serves the HTTP, and brings the [`matchers`] and [`ResponseTemplate`]s.
//!
//! The guide is `docs/drivers/http.md`.

mod api;
mod call;
mod labels;
mod mock;
mod scenario;
mod server;
mod service;
mod stage;
mod times;
mod verdict;

pub use api::MockApi;
pub use call::Call;
pub use mock::{Mock, MockBuilder};
pub use scenario::{Mount, Scenario};
pub use service::HttpApi;
pub use times::Times;
pub use wiremock::{self, ResponseTemplate, matchers};
