//! What a test holds of an API.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use super::call::Call;
use super::scenario::{Kind, Mount, Scenarios};
use super::server::Server;
use super::stage::Stage;
use crate::terms::{Error, Result, nearest};

/// How long [`MockApi::await_calls`] waits.
const PATIENCE: Duration = Duration::from_secs(5);

/// One test's own copy of an external API, or the shared real one.
///
/// What a [`Lease<HttpApi>`](super::HttpApi) dereferences to.
pub struct MockApi {
    service: &'static str,
    url: String,
    mocked: Option<Arc<Mocked>>,
}

/// What a played API is made of.
pub(super) struct Mocked {
    pub(super) stage: Arc<Stage>,
    pub(super) scenarios: Scenarios,
    pub(super) latency: Duration,
    pub(super) allow_unmatched: bool,
    /// None once the test is over.
    server: Mutex<Option<Server>>,
}

impl MockApi {
    pub(super) fn external(service: &'static str, url: String) -> Self {
        Self {
            service,
            url,
            mocked: None,
        }
    }

    pub(super) async fn start(
        service: &'static str,
        scenarios: Scenarios,
        latency: Duration,
        allow_unmatched: bool,
    ) -> Result<Self> {
        let stage = Arc::new(Stage::new(latency));
        let server = Server::start(Arc::clone(&stage)).await?;
        let api = Self {
            service,
            url: server.url(),
            mocked: Some(Arc::new(Mocked {
                stage,
                scenarios,
                latency,
                allow_unmatched,
                server: Mutex::new(Some(server)),
            })),
        };
        Ok(api)
    }

    /// `http://127.0.0.1:40123`, or the URL of the external API as it was declared; no slash at
    /// its end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URL of a path: `uri("/films/7")`.
    #[must_use]
    pub fn uri(&self, path: &str) -> String {
        format!("{}/{}", self.url, path.trim_start_matches('/'))
    }

    /// Whether it is a real API that other tests, and others, use at the same time.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.mocked.is_none()
    }

    /// Plays a declared scenario: its mocks come before those that are mounted already.
    ///
    /// # Errors
    /// There is no scenario of that name, or the API is an external one.
    pub async fn play(&self, scenario: &str) -> Result {
        let mocked = self.mocked()?;
        let Some(mounts) = mocked.scenarios.script(scenario) else {
            return Err(self.no_scenario(scenario));
        };
        mocked.stage.raise();
        for mount in mounts {
            self.mount(mount).await?;
        }
        // What is mounted from here on comes before the scenario.
        mocked.stage.raise();
        Ok(())
    }

    fn no_scenario(&self, name: &str) -> Error {
        let known: Vec<&str> = self.scenarios().collect();
        let hint = match (nearest(name, known.iter().copied()), known.as_slice()) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, []) => "it declares none; add `.scenario(\"…\", |api| …)` to it".to_owned(),
            (None, known) => format!("it declares {}", known.join(", ")),
        };
        Error::new(format_args!(
            "the API `{}` has no scenario `{name}`; {hint}",
            self.service
        ))
    }

    /// Names of the declared scenarios.
    pub fn scenarios(&self) -> impl Iterator<Item = &str> {
        self.mocked
            .iter()
            .flat_map(|mocked| mocked.scenarios.names())
    }

    /// Mounts a [`Mock`](super::Mock), or a [`wiremock::Mock`]. Of several that match a call the
    /// first one answers; all of them come before scenarios that were played earlier. wiremock's
    /// own kind comes before all others.
    ///
    /// # Errors
    /// The API is an external one, or has a latency that a [`wiremock::Mock`] cannot be given.
    pub async fn mount(&self, mock: impl Into<Mount>) -> Result {
        let mocked = self.mocked()?;
        match mock.into().0 {
            Kind::Ours(mock) => mocked.stage.mount(mock),
            Kind::Wiremock(_) if !mocked.latency.is_zero() => {
                return Err(Error::new(format_args!(
                    "the API `{}` has a latency, and a `wiremock::Mock` cannot be given one; build it with `phasegate::drivers::http::Mock`, which is written alike",
                    self.service
                )));
            }
            Kind::Wiremock(mock) => match &*mocked.server.lock().await {
                Some(server) => server.mount(mock).await,
                None => return Err(self.over()),
            },
        }
        Ok(())
    }

    /// What was called since the test began or the API was reset, in order.
    ///
    /// # Errors
    /// The API is an external one: what is called there is not known.
    pub async fn calls(&self) -> Result<Vec<Call>> {
        Ok(self.mocked()?.stage.calls())
    }

    /// As [`MockApi::calls`], once there are that many: for calls that code under test makes in the
    /// background. Waits for 5 seconds.
    ///
    /// # Errors
    /// As [`MockApi::calls`], and fewer calls came; they are named.
    pub async fn await_calls(&self, least: usize) -> Result<Vec<Call>> {
        let mocked = self.mocked()?;
        let enough = async {
            loop {
                let called = mocked.stage.called.notified();
                tokio::pin!(called);
                called.as_mut().enable();
                let calls = mocked.stage.calls();
                if calls.len() >= least {
                    return calls;
                }
                called.await;
            }
        };
        tokio::time::timeout(PATIENCE, enough).await.map_err(|_| {
            let came: Vec<String> = mocked.stage.calls().iter().map(Call::to_string).collect();
            Error::new(format_args!(
                "the API `{}` was to be called {least} times within {}; what came: {}",
                self.service,
                humantime::format_duration(PATIENCE),
                if came.is_empty() {
                    "nothing".to_owned()
                } else {
                    came.join(", ")
                }
            ))
        })
    }

    /// Every answer from here on is that late, until the API is reset.
    ///
    /// # Errors
    /// The API is an external one.
    pub fn set_latency(&self, latency: Duration) -> Result {
        self.mocked()?.stage.set_latency(latency);
        Ok(())
    }

    /// Says now what the end of the test would say: which expectations are unmet, which calls
    /// nobody answered. Expectations of a [`wiremock::Mock`] are looked at only in the end.
    ///
    /// # Errors
    /// What is unmet.
    pub fn verify(&self) -> Result {
        let mocked = self.mocked()?;
        self.verdict(mocked.stage.problems(mocked.allow_unmatched))
    }

    /// Forgets mocks and calls, with their expectations, and plays the opening scenarios again.
    /// An external API stays as it is.
    pub(super) async fn reset(&self) -> Result {
        let Some(mocked) = &self.mocked else {
            return Ok(());
        };
        match &*mocked.server.lock().await {
            Some(server) => server.reset().await,
            None => return Err(self.over()),
        }
        mocked.stage.clear(mocked.latency);
        self.open().await
    }

    /// Plays the opening scenarios.
    pub(super) async fn open(&self) -> Result {
        for scenario in &self.mocked()?.scenarios.opening {
            self.play(scenario).await?;
        }
        Ok(())
    }

    /// Ends the server and verifies what it has seen.
    pub(super) async fn close(&self) -> Result {
        let mocked = self.mocked()?;
        let Some(server) = mocked.server.lock().await.take() else {
            return Ok(());
        };
        let said = server.close().await?;
        let mut problems = mocked.stage.problems(mocked.allow_unmatched);
        problems.extend(said);
        self.verdict(problems)
    }

    fn verdict(&self, problems: Vec<String>) -> Result {
        if problems.is_empty() {
            return Ok(());
        }
        Err(Error::new(format_args!(
            "the API `{}`: {}",
            self.service,
            problems.join("; ")
        )))
    }

    fn mocked(&self) -> Result<&Mocked> {
        self.mocked.as_deref().ok_or_else(|| {
            Error::new(format_args!(
                "the API `{}` is an external one, at a URL: nothing can be mounted, played or recorded there; declare it with `HttpApi::mock()`",
                self.service
            ))
        })
    }

    fn over(&self) -> Error {
        Error::new(format_args!(
            "the API `{}` is gone: its test is over",
            self.service
        ))
    }

    /// A second handle of the same API, for its release.
    pub(super) fn again(&self) -> Self {
        Self {
            service: self.service,
            url: self.url.clone(),
            mocked: self.mocked.clone(),
        }
    }
}

impl fmt::Debug for MockApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockApi")
            .field("service", &self.service)
            .field("shared", &self.is_shared())
            .finish_non_exhaustive()
    }
}
