//! One hundred tests, each with a migrated database of its own: leased, and by `sqlx::test` on a
//! server with the same settings; two threads each.
//!
//! `cargo run` in this directory prints the table. Needs PostgreSQL's programs.

mod leases;
mod suites;

use phasegate::services::{Running, Service, Trial};
use phasegate::{Postgres, Result};

/// Runs of each suite; the medians are compared.
const ROUNDS: usize = 3;

/// The password `bench` with one round of SCRAM, as passwords of leases have: otherwise the client's
/// four thousand rounds would be most of what is measured.
const VERIFIER: &str = "SCRAM-SHA-256$1:cGhhc2VnYXRlLWJlbmNoIQ==$j1VC7enBSFBC3uWcOYdRujK2OI2Viou7cfndB/SsVko=:FZB1gi/xG5giF8qfKFZgdYl+OxSdNV+sqqkq/ByvR+Q=";

#[tokio::main]
async fn main() -> Result {
    let suites = suites::build()?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        theirs.push(on_a_server(&suites.sqlx).await?);
        ours.push(suites::run(&suites.leases, None)?);
    }
    let (ours, theirs) = (suites::median(ours), suites::median(theirs));
    println!("| figure | measured | target |");
    println!("| --- | --- | --- |");
    println!("| 100 tests, `sqlx::test` | {theirs:.3} s | |");
    println!("| 100 tests, leases, start of the server included | {ours:.3} s | |");
    println!("| `sqlx::test` ÷ leases | {:.1}× | ≥ 5× |", theirs / ours);
    leases::print().await
}

/// Runs the suite against a server with the settings that leases get.
async fn on_a_server(suite: &std::path::Path) -> Result<f64> {
    let trial = Trial::new("database")?;
    let server = Postgres::local()
        .setting("max_connections", "100")
        .pool(1)
        .seed_sql(format!(
            "CREATE ROLE bench LOGIN SUPERUSER PASSWORD '{VERIFIER}'"
        ))
        .start(trial.host())
        .await?;
    let address = server.url().unwrap_or_default();
    let url = address.replace("postgres://", "postgres://bench:bench@") + "/postgres";
    let suite = suite.to_owned();
    let took = tokio::task::spawn_blocking(move || suites::run(&suite, Some(&url))).await??;
    server.stop().await?;
    trial.close()?;
    Ok(took)
}
