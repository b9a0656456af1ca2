//! Real servers, ours and others': what a user's integration tests look like.
#![allow(missing_docs)]

use phasegate::prelude::*;
use phasegate_subjects::tell;
use redis::AsyncCommands;

phasegate::main!();

const NOTES: &str = "CREATE TABLE note (id serial PRIMARY KEY, text text NOT NULL);
    INSERT INTO note (text) VALUES ('milk')";

#[phasegate::service(boundary = "database")]
fn database() -> Postgres {
    Postgres::local().seed_sql(NOTES)
}

#[phasegate::service(boundary = "cache", after = ["database"])]
fn cache() -> Redis {
    Redis::local()
}

#[phasegate::service(boundary = "archive")]
fn archive() -> Postgres {
    Postgres::external_from_env("SUBJECT_POSTGRES")
        .pool(1)
        .seed_sql(NOTES)
}

#[phasegate::service(boundary = "queue")]
fn queue() -> Redis {
    Redis::external_from_env("SUBJECT_REDIS")
}

async fn count(db: &phasegate::drivers::postgres::Database) -> phasegate::Result<i64> {
    let row = db
        .client()
        .await?
        .query_one("SELECT count(*) FROM note", &[])
        .await?;
    Ok(row.get(0))
}

async fn write_a_note(db: &phasegate::drivers::postgres::Database) -> phasegate::Result {
    assert_eq!(count(db).await?, 1, "nobody else's notes are here");
    let client = db.client().await?;
    client
        .execute("INSERT INTO note (text) VALUES ('bread')", &[])
        .await?;
    assert_eq!(count(db).await?, 2);
    Ok(())
}

async fn write_a_key(cache: &phasegate::drivers::redis::Keyspace) -> phasegate::Result {
    let mut client = cache.client().await?;
    let known: Vec<String> = client.keys("*").await?;
    assert!(known.is_empty(), "nobody else's keys are here: {known:?}");
    let () = client.set("note", "milk").await?;
    Ok(())
}

#[phasegate::test(tags = ["ours"])]
#[case::first()]
#[case::second()]
#[case::third()]
async fn notes_are_private(db: Lease<Postgres, database>) -> phasegate::Result {
    write_a_note(&db).await
}

#[phasegate::test(tags = ["ours"])]
#[case::first()]
#[case::second()]
#[case::third()]
async fn keys_are_private(cache: Lease<Redis, cache>) -> phasegate::Result {
    write_a_key(&cache).await
}

#[phasegate::test(tags = ["ours"], isolation = "thread")]
async fn resets_in_a_thread(
    db: Lease<Postgres, database>,
    cache: Lease<Redis, cache>,
) -> phasegate::Result {
    write_a_note(&db).await?;
    write_a_key(&cache).await?;
    db.reset().await?;
    cache.reset().await?;
    write_a_note(&db).await?;
    write_a_key(&cache).await
}

#[phasegate::test(tags = ["theirs"])]
#[case::first()]
#[case::second()]
async fn notes_on_a_server_of_theirs(db: Lease<Postgres, archive>) -> phasegate::Result {
    write_a_note(&db).await?;
    // Prepared and left so: what blocks the dropping of a database.
    let client = db.client().await?;
    let prepare = format!(
        "BEGIN; INSERT INTO note (text) VALUES ('eggs'); PREPARE TRANSACTION 'left in {}'",
        db.name()
    );
    client.batch_execute(&prepare).await?;
    Ok(())
}

#[phasegate::test(tags = ["theirs"])]
#[case::first()]
#[case::second()]
async fn keys_on_a_server_of_theirs(queue: Lease<Redis, queue>) -> phasegate::Result {
    write_a_key(&queue).await
}

#[phasegate::test(tags = ["ours", "waits"])]
async fn waits_with_everything(
    db: Lease<Postgres, database>,
    cache: Lease<Redis, cache>,
) -> phasegate::Result {
    write_a_note(&db).await?;
    write_a_key(&cache).await?;
    if std::env::var_os("SUBJECT_WAIT").is_some() {
        tell("waits");
        std::future::pending::<()>().await;
    }
    Ok(())
}
