//! A server that somebody else runs; here, a dedicated one.

use std::collections::BTreeSet;
use std::time::Duration;

use phasegate::Redis;
use phasegate::drivers::redis::Keyspace;
use phasegate::services::{Running, Service, Trial};

use super::support::{Up, connect, tell};

/// Somebody's server.
async fn theirs() -> (Up, Keyspace) {
    let up = Up::of(Redis::dedicated().pool(1)).await;
    let (_, keyspace) = up.lease("their server").await;
    (up, keyspace)
}

#[tokio::test]
async fn leases_are_databases_that_were_empty_and_leave_nothing() {
    let (server, theirs) = theirs().await;
    let mut owner = theirs.client().await.expect("a client");
    for words in [
        "SET zero 1",
        "SELECT 1",
        "SET one 1",
        "SELECT 3",
        "SET three 1",
        "SELECT 0",
    ] {
        tell::<()>(&mut owner, words).await;
    }
    let up = Up::of(Redis::external(theirs.url())).await;
    assert_eq!(
        up.running.url().expect("a URL"),
        format!("redis://127.0.0.1:{}", theirs.port())
    );
    let (one, first) = up.lease("one").await;
    let (two, second) = up.lease("two").await;
    assert_eq!((first.database(), second.database()), (2, 4));
    assert_eq!(
        tell::<u64>(&mut owner, "EXISTS phasegate:claim:2 phasegate:claim:4").await,
        2
    );
    assert_eq!(up.trial.left_in_journal().len(), 2);
    let mut client = first.client().await.expect("a client");
    tell::<()>(&mut client, "SET mine 1").await;
    up.running.reset(&one).await.expect("a reset");
    assert_eq!(tell::<u64>(&mut client, "DBSIZE").await, 0);
    tell::<()>(&mut client, "SET mine 1").await;
    up.reclaim(&one).await;
    up.reclaim(&one).await;
    connect(first.url()).await.expect_err("the user is gone");
    assert_eq!(up.trial.left_in_journal().len(), 1);
    // The other lease was forgotten; the end of the service gives it back.
    drop(two);
    up.down().await;
    assert_eq!(tell::<Vec<String>>(&mut owner, "KEYS *").await, ["zero"]);
    assert_eq!(
        tell::<Vec<String>>(&mut owner, "ACL USERS").await,
        ["default", "phasegate"]
    );
    let left: String = tell(&mut owner, "INFO keyspace").await;
    let left: Vec<&str> = left
        .lines()
        .filter_map(|line| line.split(':').next())
        .collect();
    assert_eq!(left, ["# Keyspace", "db0", "db1", "db3"]);
    server.down().await;
}

#[tokio::test]
async fn two_runs_never_share_a_database() {
    let (server, theirs) = theirs().await;
    let one = Up::of(Redis::external(theirs.url())).await;
    let two = Up::of(Redis::external(theirs.url())).await;
    let mut numbers = BTreeSet::new();
    let mut shares = Vec::new();
    for i in 0..7 {
        let (ours, a) = one.lease(&format!("test-{i}")).await;
        let (others, b) = two.lease(&format!("test-{i}")).await;
        numbers.extend([a.database(), b.database()]);
        shares.push((ours, others));
    }
    assert_eq!(numbers.len(), 14);
    // One database is left: whoever comes second waits for it, across runs.
    let (last, keyspace) = one.lease("last").await;
    let ask = two.trial.ask("late");
    let late = two.running.lease(&ask);
    let waiting = async {
        let waited = tokio::time::timeout(Duration::from_millis(200), std::future::pending::<()>());
        waited.await.expect_err("time passes");
        one.reclaim(&last).await;
    };
    let (late, ()) = tokio::join!(late, waiting);
    let late = two.open(&late.expect("it was given back")).await;
    assert_eq!(late.database(), keyspace.database());
    one.down().await;
    two.down().await;
    server.down().await;
}

#[tokio::test]
async fn what_a_power_cut_left_is_undone_and_nothing_else() {
    let (server, theirs) = theirs().await;
    let mut owner = theirs.client().await.expect("a client");
    let service = Redis::external(theirs.url());
    let up = Up::of(service.clone()).await;
    let beside = Up::of(service.clone()).await;
    let (_, lost) = up.lease("lost").await;
    let (_, kept) = beside.lease("kept").await;
    for keyspace in [&lost, &kept] {
        let mut client = keyspace.client().await.expect("a client");
        tell::<()>(&mut client, "SET a 1").await;
    }
    // What is announced may never have been made.
    let never = up.trial.left_in_journal()[0]["user"]
        .to_string()
        .replace('"', "x");
    let mut announced = up.trial.left_in_journal()[0].clone();
    announced["user"] = never.into();
    service.undo(announced).await.expect("nothing to undo");

    up.trial.recover(&service).await.expect("undone");
    up.trial.recover(&service).await.expect("undone already");
    connect(lost.url()).await.expect_err("the user is gone");
    let mut client = kept.client().await.expect("the other run goes on");
    assert_eq!(tell::<u64>(&mut client, "DBSIZE").await, 1);
    assert_eq!(
        tell::<Vec<String>>(&mut owner, "KEYS phasegate:*").await,
        [format!("phasegate:claim:{}", kept.database())]
    );
    tell::<()>(&mut owner, &format!("SELECT {}", lost.database())).await;
    assert_eq!(tell::<u64>(&mut owner, "DBSIZE").await, 0);

    let elsewhere = Redis::external("redis://127.0.0.1:1");
    let left = up.trial.left_in_journal().remove(0);
    let error = elsewhere.undo(left).await.expect_err("another server");
    assert!(error.to_string().contains("ACL DELUSER"), "{error}");
    up.trial.close().expect("closed");
    beside.down().await;
    server.down().await;
}

#[tokio::test]
async fn a_user_without_the_right_to_make_users_is_told_so() {
    let (server, theirs) = theirs().await;
    let mut owner = theirs.client().await.expect("a client");
    tell::<()>(&mut owner, "ACL SETUSER weak on >geheim ~* &* +@all -acl").await;
    let url = format!("redis://weak:geheim@127.0.0.1:{}", theirs.port());
    let trial = Trial::new("cache").expect("a trial");
    let started = Redis::external(url).start(trial.host()).await;
    let error = started.err().expect("no right").to_string();
    assert!(error.contains("may not make users"), "{error}");
    assert!(!error.contains("geheim"), "{error}");
    trial.close().expect("closed");
    server.down().await;
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_named_without_its_password() {
    let trial = Trial::with("cache", 2, Duration::from_millis(300)).expect("a trial");
    let service = Redis::external("redis://user:geheim@127.0.0.1:1");
    let error = service
        .start(trial.host())
        .await
        .err()
        .expect("nobody there");
    let said = format!("{error:?}");
    assert!(said.contains("PING of 127.0.0.1:1"), "{said}");
    assert!(!said.contains("geheim"), "{said}");
    trial.close().expect("closed");
}
