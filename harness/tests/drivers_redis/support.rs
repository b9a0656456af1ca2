//! What these tests share.

use std::future::Future;
use std::time::{Duration, Instant};

use phasegate::drivers::redis::{Keyspace, Share, Started};
use phasegate::services::{Running, Service, Trial};
use phasegate::{Context, Redis};
use redis::aio::MultiplexedConnection;
use redis::{FromRedisValue, RedisResult};

/// A started service with its trial.
pub(crate) struct Up {
    pub(crate) trial: Trial,
    pub(crate) service: Redis,
    pub(crate) running: Started,
}

impl Up {
    pub(crate) async fn of(service: Redis) -> Self {
        Self::with(service, 2).await
    }

    pub(crate) async fn with(service: Redis, workers: usize) -> Self {
        let trial = Trial::with("cache", workers, Duration::from_secs(30)).expect("a trial");
        let running = service
            .start(trial.host())
            .await
            .expect("the service starts");
        Self {
            trial,
            service,
            running,
        }
    }

    pub(crate) async fn lease(&self, test: &str) -> (Share, Keyspace) {
        let ask = self.trial.ask(test);
        let share = self.running.lease(&ask).await.expect("a lease");
        let keyspace = self.open(&share).await;
        (share, keyspace)
    }

    pub(crate) async fn open(&self, share: &Share) -> Keyspace {
        // A session has a runtime of its own, which may not start inside of this one.
        let context = std::thread::spawn(|| {
            phasegate::__private::detached_session()
                .acquire::<Context>()
                .ok()
        });
        let context = context.join().expect("no panic").expect("a context");
        let opened = self.service.open(share.clone(), &context, "cache").await;
        opened.expect("the lease opens")
    }

    /// Gives back a share, without a word of complaint.
    pub(crate) async fn reclaim(&self, share: &Share) {
        self.running.reclaim(share).await.expect("it is taken back");
    }

    /// Stops everything; nothing may be left.
    pub(crate) async fn down(self) {
        self.running.stop().await.expect("it stops");
        assert_eq!(
            self.trial.left_in_journal(),
            Vec::<serde_json::Value>::new()
        );
        let left: Vec<_> = std::fs::read_dir(self.trial.host().dir())
            .expect("the directory is there")
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_none_or(|e| e != "log"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
        self.trial.close().expect("nothing is in the way");
    }
}

/// `words` as a command.
pub(crate) async fn ask<T: FromRedisValue>(
    client: &mut MultiplexedConnection,
    words: &str,
) -> RedisResult<T> {
    let mut words = words.split(' ');
    let mut command = redis::cmd(words.next().unwrap_or_default());
    for word in words {
        command.arg(word);
    }
    command.query_async(client).await
}

/// As [`ask`], for commands that must succeed.
pub(crate) async fn tell<T: FromRedisValue>(client: &mut MultiplexedConnection, words: &str) -> T {
    match ask(client, words).await {
        Ok(answer) => answer,
        Err(error) => panic!("{words}: {error}"),
    }
}

/// Waits until something holds.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A client for any URL.
pub(crate) async fn connect(url: &str) -> RedisResult<MultiplexedConnection> {
    redis::Client::open(url)?
        .get_multiplexed_async_connection()
        .await
}
