//! An external API as a service.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::api::MockApi;
use super::scenario::{Scenario, Scenarios};
use crate::fixture::Context;
use crate::services::{Embedded, Host, Service};
use crate::terms::{Error, Result};

/// An external HTTP API: played, each test having a server of its own; or real, by URL.
///
/// ```
/// use phasegate::HttpApi;
/// use phasegate::drivers::http::matchers::{method, path};
/// use phasegate::drivers::http::{Mock, ResponseTemplate};
///
/// fn films() -> HttpApi {
///     HttpApi::mock()
///         .scenario("found", |api| {
///             api.mount(
///                 Mock::given(method("GET"))
///                     .and(path("/films/7"))
///                     .respond_with(ResponseTemplate::new(200).set_body_string("Alien")),
///             );
///         })
///         .scenario("down", |api| {
///             api.mount(Mock::given(method("GET")).respond_with(ResponseTemplate::new(503)));
///         })
///         .opening("found")
/// }
/// # let _ = films();
/// ```
///
/// A played API is verified when its test ends: an expectation that is not met, and a call that no
/// mock answers, fail a test that passed.
pub struct HttpApi(Mode);

enum Mode {
    Mock {
        scenarios: Scenarios,
        latency: Duration,
        allow_unmatched: bool,
    },
    External(String),
    ExternalFromEnv(String),
}

impl HttpApi {
    /// An API that the tests play.
    #[must_use]
    pub fn mock() -> Self {
        Self(Mode::Mock {
            scenarios: Scenarios::default(),
            latency: Duration::ZERO,
            allow_unmatched: false,
        })
    }

    /// A real API. All tests share it: nothing is mounted, recorded, verified or reset there.
    #[must_use]
    pub fn external(url: impl Into<String>) -> Self {
        Self(Mode::External(url.into()))
    }

    /// As [`HttpApi::external`], with the URL in an environment variable.
    #[must_use]
    pub fn external_from_env(variable: impl Into<String>) -> Self {
        Self(Mode::ExternalFromEnv(variable.into()))
    }

    /// Declares a set of mocks that tests play by name. Several can be active: what is played later
    /// comes first.
    #[must_use]
    pub fn scenario(
        mut self,
        name: impl Into<String>,
        script: impl Fn(&mut Scenario) + Send + Sync + 'static,
    ) -> Self {
        if let Mode::Mock { scenarios, .. } = &mut self.0 {
            scenarios.declare(name.into(), Arc::new(script));
        }
        self
    }

    /// Plays a declared scenario when a test begins, and again after a reset.
    #[must_use]
    pub fn opening(mut self, scenario: impl Into<String>) -> Self {
        if let Mode::Mock { scenarios, .. } = &mut self.0 {
            scenarios.opening.push(scenario.into());
        }
        self
    }

    /// Every answer is that late. It takes the place of a delay that a [`ResponseTemplate`] has of
    /// its own; [`Mock::delay`](super::Mock::delay) adds to it.
    ///
    /// [`ResponseTemplate`]: super::ResponseTemplate
    #[must_use]
    pub fn latency(mut self, each: Duration) -> Self {
        if let Mode::Mock { latency, .. } = &mut self.0 {
            *latency = each;
        }
        self
    }

    /// Calls that no mock answers get status 404, as always, and fail no test.
    #[must_use]
    pub fn allow_unmatched(mut self) -> Self {
        if let Mode::Mock {
            allow_unmatched, ..
        } = &mut self.0
        {
            *allow_unmatched = true;
        }
        self
    }
}

impl Service for HttpApi {
    const KIND: &'static str = "http";
    const EMBEDDED: bool = true;

    type Running = Embedded;
    type Handle = MockApi;

    async fn start(&self, _: &Host) -> Result<Embedded> {
        Ok(Embedded)
    }

    async fn open(&self, (): (), cx: &Context, service: &'static str) -> Result<MockApi> {
        let (scenarios, latency, allow_unmatched) = match &self.0 {
            Mode::Mock {
                scenarios,
                latency,
                allow_unmatched,
            } => (scenarios.clone(), *latency, *allow_unmatched),
            Mode::External(url) => return external(service, url),
            Mode::ExternalFromEnv(variable) => {
                let url = std::env::var(variable).map_err(|_| {
                    Error::new(format_args!(
                        "the API `{service}` is at the URL in the environment variable {variable}, which is not set; write `{variable}=https://… cargo test`"
                    ))
                })?;
                return external(service, &url);
            }
        };
        let api = MockApi::start(service, scenarios, latency, allow_unmatched).await?;
        let ending = api.again();
        cx.on_release(async move { ending.close().await });
        api.open().await?;
        Ok(api)
    }

    async fn reset(&self, api: &MockApi) -> Result {
        api.reset().await
    }
}

/// The URL is not repeated in the message: a password may stand in it.
fn external(service: &'static str, url: &str) -> Result<MockApi> {
    let known = url::Url::parse(url)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !known {
        return Err(Error::new(format_args!(
            "the URL of the API `{service}` is none of the form http://host/path or https://host/path"
        )));
    }
    Ok(MockApi::external(
        service,
        url.trim_end_matches('/').to_owned(),
    ))
}

impl fmt::Debug for HttpApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Mode::Mock {
                scenarios, latency, ..
            } => f
                .debug_struct("HttpApi")
                .field("scenarios", &scenarios.names().collect::<Vec<_>>())
                .field("latency", latency)
                .finish_non_exhaustive(),
            Mode::External(_) => f.write_str("HttpApi(external)"),
            Mode::ExternalFromEnv(variable) => write!(f, "HttpApi(external: ${variable})"),
        }
    }
}
