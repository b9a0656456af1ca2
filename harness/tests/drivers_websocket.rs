//! The driver of WebSocket servers, with real clients on real connections.
#![allow(missing_docs, clippy::unwrap_used)]

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use phasegate::drivers::websocket::{Frame, Script, WebSocketServer};
use phasegate::services::{Service, Trial};
use phasegate::{Context, Result, WebSocket};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Client = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

/// One test with its server, as the harness drives it.
struct Stage {
    trial: Trial,
    service: WebSocket,
    cx: Context,
    server: WebSocketServer,
}

async fn open(service: WebSocket) -> Stage {
    let trial = Trial::new("gateway").unwrap();
    let cx = trial.context("a_test");
    let server = service.open((), &cx, "gateway").await.unwrap();
    Stage {
        trial,
        service,
        cx,
        server,
    }
}

impl Stage {
    async fn release(self) -> Result {
        let released = self.trial.release(self.cx).await;
        self.trial.close()?;
        released
    }

    async fn connect(&self) -> Client {
        connect_async(self.server.uri("/push?v=1")).await.unwrap().0
    }
}

async fn text(client: &mut Client) -> String {
    match client.next().await.unwrap().unwrap() {
        Message::Text(text) => text.as_str().to_owned(),
        other => panic!("{other:?}"),
    }
}

async fn say(client: &mut Client, text: &str) {
    client.send(Message::text(text)).await.unwrap();
}

#[tokio::test]
async fn a_test_speaks_for_the_server() {
    let stage = open(WebSocket::server()).await;
    let mut client = stage.connect().await;
    let peer = stage.server.accept().await.unwrap();
    assert_eq!(
        (peer.number(), peer.path(), peer.query()),
        (1, "/push", "v=1")
    );
    assert_eq!(peer.header("Upgrade"), Some("websocket"));

    say(&mut client, "hello").await;
    assert_eq!(peer.next().await.unwrap(), Frame::from("hello"));
    client.send(Message::binary(vec![1, 2])).await.unwrap();
    assert_eq!(peer.next_binary().await.unwrap(), [1, 2]);
    say(&mut client, r#"{"id":7}"#).await;
    let json: serde_json::Value = peer.next_json().await.unwrap();
    assert_eq!(json["id"], 7);

    peer.send_text("one").await.unwrap();
    peer.send_json(&serde_json::json!({"n": 2})).await.unwrap();
    peer.send_binary([3]).await.unwrap();
    assert_eq!(text(&mut client).await, "one");
    assert_eq!(text(&mut client).await, r#"{"n":2}"#);
    let binary = client.next().await.unwrap().unwrap();
    assert_eq!(binary, Message::binary(vec![3]));
    stage.release().await.unwrap();
}

#[tokio::test]
async fn what_came_instead_is_said() {
    let stage = open(WebSocket::server().patience(Duration::from_millis(80))).await;
    let nobody = stage.server.accept().await.unwrap_err().to_string();
    assert_eq!(
        nobody,
        "nobody connected to `gateway` within 80ms; 0 had connected before"
    );

    let mut client = stage.connect().await;
    let peer = stage.server.accept().await.unwrap();
    let nothing = peer.next().await.unwrap_err().to_string();
    assert_eq!(
        nothing,
        "peer 1 sent nothing within 80ms; it is still connected"
    );
    say(&mut client, "bye").await;
    let other = peer.next_close().await.unwrap_err().to_string();
    assert_eq!(
        other,
        "peer 1 was to send a close frame and sent text \"bye\""
    );
    client.close(None).await.unwrap();
    let other = peer.next_text().await.unwrap_err().to_string();
    assert_eq!(other, "peer 1 was to send text and sent close 1005");
    let ended = peer.next().await.unwrap_err().to_string();
    assert_eq!(ended, "peer 1 sends nothing more: the connection is closed");
    let gone = peer.send_text("x").await.unwrap_err().to_string();
    assert_eq!(
        gone,
        "cannot send text \"x\" to peer 1: the connection is closed"
    );
    stage.release().await.unwrap();
}

#[tokio::test]
async fn who_is_no_websocket_is_named() {
    let stage = open(WebSocket::server().patience(Duration::from_millis(200))).await;
    let address = stage.server.url().strip_prefix("ws://").unwrap();
    let mut plain = TcpStream::connect(address).unwrap();
    write!(plain, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let error = stage.server.accept().await.unwrap_err().to_string();
    assert!(error.contains("who came and was no WebSocket: "), "{error}");
    stage.release().await.unwrap();
}

#[tokio::test]
async fn the_server_closes_in_good_order_or_breaks_off() {
    let stage = open(WebSocket::server()).await;
    let mut client = stage.connect().await;
    let peer = stage.server.accept().await.unwrap();
    peer.close(4001, "session over").await.unwrap();
    let Message::Close(Some(close)) = client.next().await.unwrap().unwrap() else {
        panic!("no close frame")
    };
    assert_eq!(
        (u16::from(close.code), close.reason.as_str()),
        (4001, "session over")
    );
    // The client's library answers as it reads on.
    assert!(client.next().await.is_none());
    assert_eq!(peer.next_close().await.unwrap().0, 4001);

    let mut client = stage.connect().await;
    let peer = stage.server.accept().await.unwrap();
    assert_eq!(peer.number(), 2);
    peer.abort().await.unwrap();
    match client.next().await.unwrap() {
        Err(Error::Io(error)) => {
            assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
        }
        other => panic!("{other:?}"),
    }
    let again = peer.abort().await.unwrap_err().to_string();
    assert_eq!(
        again,
        "cannot abort peer 1: the test aborted it".replace('1', "2")
    );
    stage.release().await.unwrap();
}

#[tokio::test]
async fn scripts_answer_by_themselves_and_leave_the_rest_to_the_test() {
    let script = Script::new()
        .on_connect("welcome")
        .on_connect("again")
        .on_text("ping", "pong")
        .on(|frame| (frame.text() == Some("quiet")).then(Vec::new))
        .on(|frame| {
            let bye = Frame::Close {
                code: 1000,
                reason: "bye".to_owned(),
            };
            (frame.text() == Some("leave")).then(|| vec![bye.clone()])
        });
    let stage = open(WebSocket::server().script(script)).await;
    let mut client = stage.connect().await;
    assert_eq!(text(&mut client).await, "welcome");
    assert_eq!(text(&mut client).await, "again");
    for line in ["quiet", "other", "ping"] {
        say(&mut client, line).await;
    }
    assert_eq!(text(&mut client).await, "pong");
    let peer = stage.server.accept().await.unwrap();
    assert_eq!(peer.next_text().await.unwrap(), "other");
    say(&mut client, "leave").await;
    let close = client.next().await.unwrap().unwrap();
    assert!(close.is_close(), "{close:?}");
    let received: Vec<String> = stage
        .server
        .received()
        .iter()
        .map(|r| r.frame.to_string())
        .collect();
    assert_eq!(
        received[..4],
        [
            "text \"quiet\"",
            "text \"other\"",
            "text \"ping\"",
            "text \"leave\""
        ]
    );

    stage
        .server
        .script(Script::new().echo().delay(Duration::from_millis(40)));
    let mut client = stage.connect().await;
    let clock = Instant::now();
    say(&mut client, "echo").await;
    assert_eq!(text(&mut client).await, "echo");
    assert!(clock.elapsed() >= Duration::from_millis(40));
    stage.release().await.unwrap();
}

#[tokio::test]
async fn a_subprotocol_is_chosen_where_it_is_offered() {
    let stage = open(WebSocket::server().subprotocol("graphql-ws")).await;
    let mut request = stage.server.uri("/").into_client_request().unwrap();
    let offer = "soap, graphql-ws".parse().unwrap();
    request
        .headers_mut()
        .insert("sec-websocket-protocol", offer);
    let (_client, response) = connect_async(request).await.unwrap();
    assert_eq!(response.headers()["sec-websocket-protocol"], "graphql-ws");
    let (_plain, response) = connect_async(stage.server.uri("/")).await.unwrap();
    assert!(response.headers().get("sec-websocket-protocol").is_none());
    stage.release().await.unwrap();
}

#[tokio::test]
async fn what_is_not_consumed_is_visible_and_fails_a_strict_test() {
    let stage = open(WebSocket::server().strict()).await;
    let mut client = stage.connect().await;
    let peer = stage.server.accept().await.unwrap();
    let _unaccepted = stage.connect().await;
    say(&mut client, "first").await;
    say(&mut client, "second").await;
    assert_eq!(peer.next_text().await.unwrap(), "first");
    // A third is answered only when the second has arrived.
    say(&mut client, "third").await;
    while stage.server.received().len() < 3 {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        stage.server.unconsumed(),
        [
            "peer 2 (/push) was never accepted",
            "peer 1 sent text \"second\", text \"third\""
        ]
    );
    let said = stage.release().await.unwrap_err().to_string();
    assert!(
        said.contains("`gateway`: peer 2 (/push) was never accepted; peer 1 sent"),
        "{said}"
    );

    let stage = open(WebSocket::server().script(Script::new().echo()).strict()).await;
    let mut client = stage.connect().await;
    say(&mut client, "echo").await;
    text(&mut client).await;
    client.close(None).await.unwrap();
    stage.release().await.unwrap();
}

#[tokio::test]
async fn a_reset_breaks_connections_off_and_keeps_the_url() {
    let stage = open(WebSocket::server().script(Script::new().on_text("a", "b"))).await;
    let url = stage.server.url().to_owned();
    stage.server.script(Script::new().on_connect("other"));
    let mut client = stage.connect().await;
    assert_eq!(text(&mut client).await, "other");
    let peer = stage.server.accept().await.unwrap();
    let _unaccepted = stage.connect().await;
    stage.service.reset(&stage.server).await.unwrap();
    let end = client.next().await;
    assert!(!matches!(end, Some(Ok(_))), "{end:?}");
    let gone = peer.next().await.unwrap_err().to_string();
    assert_eq!(gone, "peer 1 sends nothing more: the server was reset");
    assert!(stage.server.received().is_empty() && stage.server.unconsumed().is_empty());
    assert_eq!(stage.server.url(), url);

    let mut client = stage.connect().await;
    say(&mut client, "a").await;
    assert_eq!(text(&mut client).await, "b");
    assert_eq!(stage.server.accept().await.unwrap().number(), 1);
    stage.release().await.unwrap();
}

#[tokio::test]
async fn a_client_that_blocks_the_tests_thread_is_served() {
    let stage = open(WebSocket::server().script(Script::new().on_connect("hi"))).await;
    let url = stage.server.uri("/");
    // No await from here to the answer.
    let (mut client, _) = tokio_tungstenite::tungstenite::connect(&url).unwrap();
    assert_eq!(client.read().unwrap(), Message::text("hi"));
    let refused = stage
        .server
        .block_on(stage.server.accept())
        .unwrap_err()
        .to_string();
    assert!(refused.contains("write `.await`"), "{refused}");
    drop(client);
    stage.release().await.unwrap();
}

#[test]
fn a_test_that_is_not_async_waits_by_block_on() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let stage = runtime.block_on(open(WebSocket::server()));
    let server = stage.server.clone();
    let client = std::thread::spawn({
        let url = server.uri("/");
        move || {
            let (mut client, _) = tokio_tungstenite::tungstenite::connect(&url).unwrap();
            client.send(Message::text("question")).unwrap();
            client.read().unwrap()
        }
    });
    let peer = server.block_on(server.accept()).unwrap().unwrap();
    assert_eq!(
        server.block_on(peer.next_text()).unwrap().unwrap(),
        "question"
    );
    server.block_on(peer.send_text("answer")).unwrap().unwrap();
    assert_eq!(client.join().unwrap(), Message::text("answer"));
    runtime.block_on(stage.release()).unwrap();
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
            .env(ALONE, "1")
            .status()
            .unwrap();
        assert!(ran.success());
        return;
    }
    let before = threads();
    let slow = Script::new().echo().delay(Duration::from_secs(60));
    let stage = open(WebSocket::server().script(slow)).await;
    assert_eq!(threads(), before + 1, "the server has a thread of its own");
    let mut client = stage.connect().await;
    say(&mut client, "an answer that is still being waited for").await;
    let _half_open = TcpStream::connect(stage.server.url().strip_prefix("ws://").unwrap()).unwrap();
    let server = stage.server.clone();
    let clock = Instant::now();
    stage.release().await.unwrap();
    // The kernel may list a thread for a moment after its last act, and so the harness looks
    // for 100 milliseconds.
    while threads() > before && clock.elapsed() < Duration::from_millis(100) {
        std::thread::yield_now();
    }
    assert_eq!(threads(), before);
    assert!(
        connect_async(server.url()).await.is_err(),
        "the port is free again"
    );
    assert!(
        !matches!(client.next().await, Some(Ok(_))),
        "the connection is gone"
    );
    let over = server.accept().await.unwrap_err().to_string();
    assert_eq!(over, "`gateway` is gone: its test is over");
}

fn threads() -> usize {
    match std::fs::read_dir("/proc/self/task") {
        Ok(tasks) => tasks.count(),
        // Not Linux: then nothing counts threads.
        Err(_) => 1,
    }
}
