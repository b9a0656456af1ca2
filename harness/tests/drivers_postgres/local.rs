//! A server of our own: start, leases, reset, reclaim, stop.

use std::path::Path;
use std::time::Duration;

use phasegate::Postgres;
use phasegate::services::{Probe, Running, Service, Trial};

use crate::stage::{SCHEMA, Stage, connect, number, small, texts};

#[tokio::test]
async fn a_lease_is_a_migrated_database_that_its_test_owns() {
    let stage = Stage::of(&small()).await;
    for step in [
        "copy", "start", "probe", "template", "seed", "analyse", "pool",
    ] {
        assert!(stage.trial.steps().contains(&step.to_owned()), "{step}");
    }
    let lease = stage.lease("one").await;
    let client = connect(lease.url()).await.unwrap();
    assert_eq!(number(&client, "SELECT count(*) FROM author").await, 1000);
    // What a migration made can be altered and dropped, and new things can be made.
    client
        .batch_execute(
            "ALTER TABLE author ADD COLUMN born DATE; DROP TABLE book; TRUNCATE author;
             CREATE TABLE more (id INT); CREATE SCHEMA shop; CREATE TABLE shop.item (id INT);
             CREATE TYPE mood AS ENUM ('well'); CREATE TEMP TABLE brief (id INT);
             CREATE EXTENSION citext;",
        )
        .await
        .unwrap();
    let same = lease.client().await.unwrap();
    assert_eq!(number(&same, "SELECT count(*) FROM author").await, 0);
    assert_eq!(lease.config().get_dbname(), Some(lease.name()));
    stage.server.reclaim(&lease).await.unwrap();
    stage.server.reclaim(&lease).await.unwrap();
    stage.strike().await;
}

#[tokio::test]
async fn a_reset_brings_back_the_template_under_the_same_url() {
    let stage = Stage::of(&small()).await;
    let lease = stage.lease("one").await;
    let before = lease.client().await.unwrap();
    before
        .batch_execute(
            "DELETE FROM author; CREATE TABLE mine (id INT); BEGIN;
             INSERT INTO mine VALUES (1); PREPARE TRANSACTION 'unfinished'",
        )
        .await
        .unwrap();
    for _ in 0..3 {
        let one = lease.client().await.unwrap();
        one.batch_execute("DELETE FROM book; CREATE TABLE other (id INT)")
            .await
            .unwrap();
        stage.server.reset(&lease).await.unwrap();
        assert!(one.batch_execute("SELECT 1").await.is_err());
    }
    assert!(before.batch_execute("SELECT 1").await.is_err());
    let after = connect(lease.url()).await.unwrap();
    assert_eq!(number(&after, "SELECT count(*) FROM author").await, 1000);
    assert_eq!(
        texts(
            &after,
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        .await,
        ["author", "book"]
    );
    assert_eq!(
        number(&after, "SELECT count(*) FROM pg_prepared_xacts").await,
        0
    );
    // It owns the new one as it did the old.
    after
        .batch_execute("CREATE SCHEMA again; DROP TABLE book")
        .await
        .unwrap();
    stage.server.reclaim(&lease).await.unwrap();
    let late = stage.server.reset(&lease).await.unwrap_err().to_string();
    assert!(
        late.contains("no database of this server any more"),
        "{late}"
    );
    stage.strike().await;
}

#[tokio::test]
async fn reclaim_ends_what_the_test_left_open() {
    let stage = Stage::of(&small()).await;
    let lease = stage.lease("one").await;
    let client = lease.client().await.unwrap();
    client
        .batch_execute(
            "BEGIN; DELETE FROM author; PREPARE TRANSACTION 'forgotten'; BEGIN; CREATE TABLE open (id INT)",
        )
        .await
        .unwrap();
    let other = stage.lease("two").await.client().await.unwrap();
    stage.server.reclaim(&lease).await.unwrap();
    assert!(client.batch_execute("SELECT 1").await.is_err());
    assert!(connect(lease.url()).await.is_err());
    assert_eq!(
        number(&other, "SELECT count(*) FROM pg_prepared_xacts").await,
        0
    );
    stage.strike().await;
}

#[tokio::test]
async fn databases_that_were_taken_back_do_not_pile_up() {
    // Each of more than thirty megabytes: of those, fewer than ten are kept.
    let large = "CREATE TABLE large AS SELECT repeat(md5(n::text), 60) AS text FROM generate_series(1, 16000) n;
        ALTER TABLE large ALTER text SET STORAGE PLAIN";
    let stage = Stage::of(&small().seed_sql(large)).await;
    for number in 0..24 {
        let lease = stage.lease(&format!("{number}")).await;
        stage.server.reclaim(&lease).await.unwrap();
    }
    let client = stage.lease("last").await.client().await.unwrap();
    let few = async {
        while number(&client, "SELECT count(*) FROM pg_database").await > 20 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), few)
        .await
        .unwrap();
    stage.strike().await;
}

#[tokio::test]
async fn the_server_is_set_up_for_tests_and_settings_win() {
    let service = small()
        .setting("work_mem", "7MB")
        .setting("max_connections", "33");
    let stage = Stage::of(&service).await;
    let client = stage.lease("one").await.client().await.unwrap();
    for (name, value) in [
        ("fsync", "off"),
        ("synchronous_commit", "off"),
        ("full_page_writes", "off"),
        ("listen_addresses", "127.0.0.1"),
        ("max_prepared_transactions", "64"),
        ("server_encoding", "UTF8"),
        ("work_mem", "7MB"),
        ("max_connections", "33"),
    ] {
        assert_eq!(
            texts(&client, &format!("SHOW {name}")).await,
            [value],
            "{name}"
        );
    }
    stage.strike().await;
}

#[tokio::test]
async fn as_root_the_server_runs_as_somebody_else() {
    use std::os::unix::fs::MetadataExt;
    let stage = Stage::of(&small()).await;
    let data = stage.trial.host().dir().join("data");
    let pid = postmaster(&data);
    let server = Path::new("/proc").join(pid.to_string());
    let me = std::fs::metadata("/proc/self").unwrap().uid();
    if server.exists() {
        let its = std::fs::metadata(&server).unwrap().uid();
        assert_eq!(its == me, me != 0, "runs as {its}, this is {me}");
        assert_ne!(its, 0);
    }
    assert_eq!(
        data.metadata().unwrap().mode() & 0o077,
        0,
        "closed to others"
    );
    stage.strike().await;
}

#[tokio::test]
async fn the_end_of_the_supervisor_is_the_end_of_the_server() {
    let trial = Trial::new("database").unwrap();
    let server = small().start(trial.host()).await.unwrap();
    let pid = postmaster(&trial.host().dir().join("data"));
    assert!(holds_memory(pid));
    // As the next run does, when nobody has stopped it.
    trial.close().unwrap();
    assert!(!holds_memory(pid), "shared memory was given back");
    assert!(server.probe().await.is_err());
}

#[tokio::test]
async fn a_server_that_died_is_started_again_in_its_place() {
    let trial = Trial::new("database").unwrap();
    let service = small();
    let first = service.start(trial.host()).await.unwrap();
    let lost = first.lease(&trial.ask("one")).await.unwrap();
    first.stop().await.unwrap();
    assert!(first.probe().await.is_err());
    let second = service.start(trial.host()).await.unwrap();
    second.reclaim(&lost).await.unwrap();
    let lease = second.lease(&trial.ask("one")).await.unwrap();
    assert_ne!(lease.name(), lost.name());
    lease.client().await.unwrap();
    second.stop().await.unwrap();
    trial.close().unwrap();
}

#[tokio::test]
async fn passwords_are_told_to_the_test_alone() {
    let stage = Stage::of(&small()).await;
    let lease = stage.lease("one").await;
    let password = lease.config().get_password().unwrap().to_owned();
    let password = String::from_utf8(password).unwrap();
    assert!(lease.url().contains(&password));
    assert!(!format!("{lease:?}").contains(&password));
    let url = stage.server.url().unwrap();
    assert!(
        url.starts_with("postgres://127.0.0.1:") && !url.contains('@'),
        "{url}"
    );
    let service = Postgres::external("postgres://u:hunter2@h/d").seed_sql(SCHEMA);
    assert!(!format!("{service:?}").contains("hunter2"));
    stage.strike().await;
}

fn postmaster(data: &Path) -> u32 {
    let text = std::fs::read_to_string(data.join("postmaster.pid")).unwrap();
    text.lines().next().unwrap().trim().parse().unwrap()
}

/// Whether a process has made shared memory that is still there. Linux only; elsewhere `false`
/// would prove nothing, so it is made up from whether the process lives.
fn holds_memory(pid: u32) -> bool {
    match std::fs::read_to_string("/proc/sysvipc/shm") {
        Ok(table) => table
            .lines()
            .skip(1)
            .any(|line| line.split_whitespace().nth(4) == Some(&pid.to_string())),
        Err(_) => Path::new("/proc").join(pid.to_string()).exists(),
    }
}

#[tokio::test]
async fn a_probe_asks_the_server_and_keeps_its_password() {
    let stage = Stage::of(&small()).await;
    let lease = stage.lease("one").await;
    let probe = |query: &str| Probe::Sql {
        url: lease.url().to_owned(),
        query: query.to_owned(),
    };
    probe("SELECT 1").check().await.unwrap();
    let error = probe("SELECT * FROM nothing").check().await.unwrap_err();
    assert!(error.to_string().contains("nothing"), "{error}");
    assert_eq!(format!("{:?}", probe("SELECT 1")), "Probe(`SELECT 1`)");
    drop(lease);
    stage.strike().await;
}
