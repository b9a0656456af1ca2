//! The driver of external APIs against its server, over real connections.
#![allow(missing_docs, clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use phasegate::drivers::http::matchers::{bearer_token, method, path, query_param};
use phasegate::drivers::http::{Mock, MockApi, ResponseTemplate, wiremock};
use phasegate::services::{Service, Trial};
use phasegate::{Context, HttpApi, Result};

/// One test with its API, as the harness drives it.
struct Stage {
    trial: Trial,
    service: HttpApi,
    cx: Context,
    api: Arc<MockApi>,
}

async fn open(service: HttpApi) -> Stage {
    let trial = Trial::new("films").unwrap();
    let cx = trial.context("a_test");
    let api = Arc::new(service.open((), &cx, "films").await.unwrap());
    Stage {
        trial,
        service,
        cx,
        api,
    }
}

impl Stage {
    async fn release(self) -> Result {
        let released = self.trial.release(self.cx).await;
        self.trial.close()?;
        released
    }

    async fn complaint(self) -> String {
        self.release().await.unwrap_err().to_string()
    }
}

/// Asks as a blocking client does, which needs the server to have a thread of its own.
fn ask(api: &MockApi, method: &str, target: &str, headers: &str, body: &str) -> (u16, String) {
    let answer = raw(api, method, target, headers, body);
    let status = answer
        .split(' ')
        .nth(1)
        .map_or(0, |code| code.parse().unwrap());
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, body.to_owned())
}

fn raw(api: &MockApi, method: &str, target: &str, headers: &str, body: &str) -> String {
    let address = api.url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    write!(
        stream,
        "{method} {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn get(api: &MockApi, target: &str) -> (u16, String) {
    ask(api, "GET", target, "", "")
}

fn films() -> HttpApi {
    HttpApi::mock()
        .scenario("found", |api| {
            api.mount(
                Mock::given(method("GET"))
                    .and(path("/films/7"))
                    .respond_with(ResponseTemplate::new(200).set_body_string("Alien")),
            );
        })
        .scenario("down", |api| {
            api.mount(Mock::given(method("GET")).respond_with(ResponseTemplate::new(503)));
        })
}

#[tokio::test]
async fn scenarios_are_played_and_the_later_one_comes_first() {
    let stage = open(films().opening("found")).await;
    assert_eq!(get(&stage.api, "/films/7"), (200, "Alien".to_owned()));
    stage.api.play("down").await.unwrap();
    assert_eq!(get(&stage.api, "/films/7").0, 503);
    let mine = Mock::given(path("/films/7")).respond_with(ResponseTemplate::new(418));
    stage.api.mount(mine).await.unwrap();
    assert_eq!(get(&stage.api, "/films/7").0, 418);
    assert_eq!(get(&stage.api, "/films/8").0, 503);
    stage.release().await.unwrap();
}

#[tokio::test]
async fn within_a_scenario_the_first_that_matches_answers_and_can_be_spent() {
    let twice = HttpApi::mock()
        .scenario("recovers", |api| {
            api.mount(
                Mock::given(path("/"))
                    .respond_with(ResponseTemplate::new(500))
                    .up_to_n_times(2),
            )
            .mount(Mock::given(path("/")).respond_with(ResponseTemplate::new(200)))
            .mount(
                Mock::given(path("/urgent"))
                    .respond_with(ResponseTemplate::new(202))
                    .with_priority(1),
            );
        })
        .opening("recovers");
    let stage = open(twice).await;
    let statuses: Vec<u16> = (0..3).map(|_| get(&stage.api, "/").0).collect();
    assert_eq!(statuses, [500, 500, 200]);
    assert_eq!(get(&stage.api, "/urgent").0, 202);
    stage.release().await.unwrap();
}

#[tokio::test]
async fn an_unknown_scenario_is_refused_with_the_nearest() {
    let stage = open(films()).await;
    let error = stage.api.play("fuond").await.unwrap_err().to_string();
    assert_eq!(
        error,
        "the API `films` has no scenario `fuond`; did you mean `found`?"
    );
    stage.release().await.unwrap();

    let trial = Trial::new("films").unwrap();
    let cx = trial.context("a_test");
    let opening = films().opening("gone").open((), &cx, "films").await;
    let error = opening.unwrap_err().to_string();
    assert!(error.contains("it declares found, down"), "{error}");
    trial.release(cx).await.unwrap();
    trial.close().unwrap();
}

#[tokio::test]
async fn calls_are_recorded_with_everything_that_was_sent() {
    let stage = open(HttpApi::mock()).await;
    let mock = Mock::given(method("POST")).respond_with(ResponseTemplate::new(201));
    stage.api.mount(mock.named("create")).await.unwrap();
    let headers = "content-type: application/json\r\nauthorization: Bearer s3cret\r\n";
    ask(
        &stage.api,
        "POST",
        "/films?lang=en&t=a%20b",
        headers,
        r#"{"title":"Alien"}"#,
    );
    let calls = stage.api.calls().await.unwrap();
    let [call] = calls.as_slice() else {
        panic!("{calls:?}")
    };
    assert_eq!((call.method(), call.path()), ("POST", "/films"));
    assert_eq!(call.query(), "lang=en&t=a%20b");
    assert_eq!(call.param("t").as_deref(), Some("a b"));
    assert_eq!(call.header("Content-Type"), Some("application/json"));
    let body: serde_json::Value = call.json().unwrap();
    assert_eq!(body["title"], "Alien");
    assert_eq!(call.answered_by(), Some("`create`"));
    assert!(!format!("{call:?}").contains("s3cret"), "{call:?}");
    stage.release().await.unwrap();
}

#[tokio::test]
async fn an_unmet_expectation_is_said_at_the_end_with_the_closest_call() {
    let stage = open(HttpApi::mock().allow_unmatched()).await;
    let mock = Mock::given(method("GET"))
        .and(path("/films/7"))
        .and(bearer_token("s3cret"))
        .respond_with(ResponseTemplate::new(200))
        .expect(1);
    stage.api.mount(mock).await.unwrap();
    get(&stage.api, "/series");
    get(&stage.api, "/films/7?lang=en");
    let said = stage.complaint().await;
    assert_eq!(
        said,
        "the API `films`: the mock method(GET) path(\"/films/7\") bearer_token was to be called exactly once and was called 0 times; \
         the closest call was GET /films/7?lang=en, which is not bearer_token"
    );
}

#[tokio::test]
async fn too_many_calls_and_none_at_all_are_said() {
    let stage = open(HttpApi::mock()).await;
    let ok = || ResponseTemplate::new(200);
    let once = Mock::given(path("/a")).respond_with(ok()).expect(..=1);
    let never = Mock::given(path("/b")).respond_with(ok()).expect(0);
    stage.api.mount(once.named("a")).await.unwrap();
    stage.api.mount(never.named("b")).await.unwrap();
    get(&stage.api, "/a");
    stage.api.verify().unwrap();
    get(&stage.api, "/a");
    get(&stage.api, "/b");
    let said = stage.complaint().await;
    assert!(
        said.contains("`a` was to be called at most once and was called 2 times"),
        "{said}"
    );
    assert!(
        said.contains("`b` was to be called never and was called once"),
        "{said}"
    );

    let stage = open(HttpApi::mock()).await;
    let mock = Mock::given(path("/a")).respond_with(ok()).expect(1..);
    stage.api.mount(mock).await.unwrap();
    let said = stage.complaint().await;
    assert!(
        said.ends_with("at least once and was called 0 times; nothing was called at all"),
        "{said}"
    );
}

#[tokio::test]
async fn calls_that_no_mock_answers_fail_the_test_unless_they_are_allowed() {
    let stage = open(films().opening("found")).await;
    let (status, said) = get(&stage.api, "/films/8");
    assert_eq!(status, 404);
    assert!(
        said.contains("closest is the mock method(GET) path(\"/films/7\")"),
        "{said}"
    );
    let said = stage.complaint().await;
    assert!(
        said.contains("no mock answered GET /films/8 (closest is"),
        "{said}"
    );
    assert!(said.contains("write `.allow_unmatched()`"), "{said}");

    let stage = open(films().allow_unmatched()).await;
    assert_eq!(get(&stage.api, "/films/8").0, 404);
    stage.release().await.unwrap();
}

#[tokio::test]
async fn mocks_of_wiremocks_own_kind_are_served_and_verified() {
    let stage = open(films().opening("found")).await;
    let theirs = |calls| {
        wiremock::Mock::given(query_param("q", "x"))
            .respond_with(ResponseTemplate::new(202))
            .expect(calls)
    };
    stage.api.mount(theirs(1)).await.unwrap();
    assert_eq!(get(&stage.api, "/films/7?q=x").0, 202);
    assert_eq!(get(&stage.api, "/films/7").0, 200);
    let calls = stage.api.calls().await.unwrap();
    let unmatched: Vec<bool> = calls.iter().map(|call| call.is_unmatched()).collect();
    assert_eq!(unmatched, [false, false]);
    assert_eq!(calls[0].answered_by(), None);
    stage.release().await.unwrap();

    let stage = open(films()).await;
    stage.api.mount(theirs(2)).await.unwrap();
    get(&stage.api, "/?q=x");
    let said = stage.complaint().await;
    assert_eq!(
        said,
        "the API `films`: wiremock says: wiremock::Mock #1. Expected range of matching incoming requests: == 2 Number of matched incoming requests: 1"
    );
}

#[tokio::test]
async fn latency_delays_every_answer_and_wiremocks_own_mocks_are_refused_with_it() {
    let late = Duration::from_millis(60);
    let stage = open(films().opening("found").latency(late)).await;
    let clock = Instant::now();
    assert_eq!(get(&stage.api, "/films/7").0, 200);
    assert!(clock.elapsed() >= late, "{:?}", clock.elapsed());
    // Two at once wait for one latency, not for two.
    let clock = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| get(&stage.api, "/films/7"));
        }
    });
    assert!(clock.elapsed() < late * 3, "{:?}", clock.elapsed());
    let theirs = wiremock::Mock::given(path("/")).respond_with(ResponseTemplate::new(200));
    let error = stage.api.mount(theirs).await.unwrap_err().to_string();
    assert!(
        error.contains("build it with `phasegate::drivers::http::Mock`"),
        "{error}"
    );
    stage.api.set_latency(Duration::ZERO).unwrap();
    let clock = Instant::now();
    get(&stage.api, "/films/7");
    assert!(clock.elapsed() < late, "{:?}", clock.elapsed());
    stage.release().await.unwrap();
}

#[tokio::test]
async fn a_mock_can_hang_up() {
    let stage = open(HttpApi::mock()).await;
    let mock = Mock::given(path("/")).hang_up().expect(1);
    stage.api.mount(mock).await.unwrap();
    assert_eq!(raw(&stage.api, "GET", "/", "", ""), "");
    stage.release().await.unwrap();
}

#[tokio::test]
async fn a_reset_forgets_mocks_and_calls_and_plays_the_opening_again() {
    let stage = open(films().opening("found")).await;
    let url = stage.api.url().to_owned();
    stage.api.play("down").await.unwrap();
    let mine = Mock::given(path("/x")).respond_with(ResponseTemplate::new(200));
    stage.api.mount(mine.expect(1)).await.unwrap();
    let theirs = wiremock::Mock::given(path("/y")).respond_with(ResponseTemplate::new(200));
    stage.api.mount(theirs.expect(1)).await.unwrap();
    get(&stage.api, "/films/7");
    stage.service.reset(&stage.api).await.unwrap();
    assert!(stage.api.calls().await.unwrap().is_empty());
    assert_eq!(stage.api.url(), url);
    assert_eq!(get(&stage.api, "/films/7").0, 200);
    stage.release().await.unwrap();
}

#[tokio::test]
async fn calls_made_in_the_background_are_awaited() {
    let stage = open(films().opening("found")).await;
    let api = Arc::clone(&stage.api);
    let background = std::thread::spawn(move || {
        get(&api, "/films/7");
        get(&api, "/films/7");
    });
    let calls = stage.api.await_calls(2).await.unwrap();
    assert_eq!(calls.len(), 2);
    background.join().unwrap();
    stage.release().await.unwrap();
}

#[tokio::test]
async fn two_tests_have_two_apis() {
    let (one, other) = (
        open(films().opening("found")).await,
        open(films().allow_unmatched()).await,
    );
    assert_ne!(one.api.url(), other.api.url());
    get(&one.api, "/films/7");
    assert!(other.api.calls().await.unwrap().is_empty());
    assert_eq!(get(&other.api, "/films/7").0, 404);
    one.release().await.unwrap();
    other.release().await.unwrap();
}

#[tokio::test]
async fn an_external_api_is_a_url_and_nothing_more() {
    let stage = open(HttpApi::external("https://api.example.com/v3/")).await;
    assert_eq!(stage.api.uri("/films"), "https://api.example.com/v3/films");
    assert!(stage.api.is_shared());
    let error = stage.api.calls().await.unwrap_err().to_string();
    assert!(error.contains("is an external one"), "{error}");
    stage.service.reset(&stage.api).await.unwrap();
    stage.release().await.unwrap();

    let trial = Trial::new("films").unwrap();
    let cx = trial.context("a_test");
    let missing = HttpApi::external_from_env("PHASEGATE_NO_SUCH_URL");
    let error = missing
        .open((), &cx, "films")
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("PHASEGATE_NO_SUCH_URL, which is not set; write"),
        "{error}"
    );
    let secret = HttpApi::external("ftp://me:s3cret@example.com");
    let error = secret.open((), &cx, "films").await.unwrap_err().to_string();
    assert!(!error.contains("s3cret"), "{error}");
    trial.release(cx).await.unwrap();
    trial.close().unwrap();
}

/// Runs alone in a process of its own: it counts the process's threads.
#[tokio::test]
async fn nothing_is_left_when_the_test_is_over() {
    const ALONE: &str = "PHASEGATE_ALONE";
    if std::env::var_os(ALONE).is_none() {
        let ran = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "--test-threads=1",
                "nothing_is_left_when_the_test_is_over",
            ])
            .arg("--nocapture")
            .env(ALONE, "1")
            .status()
            .unwrap();
        assert!(ran.success());
        return;
    }
    let before = threads();
    let stage = open(films().opening("found").latency(Duration::from_secs(9))).await;
    assert_eq!(threads(), before + 1, "the server has a thread of its own");
    let address = stage.api.url().strip_prefix("http://").unwrap().to_owned();
    // A call that is still being served, and a connection that is kept open.
    let mut late = TcpStream::connect(&address).unwrap();
    write!(late, "GET /films/7 HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let _kept = TcpStream::connect(&address).unwrap();
    stage.api.await_calls(1).await.unwrap();
    let clock = Instant::now();
    stage.release().await.unwrap();
    assert!(
        clock.elapsed() < Duration::from_secs(1),
        "{:?}",
        clock.elapsed()
    );
    // The kernel may list a thread for a moment after its last act, and so the harness looks
    // for 100 milliseconds.
    while threads() > before && clock.elapsed() < Duration::from_millis(100) {
        std::thread::yield_now();
    }
    assert_eq!(threads(), before);
    assert!(
        TcpStream::connect(&address).is_err(),
        "the port is free again"
    );
}

fn threads() -> usize {
    match std::fs::read_dir("/proc/self/task") {
        Ok(tasks) => tasks.count(),
        // Not Linux: then nothing counts threads.
        Err(_) => 1,
    }
}
