//! What services cost beside the servers themselves, one figure a line:
//! `cargo bench -p phasegate --features drivers --bench leases`.
#![allow(missing_docs, clippy::print_stdout)]

use std::time::{Duration, Instant};

use phasegate::services::{Running, Service, Trial};
use phasegate::{HttpApi, Postgres, Redis, Result, Sqlite, WebSocket};

const LEASES: usize = 1000;
const SERVERS: usize = 40;
const STARTS: usize = 5;

fn main() -> Result {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    println!("| figure | p50 | p99 |");
    println!("| --- | --- | --- |");
    runtime.block_on(async {
        print(
            "Redis, acquire + release",
            started(Redis::local(), LEASES).await?,
        );
        let dedicated = Redis::dedicated().pool(4);
        print(
            "Redis of its own, pool of 4, one after another",
            started(dedicated, SERVERS).await?,
        );
        print(
            "HTTP mock, acquire + release",
            embedded(HttpApi::mock()).await?,
        );
        print(
            "WebSocket server, acquire + release",
            embedded(WebSocket::server()).await?,
        );
        print("SQLite, 1,000 rows, acquire", sqlite().await?);
        starts().await
    })
}

/// Leases of a service that the supervisor runs.
async fn started<S: Service>(service: S, leases: usize) -> Result<Vec<Duration>> {
    let trial = Trial::new("service")?;
    let running = service.start(trial.host()).await?;
    let mut took = Vec::with_capacity(leases);
    for i in 0..leases {
        let ask = trial.ask(&format!("test-{i}"));
        let clock = Instant::now();
        let share = running.lease(&ask).await?;
        running.reclaim(&share).await?;
        took.push(clock.elapsed());
    }
    running.stop().await?;
    trial.close()?;
    Ok(took)
}

/// Leases of a service that tests make in their own process.
async fn embedded<S>(service: S) -> Result<Vec<Duration>>
where
    S: Service,
    S::Running: Running<Share = ()>,
{
    let trial = Trial::new("service")?;
    let mut took = Vec::with_capacity(LEASES);
    for _ in 0..LEASES {
        let cx = trial.context("a_test");
        let clock = Instant::now();
        drop(service.open((), &cx, "service").await?);
        trial.release(cx).await?;
        took.push(clock.elapsed());
    }
    trial.close()?;
    Ok(took)
}

async fn sqlite() -> Result<Vec<Duration>> {
    let rows = "CREATE TABLE shelf (name TEXT);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
        INSERT INTO shelf SELECT 'shelf ' || i FROM n";
    let (trial, service) = (Trial::new("service")?, Sqlite::file().seed_sql(rows));
    let running = service.start(trial.host()).await?;
    let mut took = Vec::with_capacity(LEASES);
    for i in 0..LEASES {
        let cx = trial.context("a_test");
        let clock = Instant::now();
        let share = running.lease(&trial.ask(&format!("test-{i}"))).await?;
        drop(service.open(share, &cx, "service").await?);
        took.push(clock.elapsed());
        trial.release(cx).await?;
    }
    running.stop().await?;
    trial.close()?;
    Ok(took)
}

/// PostgreSQL and Redis, started at the same time as the supervisor does it, from a cached data
/// directory; what that takes beyond the slower server's own start.
async fn starts() -> Result {
    let (mut whole, mut beyond) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let (one, other) = (Trial::new("database")?, Trial::new("cache")?);
        let (database, cache) = (Postgres::local(), Redis::local());
        let clock = Instant::now();
        let (database, cache) = tokio::join!(database.start(one.host()), cache.start(other.host()));
        let took = clock.elapsed();
        let (database, cache) = (database?, cache?);
        let own = servers_own(&one).max(servers_own(&other));
        whole.push(took);
        beyond.push(took - own);
        database.stop().await?;
        cache.stop().await?;
        one.close()?;
        other.close()?;
    }
    print("PostgreSQL and Redis, start to ready", whole);
    print("the same − the servers themselves", beyond);
    Ok(())
}

/// The time from starting the program to its first answer.
fn servers_own(trial: &Trial) -> Duration {
    let timings = trial.timings().into_iter();
    timings
        .filter(|(step, _)| step == "start" || step == "probe")
        .map(|(_, took)| took)
        .sum()
}

fn print(what: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let at =
        |percent: usize| took[(took.len() * percent / 100).min(took.len() - 1)].as_secs_f64() * 1e3;
    println!("| {what} | {:.3} ms | {:.3} ms |", at(50), at(99));
}
