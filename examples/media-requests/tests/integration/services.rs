//! What stands behind each boundary. A test that takes a lease gets its own share of it.

use phasegate::drivers::http::matchers::{any, method, path, path_regex, query_param};
use phasegate::drivers::http::{Mock, ResponseTemplate};
use phasegate::{Files, HttpApi, Postgres, Redis, WebSocket};
use serde_json::json;

/// A film that the metadata API knows.
pub(crate) const ALIEN: i64 = 348;
/// A series of five seasons that it knows.
pub(crate) const WIRE: i64 = 1438;
/// A number that it does not know.
pub(crate) const NOTHING: i64 = 999;

/// PostgreSQL: each test has a database of its own, migrated as in production.
#[phasegate::service(boundary = "database")]
pub(crate) fn database() -> Postgres {
    Postgres::local().migrations("migrations")
}

/// Redis: each test has a logical database of its own.
#[phasegate::service(boundary = "cache")]
pub(crate) fn cache() -> Redis {
    Redis::local()
}

/// The API that knows films and series. Each test has a server of its own; a call that nobody
/// expects fails the test.
#[phasegate::service(boundary = "metadata")]
pub(crate) fn metadata() -> HttpApi {
    HttpApi::mock()
        .scenario("knows some titles", |api| {
            let alien = json!({
                "id": ALIEN, "name": "Alien", "year": 1979,
                "overview": "In space no one can hear you scream.",
            });
            let wire = json!({
                "id": WIRE, "name": "The Wire", "year": 2002, "seasons": 5,
                "overview": "Listen carefully.",
            });
            let found = json!({
                "results": [{ "kind": "film", "id": ALIEN, "name": "Alien" }], "total": 1,
            });
            api.mount(get(&format!("/films/{ALIEN}"), ok(alien)));
            api.mount(get(&format!("/series/{WIRE}"), ok(wire)));
            api.mount(get(
                &format!("/films/{NOTHING}"),
                ResponseTemplate::new(404),
            ));
            api.mount(get("/status", ResponseTemplate::new(200)));
            api.mount(
                Mock::given(method("GET"))
                    .and(path("/search"))
                    .and(query_param("query", "alien"))
                    .respond_with(ok(found)),
            );
        })
        .scenario("is down", |api| {
            api.mount(Mock::given(any()).respond_with(ResponseTemplate::new(503)));
        })
        .opening("knows some titles")
}

/// The server that fetches titles and plays them.
#[phasegate::service(boundary = "media-server")]
pub(crate) fn media_server() -> HttpApi {
    HttpApi::mock()
        .scenario("has nothing yet", |api| {
            api.mount(
                Mock::given(method("GET"))
                    .and(path_regex("^/library/(film|series)/[0-9]+$"))
                    .respond_with(ResponseTemplate::new(404)),
            );
            api.mount(get("/status", ResponseTemplate::new(200)));
        })
        .scenario("has everything", |api| {
            api.mount(
                Mock::given(method("GET"))
                    .and(path_regex("^/library/"))
                    .respond_with(ResponseTemplate::new(200)),
            );
        })
        .scenario("takes one order", |api| {
            let taken = ResponseTemplate::new(202).set_body_json(json!({ "job": "job-7" }));
            api.mount(post("/downloads", taken).expect(1));
        })
        .scenario("links a device", |api| {
            let linked =
                ResponseTemplate::new(201).set_body_json(json!({ "token": "token-of-the-device" }));
            api.mount(post("/devices", linked));
        })
        .scenario("is down", |api| {
            api.mount(Mock::given(any()).respond_with(ResponseTemplate::new(503)));
        })
        .opening("has nothing yet")
}

/// The gateway that pushes to phones: a websocket server that the test scripts.
#[phasegate::service(boundary = "push")]
pub(crate) fn gateway() -> WebSocket {
    WebSocket::server()
}

/// The directory of the posters.
#[phasegate::service(boundary = "files")]
pub(crate) fn posters() -> Files {
    Files::directory()
}

/// What a `GET` of a path is answered.
pub(crate) fn get(at: &str, answer: ResponseTemplate) -> Mock {
    Mock::given(method("GET"))
        .and(path(at.to_owned()))
        .respond_with(answer)
}

/// What a `POST` to a path is answered.
pub(crate) fn post(at: &str, answer: ResponseTemplate) -> Mock {
    Mock::given(method("POST"))
        .and(path(at.to_owned()))
        .respond_with(answer)
}

/// 200, with JSON.
pub(crate) fn ok(body: serde_json::Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}
