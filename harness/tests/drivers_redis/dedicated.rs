//! A server for each.

use phasegate::Redis;
use phasegate::services::Running;

use super::support::{Up, ask, connect, tell, until};

#[tokio::test]
async fn channels_reach_the_tests_own_clients_alone() {
    let up = Up::of(Redis::dedicated()).await;
    let (one, ours) = up.lease("one").await;
    let (two, theirs) = up.lease("two").await;
    assert_ne!(ours.port(), theirs.port());
    let mut listener = subscribe(ours.url(), "news").await;
    let mut other = theirs.client().await.expect("a client");
    assert_eq!(tell::<u32>(&mut other, "PUBLISH news theirs").await, 0);
    let mut client = ours.client().await.expect("a client");
    assert_eq!(tell::<u32>(&mut client, "PUBLISH news ours").await, 1);
    let heard = listener.join_one();
    assert_eq!(heard, "ours");
    up.reclaim(&one).await;
    up.reclaim(&two).await;
    connect(ours.url()).await.expect_err("the server is gone");
    up.down().await;
}

/// A subscriber on a thread of its own: the blocking client needs no stream.
struct Listener(Option<std::thread::JoinHandle<String>>);

impl Listener {
    fn join_one(&mut self) -> String {
        let thread = self.0.take().expect("asked once");
        thread.join().expect("a message came")
    }
}

async fn subscribe(url: &str, channel: &'static str) -> Listener {
    let client = redis::Client::open(url).expect("a URL");
    let (ready, is_ready) = tokio::sync::oneshot::channel();
    let thread = std::thread::spawn(move || {
        let mut connection = client.get_connection().expect("a connection");
        let mut pubsub = connection.as_pubsub();
        pubsub.subscribe(channel).expect("subscribed");
        ready.send(()).expect("somebody waits");
        let message = pubsub.get_message().expect("a message");
        message.get_payload().expect("text")
    });
    is_ready.await.expect("subscribed");
    Listener(Some(thread))
}

#[tokio::test]
async fn a_reset_makes_the_server_as_it_was() {
    let up = Up::of(Redis::dedicated().pool(1)).await;
    let (share, keyspace) = up.lease("one").await;
    let mut client = keyspace.client().await.expect("a client");
    for words in [
        "SET a 1",
        "CONFIG SET maxmemory 77mb",
        "CONFIG SET notify-keyspace-events KEA",
        "ACL SETUSER guest on nopass ~* +get",
        "SELECT 3",
        "SET b 2",
        "REPLICAOF 127.0.0.1 1",
        "REPLICAOF NO ONE",
    ] {
        tell::<redis::Value>(&mut client, words).await;
    }
    redis::cmd("FUNCTION")
        .arg("LOAD")
        .arg("#!lua name=ours\nredis.register_function('f', function() return 1 end)")
        .exec_async(&mut client)
        .await
        .expect("functions load");
    tell::<()>(&mut client, "ACL SETUSER default >second -flushall").await;
    up.running.reset(&share).await.expect("a reset");

    let mut client = keyspace.client().await.expect("the URL is still good");
    let config: Vec<String> = tell(&mut client, "CONFIG GET maxmemory").await;
    assert_eq!(config, ["maxmemory", "0"]);
    let config: Vec<String> = tell(&mut client, "CONFIG GET notify-keyspace-events").await;
    assert_eq!(config, ["notify-keyspace-events", ""]);
    assert_eq!(
        tell::<Vec<String>>(&mut client, "ACL USERS").await,
        ["default", "phasegate"]
    );
    assert!(
        tell::<Vec<redis::Value>>(&mut client, "FUNCTION LIST")
            .await
            .is_empty()
    );
    assert_eq!(
        tell::<String>(&mut client, "INFO keyspace").await.trim(),
        "# Keyspace"
    );
    tell::<()>(&mut client, "FLUSHALL").await;
    let second = keyspace.url().replacen(
        keyspace.url().split(['@', ':']).nth(2).expect("a password"),
        "second",
        1,
    );
    connect(&second).await.expect_err("that password is gone");
    up.reclaim(&share).await;
    up.down().await;
}

#[tokio::test]
async fn a_server_that_its_test_ended_is_no_death_of_the_service() {
    let up = Up::of(Redis::dedicated().pool(1)).await;
    let (share, keyspace) = up.lease("one").await;
    let mut client = keyspace.client().await.expect("a client");
    ask::<()>(&mut client, "SHUTDOWN NOSAVE")
        .await
        .expect_err("it is gone");
    until("it is gone", || async {
        connect(keyspace.url()).await.is_err()
    })
    .await;
    up.running.probe().await.expect("the others are well");
    up.reclaim(&share).await;
    up.reclaim(&share).await;
    let (share, keyspace) = up.lease("two").await;
    keyspace.client().await.expect("another one");
    up.reclaim(&share).await;
    up.down().await;
}

#[tokio::test]
async fn stopping_ends_servers_that_wait_and_servers_that_are_leased() {
    let up = Up::of(Redis::dedicated().pool(3)).await;
    let (_, one) = up.lease("one").await;
    let (_, two) = up.lease("two").await;
    let urls = [one.url().to_owned(), two.url().to_owned()];
    up.down().await;
    for url in urls {
        connect(&url).await.expect_err("it is stopped");
    }
}
