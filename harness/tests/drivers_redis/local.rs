//! One server for all, a database for each.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use phasegate::Redis;
use phasegate::services::{Running, Service, Trial};

use super::support::{Up, ask, connect, tell};

#[tokio::test]
async fn what_one_test_writes_no_other_sees() {
    let up = Up::of(Redis::local()).await;
    let (one, ours) = up.lease("one").await;
    let (two, theirs) = up.lease("two").await;
    assert_ne!(ours.database(), theirs.database());
    assert!(ours.database() > 0 && theirs.database() > 0);

    let mut client = ours.client().await.expect("a client");
    tell::<()>(&mut client, "SET session 1").await;
    assert_eq!(
        tell::<Vec<String>>(&mut client, "KEYS *").await,
        ["session"]
    );
    let mut other = theirs.client().await.expect("a client");
    assert_eq!(tell::<u64>(&mut other, "DBSIZE").await, 0);
    assert_eq!(
        tell::<Option<String>>(&mut other, "GET session").await,
        None
    );

    assert_eq!(up.trial.steps(), ["start", "probe"]);
    up.running.probe().await.expect("it answers");
    up.reclaim(&one).await;
    up.reclaim(&two).await;
    up.down().await;
}

#[tokio::test]
async fn passwords_stand_in_the_url_of_the_lease_alone() {
    let up = Up::of(Redis::local()).await;
    let (share, keyspace) = up.lease("one").await;
    let password = keyspace.url().split(['@', ':']).nth(2).expect("a password");
    assert_eq!(password.len(), 32);
    for said in [
        format!("{share:?}"),
        format!("{keyspace:?}"),
        format!("{:?}", up.service),
        up.running.url().expect("a URL"),
    ] {
        assert!(!said.contains(password), "{said}");
    }
    for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).into_owned();
        assert!(!line.contains(password), "{line}");
    }
    // Without one nobody comes in.
    let port = keyspace.port();
    let error = match connect(&format!("redis://127.0.0.1:{port}/")).await {
        Err(error) => error,
        Ok(mut client) => ask::<()>(&mut client, "PING").await.expect_err("no user"),
    };
    assert!(error.to_string().contains("NOAUTH"), "{error}");
    up.reclaim(&share).await;
    up.down().await;
}

#[tokio::test]
async fn many_tests_at_once_have_a_database_each() {
    let up = Up::of(Redis::local()).await;
    let names: Vec<String> = (0..32).map(|i| format!("test-{i}")).collect();
    let leases = names.iter().map(|name| up.lease(name));
    let mut all = Vec::new();
    for (i, (share, keyspace)) in join(leases).await.into_iter().enumerate() {
        let mut client = keyspace.client().await.expect("a client");
        tell::<()>(&mut client, &format!("SET mine {i}")).await;
        all.push((i, share, keyspace, client));
    }
    let numbers: BTreeSet<u32> = all.iter().map(|(_, _, k, _)| k.database()).collect();
    assert_eq!(numbers.len(), 32);
    for (i, share, _, client) in &mut all {
        assert_eq!(tell::<usize>(client, "GET mine").await, *i);
        assert_eq!(tell::<u64>(client, "DBSIZE").await, 1);
        up.reclaim(share).await;
    }
    up.down().await;
}

/// Drives futures at once, without a crate for it.
async fn join<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut futures: Vec<_> = futures.map(|f| (Box::pin(f), None)).collect();
    std::future::poll_fn(|cx| {
        for (future, output) in &mut futures {
            if output.is_none()
                && let std::task::Poll::Ready(ready) = future.as_mut().poll(cx)
            {
                *output = Some(ready);
            }
        }
        match futures.iter().all(|(_, output)| output.is_some()) {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    })
    .await;
    futures
        .into_iter()
        .filter_map(|(_, output)| output)
        .collect()
}

#[tokio::test]
async fn a_database_is_leased_again_only_when_it_is_empty() {
    let up = Up::of(Redis::local()).await;
    let mut seen = BTreeSet::new();
    let mut again = 0;
    for i in 0..300 {
        let (share, keyspace) = up.lease(&format!("test-{i}")).await;
        if !seen.insert(keyspace.database()) {
            again += 1;
        }
        let mut client = keyspace.client().await.expect("a client");
        assert_eq!(tell::<u64>(&mut client, "DBSIZE").await, 0);
        tell::<()>(&mut client, "SET left behind").await;
        up.reclaim(&share).await;
    }
    assert!(again > 0, "no number came again");
    up.down().await;
}

#[tokio::test]
async fn who_finds_no_free_database_waits() {
    let up = Up::of(Redis::local()).await;
    let mut shares = Vec::new();
    // As many as there are, less the one that nobody gets.
    for i in 0..255 {
        shares.push(up.lease(&format!("test-{i}")).await.0);
    }
    let last = up.trial.ask("late");
    let late = up.running.lease(&last);
    let waited = tokio::time::timeout(Duration::from_millis(200), late).await;
    assert!(waited.is_err(), "there was one more");
    up.reclaim(&shares[7]).await;
    let (share, keyspace) = up.lease("later").await;
    let mut client = keyspace.client().await.expect("a client");
    assert_eq!(tell::<u64>(&mut client, "DBSIZE").await, 0);
    up.reclaim(&share).await;
    up.down().await;
}

#[tokio::test]
async fn a_reset_leaves_nothing_but_the_lease() {
    let up = Up::of(Redis::local()).await;
    let (share, keyspace) = up.lease("one").await;
    let (other, neighbour) = up.lease("two").await;
    let mut client = keyspace.client().await.expect("a client");
    let mut beside = neighbour.client().await.expect("a client");
    tell::<()>(&mut client, "SET session 1").await;
    tell::<()>(&mut beside, "SET session 2").await;
    up.running.reset(&share).await.expect("a reset");
    // The same connection goes on.
    assert_eq!(tell::<u64>(&mut client, "DBSIZE").await, 0);
    tell::<()>(&mut client, "SET session 3").await;
    assert_eq!(tell::<u32>(&mut beside, "GET session").await, 2);
    up.reclaim(&share).await;
    up.reclaim(&other).await;
    let error = up.running.reset(&share).await.expect_err("given back");
    assert!(error.to_string().contains("given back already"), "{error}");
    up.down().await;
}

#[tokio::test]
async fn a_client_that_stays_is_put_out() {
    let up = Up::of(Redis::local()).await;
    let (share, keyspace) = up.lease("one").await;
    let mut client = keyspace.client().await.expect("a client");
    tell::<()>(&mut client, "SET session 1").await;
    let mut waiting = keyspace.client().await.expect("a client");
    let blocked = tokio::spawn(async move { ask::<()>(&mut waiting, "BLPOP queue 0").await });
    up.reclaim(&share).await;
    ask::<()>(&mut client, "SET session 2")
        .await
        .expect_err("put out");
    blocked.await.expect("no panic").expect_err("put out");
    connect(keyspace.url()).await.expect_err("the user is gone");
    // Twice does no harm, even when the number is another's by now.
    let mut shares = Vec::new();
    let (next, theirs) = loop {
        let (next, theirs) = up.lease(&format!("next-{}", shares.len())).await;
        if theirs.database() == keyspace.database() {
            break (next, theirs);
        }
        shares.push(next);
    };
    let mut client = theirs.client().await.expect("a client");
    assert_eq!(tell::<u64>(&mut client, "DBSIZE").await, 0);
    tell::<()>(&mut client, "SET theirs 1").await;
    up.reclaim(&share).await;
    assert_eq!(tell::<u64>(&mut client, "DBSIZE").await, 1);
    up.reclaim(&next).await;
    up.down().await;
}

#[tokio::test]
async fn a_script_without_end_does_not_keep_a_lease() {
    let up = Up::of(Redis::local()).await;
    let (share, keyspace) = up.lease("one").await;
    let mut client = keyspace.client().await.expect("a client");
    let mut other = keyspace.client().await.expect("a client");
    let endless = tokio::spawn(async move {
        let mut command = redis::cmd("EVAL");
        command.arg("while true do end").arg(0);
        command.query_async::<()>(&mut client).await
    });
    // The server hears nothing while the script is young: no answer says that it runs.
    loop {
        let ping = tell::<String>(&mut other, "PING");
        if tokio::time::timeout(Duration::from_millis(50), ping)
            .await
            .is_err()
        {
            break;
        }
    }
    up.reclaim(&share).await;
    endless.await.expect("no panic").expect_err("ended");
    let (share, _) = up.lease("two").await;
    up.reclaim(&share).await;
    up.down().await;
}

#[tokio::test]
async fn a_server_that_dies_is_the_services_death() {
    let up = Up::of(Redis::local()).await;
    let pid = pid_of(&up).await;
    std::process::Command::new("kill")
        .args(["-9", &pid.to_string()])
        .status()
        .expect("kill runs");
    let began = Instant::now();
    let error = loop {
        if let Err(error) = up.running.probe().await {
            break error;
        }
        assert!(
            began.elapsed() < Duration::from_secs(10),
            "it answers still"
        );
    };
    assert!(!error.to_string().is_empty());
    up.running.stop().await.expect("nothing is left to stop");
    // It can be started again in the same place.
    let trial = Trial::new("cache").expect("a trial");
    let running = up.service.start(trial.host()).await.expect("it starts");
    running.stop().await.expect("it stops");
    trial.close().expect("closed");
    up.trial.close().expect("closed");
}

async fn pid_of(up: &Up) -> u32 {
    let (share, keyspace) = up.lease("pid").await;
    let mut client = keyspace.client().await.expect("a client");
    let info: String = tell(&mut client, "INFO server").await;
    up.reclaim(&share).await;
    info.lines()
        .find_map(|line| line.strip_prefix("process_id:"))
        .and_then(|pid| pid.trim().parse().ok())
        .expect("a process id")
}

#[tokio::test]
async fn a_program_that_is_missing_or_wrong_is_named() {
    let trial = Trial::new("cache").expect("a trial");
    let missing = Redis::local().program("/nowhere/redis-server");
    let error = missing.start(trial.host()).await.err().expect("not there");
    assert!(
        error.to_string().contains("/nowhere/redis-server"),
        "{error}"
    );
    let wrong = Redis::local().program("/bin/false");
    let error = wrong.start(trial.host()).await.err().expect("it ends");
    assert!(error.to_string().contains("exited with code 1"), "{error}");
    trial.close().expect("closed");
}

#[tokio::test]
async fn a_directory_that_is_too_long_for_a_socket_does_no_harm() {
    let trial = Trial::new(&"cache".repeat(20)).expect("a trial");
    let running = Redis::local().start(trial.host()).await.expect("it starts");
    running.probe().await.expect("it answers");
    running.stop().await.expect("it stops");
    trial.close().expect("closed");
}
