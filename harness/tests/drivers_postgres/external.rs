//! A server that somebody else runs: one of our own, entered by its URL.

use std::time::Duration;

use phasegate::Postgres;
use phasegate::services::{Running, Service, Trial};
use tokio_postgres::Client;

use crate::stage::{SCHEMA, Stage, connect, number, texts};

/// Somebody else's server, with a superuser, a user who may create databases and roles, and a
/// database of theirs.
struct Theirs {
    stage: Stage,
    admin: Client,
    before: Vec<String>,
}

const NAMES: &str =
    "SELECT datname::text FROM pg_database UNION ALL SELECT rolname::text FROM pg_roles ORDER BY 1";

impl Theirs {
    async fn new() -> Self {
        let service = Postgres::local()
            .pool(1)
            .setting("max_connections", "60")
            .seed_sql(
                "CREATE ROLE boss LOGIN SUPERUSER PASSWORD 'hunter2';
             CREATE ROLE maker LOGIN CREATEDB CREATEROLE PASSWORD 'hunter2'",
            );
        let stage = Stage::of(&service).await;
        // Both of its own spares are made: from here on its names are ours alone.
        let _all = (stage.lease("a").await, stage.lease("b").await);
        let admin = connect(&url(&stage, "boss")).await.unwrap();
        admin
            .batch_execute("GRANT CONNECT ON DATABASE postgres TO maker")
            .await
            .unwrap();
        let before = settled(&admin).await;
        Self {
            stage,
            admin,
            before,
        }
    }

    fn url(&self, user: &str) -> String {
        url(&self.stage, user)
    }

    async fn is_as_before(&self) {
        assert_eq!(texts(&self.admin, NAMES).await, self.before);
    }

    async fn strike(self) {
        self.stage.strike().await;
    }
}

fn url(stage: &Stage, user: &str) -> String {
    let address = stage.server.url().unwrap();
    address.replace("postgres://", &format!("postgres://{user}:hunter2@")) + "/postgres"
}

/// The names once the pool is full again.
async fn settled(admin: &Client) -> Vec<String> {
    loop {
        let names = texts(admin, NAMES).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        if texts(admin, NAMES).await == names {
            return names;
        }
    }
}

async fn comes_and_goes(user: &str) {
    let theirs = Theirs::new().await;
    let service = Postgres::external(theirs.url(user))
        .seed_sql(SCHEMA)
        .pool(2);
    let stage = Stage::of(&service).await;
    let (one, two) = (stage.lease("one").await, stage.lease("two").await);
    let client = connect(one.url()).await.unwrap();
    assert_eq!(number(&client, "SELECT count(*) FROM author").await, 1000);
    client
        .batch_execute(
            "DROP TABLE book; CREATE TABLE mine (id INT); BEGIN; INSERT INTO mine VALUES (1);
             PREPARE TRANSACTION 'half'; CREATE SCHEMA s",
        )
        .await
        .unwrap();
    assert!(
        connect(
            &one.url()
                .replace(&format!("/{}", one.name()), &format!("/{}", two.name()))
        )
        .await
        .is_err()
    );
    stage.server.reset(&one).await.unwrap();
    let client = connect(one.url()).await.unwrap();
    assert_eq!(number(&client, "SELECT count(*) FROM book").await, 0);
    client
        .batch_execute("BEGIN; DELETE FROM author; PREPARE TRANSACTION 'orphan'")
        .await
        .unwrap();
    stage.server.reclaim(&one).await.unwrap();
    let names = texts(&theirs.admin, NAMES).await;
    assert!(
        !names.contains(&one.name().to_owned()),
        "dropped before reclaim returned"
    );
    assert!(names.contains(&two.name().to_owned()));
    // `two` is still leased when the service stops.
    stage.strike().await;
    theirs.is_as_before().await;
    theirs.strike().await;
}

#[tokio::test]
async fn a_superuser_leaves_nothing_behind() {
    comes_and_goes("boss").await;
}

#[tokio::test]
async fn whoever_may_create_databases_and_roles_is_enough() {
    comes_and_goes("maker").await;
}

/// Starts, leases, makes a mess, and is killed: its journal is all that is left.
fn killed(trial: &Trial, service: &Postgres) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let server = service.start(trial.host()).await.unwrap();
        let one = server.lease(&trial.ask("one")).await.unwrap();
        let two = server.lease(&trial.ask("two")).await.unwrap();
        for lease in [&one, &two] {
            let client = connect(lease.url()).await.unwrap();
            client
                .batch_execute("CREATE TABLE mine (id INT); BEGIN; DELETE FROM author; PREPARE TRANSACTION 'x'")
                .await
                .unwrap_or_else(|error| assert!(error.to_string().contains("db error"), "{error}"));
        }
        server.reset(&one).await.unwrap();
        std::mem::forget(server);
    });
    runtime.shutdown_background();
}

async fn what_a_kill_leaves_is_undone(user: &str) {
    let theirs = Theirs::new().await;
    let trial = Trial::new("database").unwrap();
    let service = Postgres::external(theirs.url(user))
        .seed_sql(SCHEMA)
        .pool(2);
    std::thread::scope(|scope| scope.spawn(|| killed(&trial, &service)).join()).unwrap();
    assert_ne!(texts(&theirs.admin, NAMES).await, theirs.before);
    let left = trial.left_in_journal();
    assert!(left.len() >= 4, "{left:?}");
    assert!(!format!("{left:?}").contains("hunter2"));
    trial.recover(&service).await.unwrap();
    theirs.is_as_before().await;
    // Twice does no harm.
    trial.recover(&service).await.unwrap();
    // Another server is not taken for it.
    let elsewhere = Postgres::external("postgres://boss:hunter2@127.0.0.1:1/postgres");
    let said = trial.recover(&elsewhere).await.unwrap_err().to_string();
    assert!(
        said.contains("DROP DATABASE") && !said.contains("hunter2"),
        "{said}"
    );
    trial.close().unwrap();
    theirs.strike().await;
}

#[tokio::test]
async fn what_a_superusers_kill_leaves_is_undone() {
    what_a_kill_leaves_is_undone("boss").await;
}

#[tokio::test]
async fn what_a_makers_kill_leaves_is_undone() {
    what_a_kill_leaves_is_undone("maker").await;
}

#[tokio::test]
async fn a_failed_start_leaves_nothing_behind() {
    let theirs = Theirs::new().await;
    let trial = Trial::new("database").unwrap();
    let service = Postgres::external(theirs.url("boss")).seed_sql("SELEC 1");
    let said = service.start(trial.host()).await.err().unwrap().to_string();
    assert!(
        said.contains("syntax error") && !said.contains("hunter2"),
        "{said}"
    );
    theirs.is_as_before().await;
    assert!(trial.left_in_journal().is_empty());
    trial.close().unwrap();
    theirs.strike().await;
}

#[tokio::test]
async fn what_is_no_name_of_ours_is_never_dropped() {
    let service = Postgres::external("postgres://boss:hunter2@127.0.0.1:1/postgres");
    let left = serde_json::json!({"server": "127.0.0.1:1", "database": "shop", "role": "boss"});
    let said = service.undo(left).await.unwrap_err().to_string();
    assert!(said.contains("nothing was removed"), "{said}");
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_named_without_its_password() {
    let trial = Trial::with("database", 2, Duration::from_millis(300)).unwrap();
    let service = Postgres::external("postgres://boss:hunter2@127.0.0.1:1/postgres");
    let said = service.start(trial.host()).await.err().unwrap().to_string();
    assert!(!said.contains("hunter2"), "{said}");
    assert!(said.contains("connect to 127.0.0.1:1"), "{said}");
    trial.close().unwrap();
}

#[tokio::test]
async fn a_wrong_password_is_not_waited_out() {
    let theirs = Theirs::new().await;
    let trial = Trial::with("database", 2, Duration::from_secs(600)).unwrap();
    let url = theirs.url("boss").replace("hunter2", "swordfish");
    let said = Postgres::external(url).start(trial.host()).await;
    let said = said.err().unwrap().to_string();
    assert!(said.contains("password authentication failed"), "{said}");
    trial.close().unwrap();
    theirs.strike().await;
}
