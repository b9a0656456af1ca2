//! One hundred tests, each with a migrated database of its own: leased, and by `sqlx::test` on a
//! server with the same settings; two threads each.
//!
//! `cargo run` in this directory prints the table. Needs PostgreSQL's programs.

mod leases;
mod suites;

use std::path::Path;
use std::process::Command;

use phasegate::services::{Running, Service, Trial};
use phasegate::{Error, Postgres, Result};

/// Runs of each suite; the medians are compared.
const ROUNDS: usize = 3;

/// The password `bench` with one round of SCRAM, as passwords of leases have. Usual ones have 4,096,
/// which an unoptimised client pays for with each connection.
const VERIFIER: &str = "SCRAM-SHA-256$1:cGhhc2VnYXRlLWJlbmNoIQ==$j1VC7enBSFBC3uWcOYdRujK2OI2Viou7cfndB/SsVko=:FZB1gi/xG5giF8qfKFZgdYl+OxSdNV+sqqkq/ByvR+Q=";

#[tokio::main]
async fn main() -> Result {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [suite, password] = arguments.as_slice() {
        println!("{}", on_a_server(Path::new(suite), password).await?);
        return Ok(());
    }
    let suites = suites::build()?;
    let mut times = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        times[0].push(suites::run(&suites.leases, None)?);
        times[1].push(on_a_server(&suites.sqlx, VERIFIER).await?);
        times[2].push(on_disk(&suites.sqlx, VERIFIER)?);
        times[3].push(on_disk(&suites.sqlx, "bench")?);
    }
    let [ours, same, disk, usual] = times.map(suites::median);
    println!("| figure | measured | ÷ leases |");
    println!("| --- | --- | --- |");
    println!("| 100 tests, leases, start and stop of the server included | {ours:.3} s | |");
    for (what, took) in [
        (
            "same settings, data in memory, passwords of one round",
            same,
        ),
        ("same settings, data on disk, passwords of one round", disk),
        ("same settings, data on disk, passwords as usual", usual),
    ] {
        println!(
            "| 100 tests, `sqlx::test`, {what} | {took:.3} s | {:.1}× |",
            took / ours
        );
    }
    leases::print().await
}

/// Runs the suite against a server with the settings that leases get.
async fn on_a_server(suite: &Path, password: &str) -> Result<f64> {
    let trial = Trial::new("database")?;
    let server = Postgres::local()
        .setting("max_connections", "100")
        .pool(1)
        .seed_sql(format!(
            "CREATE ROLE bench LOGIN SUPERUSER PASSWORD '{password}'"
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

/// The same on a server whose data lies on disk, as that of most servers does.
fn on_disk(suite: &Path, password: &str) -> Result<f64> {
    let output = Command::new(std::env::current_exe()?)
        .arg(suite)
        .arg(password)
        .env("TMPDIR", "/var/tmp")
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    said.trim().parse().map_err(|_| {
        let why = String::from_utf8_lossy(&output.stderr);
        Error::new(format_args!(
            "no figure came from the server on disk: {why}"
        ))
    })
}
