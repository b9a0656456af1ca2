//! A server of our own: start, leases, reset, reclaim, stop.

use phasegate::Postgres;
use phasegate::services::{Running, Service, Trial};

const SCHEMA: &str = "
    CREATE TABLE author (id SERIAL PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE book (id SERIAL PRIMARY KEY, author INT REFERENCES author, title TEXT);
    INSERT INTO author (name) SELECT 'author ' || n FROM generate_series(1, 1000) n;";

#[tokio::test]
async fn a_lease_is_a_migrated_database_of_its_own() -> phasegate::Result {
    let trial = Trial::new("database")?;
    let t = std::time::Instant::now();
    let server = Postgres::local()
        .seed_sql(SCHEMA)
        .start(trial.host())
        .await?;
    eprintln!("start {:?} {:?}", t.elapsed(), trial.steps());
    let t = std::time::Instant::now();
    let lease = server.lease(&trial.ask("one")).await?;
    eprintln!("lease {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let client = lease.client().await?;
    eprintln!("client {:?}", t.elapsed());
    let count: i64 = client
        .query_one("SELECT count(*) FROM author", &[])
        .await?
        .get(0);
    assert_eq!(count, 1000);
    client
        .batch_execute("DELETE FROM author; CREATE TABLE more (); CREATE SCHEMA s; DROP TABLE book")
        .await?;
    let t = std::time::Instant::now();
    server.reset(&lease).await?;
    eprintln!("reset {:?}", t.elapsed());
    assert!(client.query_one("SELECT 1", &[]).await.is_err());
    let client = lease.client().await?;
    let count: i64 = client
        .query_one("SELECT count(*) FROM author", &[])
        .await?
        .get(0);
    assert_eq!(count, 1000);
    let t = std::time::Instant::now();
    server.reclaim(&lease).await?;
    eprintln!("reclaim {:?}", t.elapsed());
    server.reclaim(&lease).await?;
    server.probe().await?;
    let t = std::time::Instant::now();
    server.stop().await?;
    eprintln!("stop {:?}", t.elapsed());
    assert!(trial.left_in_journal().is_empty());
    trial.close()
}
