//! One test can never see another's data, however hard it tries.

use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;

use crate::stage::{Stage, number, small, texts};

#[tokio::test]
async fn a_lease_enters_its_own_database_and_no_other() {
    let stage = Stage::of(&small()).await;
    let (mine, other) = (stage.lease("one").await, stage.lease("two").await);
    let theirs = other.client().await.unwrap();
    theirs
        .batch_execute("CREATE TABLE secret (text TEXT); INSERT INTO secret VALUES ('x')")
        .await
        .unwrap();
    let client = mine.client().await.unwrap();
    let all = texts(
        &client,
        "SELECT datname::text FROM pg_database WHERE datname <> current_database()",
    )
    .await;
    assert!(all.contains(&other.name().to_owned()));
    assert!(all.contains(&"postgres".to_owned()) && all.contains(&"template1".to_owned()));
    assert!(
        all.iter().any(|name| name.ends_with("_template")),
        "{all:?}"
    );
    for name in all {
        let refused = mine.config().dbname(&name).connect(NoTls).await.err();
        let code = refused.as_ref().and_then(|e| e.code()).cloned();
        let closed = [
            SqlState::INSUFFICIENT_PRIVILEGE,
            SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE,
        ];
        assert!(
            code.is_some_and(|code| closed.contains(&code)),
            "{name}: {refused:?}"
        );
    }
    stage.strike().await;
}

#[tokio::test]
async fn a_lease_can_become_nobody_who_enters_another() {
    let stage = Stage::of(&small()).await;
    let (mine, other) = (stage.lease("one").await, stage.lease("two").await);
    let theirs = other.client().await.unwrap();
    let pid = number(&theirs, "SELECT pg_backend_pid()::bigint").await;
    let client = mine.client().await.unwrap();
    for attempt in [
        format!("SET ROLE \"{}\"", other.name()),
        "SET ROLE phasegate".to_owned(),
        "ALTER ROLE phasegate PASSWORD 'x'".to_owned(),
        format!("ALTER ROLE \"{}\" PASSWORD 'x'", other.name()),
        format!(
            "GRANT CONNECT ON DATABASE \"{}\" TO PUBLIC; SELECT 1/0",
            other.name()
        ),
        format!("ALTER DATABASE \"{}\" RENAME TO theirs", other.name()),
        format!("CREATE DATABASE copy TEMPLATE \"{}\"", other.name()),
        format!("SELECT pg_terminate_backend({pid})"),
        "CREATE ROLE another".to_owned(),
        "SELECT pg_read_file('postgresql.conf')".to_owned(),
        "COPY author TO PROGRAM 'cat'".to_owned(),
        "ALTER SYSTEM SET work_mem = '1MB'".to_owned(),
    ] {
        assert!(client.batch_execute(&attempt).await.is_err(), "{attempt}");
    }
    theirs.batch_execute("SELECT 1").await.unwrap();
    // The role that owns what was migrated can do no more.
    let owner = texts(&client, "SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'phasegate%owner' AND NOT rolsuper AND NOT rolcanlogin AND NOT rolcreaterole AND NOT rolcreatedb").await;
    assert_eq!(owner.len(), 1);
    client
        .batch_execute(&format!("SET ROLE \"{}\"", owner[0]))
        .await
        .unwrap();
    stage.strike().await;
}

#[tokio::test]
async fn nobody_enters_without_a_password() {
    let stage = Stage::of(&small()).await;
    let lease = stage.lease("one").await;
    let port = lease.config().get_ports()[0];
    let sockets = stage.trial.host().dir().join("socket");
    for user in [lease.name(), "phasegate", "postgres"] {
        for database in [lease.name(), "postgres"] {
            let mut config = tokio_postgres::Config::new();
            config
                .port(port)
                .user(user)
                .dbname(database)
                .password("wrong");
            let tcp = config.clone().host("127.0.0.1").connect(NoTls).await;
            assert!(tcp.is_err(), "{user} {database}");
            let socket = config.clone().host_path(&sockets).connect(NoTls).await;
            assert!(socket.is_err(), "{user} {database}");
        }
    }
    stage.strike().await;
}

#[tokio::test]
async fn notifications_and_locks_stay_within_a_lease() {
    let stage = Stage::of(&small()).await;
    let mine = stage.lease("one").await.client().await.unwrap();
    let theirs = stage.lease("two").await.client().await.unwrap();
    for client in [&mine, &theirs] {
        let got: bool = client
            .query_one("SELECT pg_try_advisory_lock(42)", &[])
            .await
            .unwrap()
            .get(0);
        assert!(got, "the same number locks in each database for itself");
    }
    stage.strike().await;
}
