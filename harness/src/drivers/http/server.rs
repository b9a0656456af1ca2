//! The thread that serves an API, from its start to its proven end.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::stage::Stage;
use crate::terms::{Error, Result};

/// How long the thread may take to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// First and last place in wiremock's order.
const FIRST: u8 = 1;
const LAST: u8 = u8::MAX;

/// Mocks by which the stage takes part in what wiremock does: they are not the test's.
const OURS: usize = 3;

/// A server of its own, never one of wiremock's pool: the threads of that outlive the test.
pub(super) struct Server {
    mocks: MockServer,
    stage: Arc<Stage>,
    /// Clones of it live as long as the server's thread.
    alive: mpsc::Sender<()>,
    gone: mpsc::Receiver<()>,
}

impl Server {
    pub(super) async fn start(stage: Arc<Stage>) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|error| {
            Error::from(error).context("cannot listen on 127.0.0.1 for a mock API")
        })?;
        let (alive, gone) = mpsc::channel(1);
        let server = Self {
            mocks: MockServer::builder().listener(listener).start().await,
            stage,
            alive,
            gone,
        };
        server.set_stage().await;
        Ok(server)
    }

    pub(super) fn url(&self) -> String {
        self.mocks.uri()
    }

    /// Every call is seen first by the stage; what no mock of wiremock's own kind answers, the
    /// stage answers.
    async fn set_stage(&self) {
        let (seen, decided) = (Arc::clone(&self.stage), Arc::clone(&self.stage));
        let see = move |request: &Request| {
            seen.arrive(request);
            false
        };
        let decide = move |request: &Request| decided.decide(request);
        let answer = Answers {
            stage: Arc::clone(&self.stage),
            _alive: self.alive.clone(),
        };
        let see = Mock::given(see).respond_with(ResponseTemplate::new(500));
        let hang_up = Mock::given(decide).respond_with_err(|_: &Request| {
            std::io::Error::from(std::io::ErrorKind::ConnectionReset)
        });
        let rest = Mock::given(any()).respond_with(answer);
        self.mocks.register(see.with_priority(FIRST)).await;
        self.mocks.register(hang_up.with_priority(LAST)).await;
        self.mocks.register(rest.with_priority(LAST)).await;
    }

    pub(super) async fn mount(&self, mock: Mock) {
        self.mocks.register(mock).await;
    }

    /// Forgets the mocks of wiremock's own kind.
    pub(super) async fn reset(&self) {
        self.mocks.reset().await;
        self.set_stage().await;
    }

    /// Ends the server. Returns when nothing is left of it, with what wiremock says of the
    /// expectations of its own mocks.
    pub(super) async fn close(self) -> Result<Option<String>> {
        let Self {
            mocks,
            alive,
            mut gone,
            ..
        } = self;
        drop(alive);
        // wiremock verifies when a server is dropped, and speaks by panicking.
        let verified = tokio::spawn(async move { drop(mocks) }).await;
        if tokio::time::timeout(PATIENCE, gone.recv()).await.is_err() {
            return Err(Error::new(format_args!(
                "the server of a mock API is still there after {}: one of its mocks does not come back from its closure",
                humantime::format_duration(PATIENCE)
            )));
        }
        Ok(verified.err().map(|error| said(error.into_panic())))
    }
}

struct Answers {
    stage: Arc<Stage>,
    _alive: mpsc::Sender<()>,
}

impl Respond for Answers {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        self.stage.answer(request)
    }
}

/// The mocks that a panic of wiremock's complains about, in one line.
fn said(panic: Box<dyn std::any::Any + Send>) -> String {
    let text = match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(_) => return "wiremock's own verification failed".to_owned(),
    };
    let blocks = text.lines().skip(1).take_while(|line| !line.is_empty());
    let mut mocks = String::new();
    for line in blocks {
        let line = line.trim();
        match line.strip_prefix("- ") {
            Some(name) => {
                let separator = if mocks.is_empty() { "" } else { "; " };
                mocks.push_str(separator);
                mocks.push_str(&renumbered(name));
            }
            None => {
                mocks.push(' ');
                mocks.push_str(line);
            }
        }
    }
    format!("wiremock says: {mocks}")
}

/// `Mock #3.` is the first that the test has mounted.
fn renumbered(name: &str) -> String {
    let number = name
        .strip_prefix("Mock #")
        .and_then(|rest| rest.strip_suffix('.'))
        .and_then(|number| number.parse::<usize>().ok());
    match number {
        Some(number) => format!("wiremock::Mock #{}.", (number + 1).saturating_sub(OURS)),
        None => name.to_owned(),
    }
}
