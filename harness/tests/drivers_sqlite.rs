//! The driver of SQLite databases against SQLite.
#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;

use phasegate::drivers::sqlite::{SqliteDatabase, SqliteRunning, rusqlite};
use phasegate::services::{Running, Service, Trial};
use phasegate::{Context, Sqlite};
use rusqlite::Connection;

const SHELVES: &str = "CREATE TABLE shelf (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);";

struct Stage {
    trial: Trial,
    service: Sqlite,
    running: SqliteRunning,
}

async fn start(service: Sqlite) -> Stage {
    let trial = Trial::new("catalogue").unwrap();
    let running = service.start(trial.host()).await.unwrap();
    Stage {
        trial,
        service,
        running,
    }
}

impl Stage {
    async fn open(&self, test: &str) -> (Context, SqliteDatabase) {
        self.running.probe().await.unwrap();
        let share = self.running.lease(&self.trial.ask(test)).await.unwrap();
        let cx = self.trial.context(test);
        let database = self.service.open(share, &cx, "catalogue").await.unwrap();
        (cx, database)
    }

    async fn stop(self) {
        self.running.stop().await.unwrap();
        self.trial.close().unwrap();
    }
}

async fn refusal(service: Sqlite) -> String {
    let trial = Trial::new("catalogue").unwrap();
    let error = service.start(trial.host()).await.unwrap_err().to_string();
    trial.close().unwrap();
    error
}

fn shelves(connection: &Connection) -> Vec<String> {
    let mut query = connection
        .prepare("SELECT name FROM shelf ORDER BY name")
        .unwrap();
    let rows = query.query_map([], |row| row.get(0)).unwrap();
    rows.map(|row| row.unwrap()).collect()
}

fn add(connection: &Connection, shelf: &str) {
    connection
        .execute("INSERT INTO shelf (name) VALUES (?1)", [shelf])
        .unwrap();
}

fn write(dir: &Path, name: &str, sql: &str) {
    std::fs::write(dir.join(name), sql).unwrap();
}

#[tokio::test]
async fn each_test_has_a_copy_of_the_migrated_database() {
    let dir = tempfile::tempdir().unwrap();
    write(
        dir.path(),
        "10_seed.sql",
        "INSERT INTO shelf (name, place) VALUES ('A', 'left');",
    );
    write(
        dir.path(),
        "2_place.sql",
        "ALTER TABLE shelf ADD COLUMN place TEXT;",
    );
    write(dir.path(), "1_shelf.up.sql", SHELVES);
    write(dir.path(), "1_shelf.down.sql", "DROP TABLE shelf;");
    let service = Sqlite::file()
        .migrations(dir.path())
        .migrate_with(|connection| {
            Ok(connection.execute_batch("INSERT INTO shelf (name) VALUES ('B')")?)
        })
        .seed_sql("INSERT INTO shelf (name) VALUES ('C')");
    let stage = start(service).await;
    assert_eq!(stage.trial.steps(), ["migrate"]);
    let (one_cx, one) = stage.open("one").await;
    let (other_cx, other) = stage.open("other").await;
    assert_eq!(shelves(&one.client().unwrap()), ["A", "B", "C"]);
    add(&one.client().unwrap(), "D");
    assert_eq!(shelves(&other.client().unwrap()), ["A", "B", "C"]);
    assert_ne!(one.path(), other.path());
    let path = one.path().to_owned();
    stage.trial.release(one_cx).await.unwrap();
    assert!(!path.exists(), "it goes with the attempt");
    stage.trial.release(other_cx).await.unwrap();
    stage.stop().await;
}

#[tokio::test]
async fn the_url_names_the_file() {
    let stage = start(Sqlite::file().seed_sql(SHELVES)).await;
    let (cx, database) = stage.open("one").await;
    let url = database.url();
    let path = url.strip_prefix("sqlite://").unwrap();
    assert_eq!(Path::new(path), database.path());
    stage.trial.release(cx).await.unwrap();
    stage.stop().await;
}

#[tokio::test]
async fn a_reset_is_seen_by_connections_that_are_open() {
    for wal in [false, true] {
        let mut service = Sqlite::file()
            .seed_sql(SHELVES)
            .seed_sql("INSERT INTO shelf (name) VALUES ('A')");
        if wal {
            service = service.wal();
        }
        let stage = start(service).await;
        let (cx, database) = stage.open("one").await;
        let connection = database.client().unwrap();
        let mode: String = connection
            .pragma_query_value(None, "journal_mode", |row| row.get(0))
            .unwrap();
        assert_eq!(mode, if wal { "wal" } else { "delete" });
        add(&connection, "B");
        connection
            .execute_batch("CREATE TABLE other (id INTEGER)")
            .unwrap();
        stage.service.reset(&database).await.unwrap();
        assert_eq!(shelves(&connection), ["A"]);
        assert!(connection.prepare("SELECT * FROM other").is_err());
        add(&connection, "C");
        assert_eq!(shelves(&database.client().unwrap()), ["A", "C"]);
        // Another test is not touched, and nothing has appeared beside the template.
        let (other_cx, other) = stage.open("other").await;
        assert_eq!(shelves(&other.client().unwrap()), ["A"]);
        let beside: Vec<_> = std::fs::read_dir(stage.trial.host().dir())
            .unwrap()
            .flatten()
            .map(|e| e.file_name())
            .collect();
        assert_eq!(beside, ["template.sqlite"]);
        stage.trial.release(cx).await.unwrap();
        stage.trial.release(other_cx).await.unwrap();
        stage.stop().await;
    }
}

#[tokio::test]
async fn a_reset_under_an_open_transaction_is_refused() {
    let stage = start(Sqlite::file().seed_sql(SHELVES)).await;
    let (cx, database) = stage.open("one").await;
    let connection = database.client().unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    add(&connection, "A");
    let error = stage
        .service
        .reset(&database)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("a transaction was still open after 1s; end it"),
        "{error}"
    );
    connection.execute_batch("COMMIT").unwrap();
    stage.service.reset(&database).await.unwrap();
    assert!(shelves(&connection).is_empty());
    stage.trial.release(cx).await.unwrap();
    stage.stop().await;
}

#[tokio::test]
async fn a_log_that_migrations_ask_for_reaches_the_copies_complete() {
    let stage = start(
        Sqlite::file()
            .seed_sql("PRAGMA journal_mode = WAL")
            .seed_sql(SHELVES)
            .seed_sql("INSERT INTO shelf (name) VALUES ('A')"),
    )
    .await;
    let (cx, database) = stage.open("one").await;
    let connection = database.client().unwrap();
    let mode: String = connection
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
    assert_eq!(shelves(&connection), ["A"]);
    stage.trial.release(cx).await.unwrap();
    stage.stop().await;
}

#[tokio::test]
async fn a_broken_migration_is_named_with_its_line() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "1_shelf.sql", SHELVES);
    write(
        dir.path(),
        "2_broken.sql",
        "INSERT INTO shelf (name) VALUES ('A');\n\nINSERT INTO shelves\nVALUES (1);\n",
    );
    let error = refusal(Sqlite::file().migrations(dir.path())).await;
    assert!(
        error.ends_with("2_broken.sql:3: no such table: shelves"),
        "{error}"
    );
    write(
        dir.path(),
        "2_broken.sql",
        "INSERT INTO shelf (name) VALUES ('A'), ('A');",
    );
    let error = refusal(Sqlite::file().migrations(dir.path())).await;
    assert!(
        error.contains("2_broken.sql:1: UNIQUE constraint failed: shelf.name"),
        "{error}"
    );
    write(dir.path(), "2_broken.sql", "SELECT 1;\nSELECT\n  x y z;");
    let error = refusal(Sqlite::file().migrations(dir.path())).await;
    assert!(error.contains("2_broken.sql:3: near \"z\""), "{error}");
    let error = refusal(Sqlite::file().migrations("no/such/directory")).await;
    assert!(error.contains("no/such/directory"), "{error}");
    let error = refusal(Sqlite::file().seed_sql("BEGIN")).await;
    assert!(
        error.contains("leave a transaction open; end it"),
        "{error}"
    );
}
