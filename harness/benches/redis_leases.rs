//! What a lease of Redis costs: `cargo bench -p phasegate --features redis --bench redis_leases`.
#![allow(missing_docs, clippy::print_stdout)]

use std::time::{Duration, Instant};

use phasegate::Redis;
use phasegate::services::{Running, Service, Trial};

const LEASES: usize = 2000;
const SERVERS: usize = 40;

fn main() -> phasegate::Result {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let local = measure(Redis::local(), "local", LEASES).await?;
        print("Redis::local(): acquire + release", local);
        let dedicated = measure(Redis::dedicated().pool(4), "dedicated", SERVERS).await?;
        print(
            "Redis::dedicated(), pool of 4, one after another",
            dedicated,
        );
        Ok(())
    })
}

async fn measure(service: Redis, name: &str, leases: usize) -> phasegate::Result<Vec<Duration>> {
    let trial = Trial::new(name)?;
    let began = Instant::now();
    let running = service.start(trial.host()).await?;
    println!("{name}: ready after {:.1} ms", millis(began.elapsed()));
    let mut took = Vec::with_capacity(leases);
    for i in 0..leases {
        let ask = trial.ask(&format!("test-{i}"));
        let began = Instant::now();
        let share = running.lease(&ask).await?;
        running.reclaim(&share).await?;
        took.push(began.elapsed());
    }
    running.stop().await?;
    trial.close()?;
    took.sort_unstable();
    Ok(took)
}

fn print(what: &str, took: Vec<Duration>) {
    let at = |percent: usize| millis(took[(took.len() * percent / 100).min(took.len() - 1)]);
    println!(
        "{what}: p50 {:.3} ms, p99 {:.3} ms ({} times)",
        at(50),
        at(99),
        took.len()
    );
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
