//! What is done to the template, and what is said when it cannot be done.

use std::fs;
use std::path::Path;

use phasegate::Postgres;
use phasegate::services::{Service, Trial};

use crate::stage::{Stage, number, texts};

fn write(dir: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        fs::write(dir.join(name), text).unwrap();
    }
}

#[tokio::test]
async fn files_a_function_and_a_seed_apply_in_order() {
    let dir = tempfile::tempdir().unwrap();
    write(
        dir.path(),
        &[
            (
                "10_fill.sql",
                "INSERT INTO item VALUES (1); INSERT INTO item VALUES (2);",
            ),
            ("9_item.up.sql", "CREATE TABLE item (id INT);"),
            ("9_item.down.sql", "DROP TABLE item;"),
        ],
    );
    let service = Postgres::local()
        .pool(1)
        .migrations(dir.path())
        .migrate_with(|db| async move {
            let client = db.client().await?;
            client
                .batch_execute("CREATE TABLE note (text TEXT)")
                .await?;
            Ok(())
        })
        .seed_sql("INSERT INTO note VALUES ('seeded')");
    let stage = Stage::of(&service).await;
    let steps = stage.trial.steps();
    assert_eq!(steps.iter().filter(|step| *step == "migrate").count(), 2);
    let client = stage.lease("one").await.client().await.unwrap();
    assert_eq!(number(&client, "SELECT count(*) FROM item").await, 2);
    assert_eq!(texts(&client, "SELECT text FROM note").await, ["seeded"]);
    stage.strike().await;
}

#[tokio::test]
async fn a_broken_migration_is_pointed_at() {
    let dir = tempfile::tempdir().unwrap();
    write(
        dir.path(),
        &[
            ("0001_ok.sql", "CREATE TABLE item (id INT);"),
            (
                "0002_typo.sql",
                "-- more\nALTER TABLE item\n  ADD COLUMN naem TEXTT;\n",
            ),
        ],
    );
    let said = failure(Postgres::local().migrations(dir.path())).await;
    assert!(said.contains("0002_typo.sql:3:19: "), "{said}");
    assert!(said.contains("type \"textt\" does not exist"), "{said}");
    assert!(said.starts_with("migrate: "), "{said}");
}

#[tokio::test]
async fn what_a_function_or_a_seed_says_is_passed_on() {
    let said = failure(
        Postgres::local().migrate_with(|_| async { Err(phasegate::Error::new("no such tool")) }),
    )
    .await;
    assert!(said.contains("migrate: no such tool"), "{said}");
    let said = failure(Postgres::local().seed_sql("SELECT 1;\nSELEC 2")).await;
    assert!(
        said.contains("seed: the seed:2:1: ERROR: syntax error"),
        "{said}"
    );
}

#[tokio::test]
async fn a_directory_that_is_not_there_is_named() {
    let said = failure(Postgres::local().migrations("no/such/place")).await;
    assert!(
        said.contains("no/such/place") && said.contains("migrations"),
        "{said}"
    );
}

async fn failure(service: Postgres) -> String {
    let trial = Trial::new("database").unwrap();
    let said = service.start(trial.host()).await.err().unwrap().to_string();
    assert!(
        !trial.host().dir().join("data/postmaster.pid").exists(),
        "stopped"
    );
    trial.close().unwrap();
    said
}
