//! What a lease costs by itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use phasegate::services::{Running, Service, Trial};
use phasegate::{Postgres, Result};

/// Leases that are taken, two at a time, each for as long as a short test runs.
const LEASES: usize = 200;
const TEST: Duration = Duration::from_millis(40);

/// Prints how long leases, resets and returns took.
pub async fn print() -> Result {
    let trial = Arc::new(Trial::new("database")?);
    let began = Instant::now();
    let server = Postgres::local()
        .migrations(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"))
        .start(trial.host())
        .await?;
    let start = began.elapsed();
    let server = Arc::new(server);
    let workers: Vec<_> = (0..2)
        .map(|worker| {
            let (server, trial) = (Arc::clone(&server), Arc::clone(&trial));
            tokio::spawn(async move { work(&server, &trial, worker).await })
        })
        .collect();
    let mut all = Times::default();
    for worker in workers {
        let times = worker.await??;
        all.acquire.extend(times.acquire);
        all.reset.extend(times.reset);
        all.reclaim.extend(times.reclaim);
    }
    println!("\n| figure | measured | target |");
    println!("| --- | --- | --- |");
    let timings = trial.timings();
    let alone = timings.iter().find(|(step, _)| step == "start");
    let alone = alone.map_or(Duration::ZERO, |(_, took)| *took);
    let parts: Vec<String> = timings
        .iter()
        .map(|(step, took)| format!("{step} {took:.0?}"))
        .collect();
    println!("| steps of a start | {} | |", parts.join(", "));
    println!("| start to ready, two migrations and the first clone included | {start:.0?} | |");
    println!("| of it, the server from its start to its first answer | {alone:.0?} | |");
    println!(
        "| start to ready − the server itself | {:.0?} | ≤ 300 ms |",
        start - alone
    );
    line("acquire, warm", &mut all.acquire, "p50 ≤ 2 ms");
    line("reset", &mut all.reset, "");
    line("reclaim", &mut all.reclaim, "");
    server.stop().await?;
    drop(server);
    match Arc::into_inner(trial) {
        Some(trial) => trial.close(),
        None => Ok(()),
    }
}

#[derive(Default)]
struct Times {
    acquire: Vec<Duration>,
    reset: Vec<Duration>,
    reclaim: Vec<Duration>,
}

async fn work(
    server: &<Postgres as Service>::Running,
    trial: &Trial,
    worker: usize,
) -> Result<Times> {
    let mut times = Times::default();
    for number in 0..LEASES / 2 {
        let ask = trial.ask(&format!("{worker}-{number}"));
        let clock = Instant::now();
        let lease = server.lease(&ask).await?;
        times.acquire.push(clock.elapsed());
        let client = lease.client().await?;
        client.batch_execute("DELETE FROM book").await?;
        tokio::time::sleep(TEST).await;
        if number % 10 == 0 {
            let clock = Instant::now();
            server.reset(&lease).await?;
            times.reset.push(clock.elapsed());
        }
        drop(client);
        let clock = Instant::now();
        server.reclaim(&lease).await?;
        times.reclaim.push(clock.elapsed());
    }
    Ok(times)
}

fn line(what: &str, times: &mut [Duration], target: &str) {
    times.sort();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!(
        "| {what}, p50 and p99 of {} | {:.2?}, {:.2?} | {target} |",
        times.len(),
        at(50),
        at(99)
    );
}
