//! The server's connections are shared out, and waited for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use phasegate::Postgres;
use phasegate::services::{Running, Service, Trial};
use tokio_postgres::error::SqlState;

use crate::stage::{Stage, small};

const TESTS: usize = 64;
const SHARE: usize = 3;

#[tokio::test]
async fn sixty_four_tests_wait_for_twenty_connections() {
    let service = small()
        .setting("max_connections", "20")
        .connections_per_lease(3)
        .pool(12);
    let stage = Arc::new(Stage::of(&service).await);
    let (open, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut tests = Vec::new();
    for number in 0..TESTS {
        let (stage, open, most) = (Arc::clone(&stage), Arc::clone(&open), Arc::clone(&most));
        tests.push(tokio::spawn(async move {
            let lease = stage.lease(&format!("test {number}")).await;
            let mut clients = Vec::new();
            for _ in 0..SHARE {
                clients.push(lease.client().await.unwrap());
                most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            }
            for client in &clients {
                client
                    .batch_execute("SELECT count(*) FROM author")
                    .await
                    .unwrap();
            }
            // Until another has been let in beside it.
            let beside = async {
                while most.load(Ordering::SeqCst) < 2 * SHARE {
                    tokio::task::yield_now().await;
                }
            };
            tokio::time::timeout(Duration::from_secs(30), beside)
                .await
                .unwrap();
            open.fetch_sub(SHARE, Ordering::SeqCst);
            // Still connected, as a test that was killed would be.
            stage.server.reclaim(&lease).await.unwrap();
            drop(clients);
        }));
    }
    for test in tests {
        test.await.unwrap();
    }
    let most = most.load(Ordering::SeqCst);
    assert!((2 * SHARE..20).contains(&most), "{most} at once");
    Arc::into_inner(stage).unwrap().strike().await;
}

#[tokio::test]
async fn a_lease_may_open_its_share_and_no_more() {
    let stage = Stage::of(&small().connections_per_lease(2)).await;
    let lease = stage.lease("one").await;
    let _held = (lease.client().await.unwrap(), lease.client().await.unwrap());
    let refused = tokio_postgres::connect(lease.url(), tokio_postgres::NoTls).await;
    let refused = refused.err().unwrap();
    assert_eq!(refused.code(), Some(&SqlState::TOO_MANY_CONNECTIONS));
    stage.strike().await;
}

#[tokio::test]
async fn a_server_without_room_says_so_at_the_start() {
    let trial = Trial::new("database").unwrap();
    let service = Postgres::local().setting("max_connections", "6");
    let said = service.start(trial.host()).await.err().unwrap().to_string();
    assert!(said.contains("raise max_connections"), "{said}");
    trial.close().unwrap();
}
