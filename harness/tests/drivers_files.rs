//! The driver of files against directories and object stores.
#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;
use std::sync::Arc;

use futures_util::TryStreamExt;
use phasegate::drivers::files::object_store::path::Path as Key;
use phasegate::drivers::files::object_store::{self, ObjectStore};
use phasegate::drivers::files::{FileArea, FilesRunning, FilesShare};
use phasegate::services::{Running, Service, Trial};
use phasegate::{Context, Files};

struct Stage {
    trial: Trial,
    service: Files,
    running: FilesRunning,
}

/// One test's part, as the harness drives it.
struct Part {
    cx: Context,
    share: FilesShare,
    area: FileArea,
}

async fn start(service: Files) -> Stage {
    let trial = Trial::new("posters").unwrap();
    let running = service.start(trial.host()).await.unwrap();
    Stage {
        trial,
        service,
        running,
    }
}

impl Stage {
    async fn open(&self, test: &str) -> Part {
        self.running.probe().await.unwrap();
        let share = self.running.lease(&self.trial.ask(test)).await.unwrap();
        let cx = self.trial.context(test);
        let area = self
            .service
            .open(share.clone(), &cx, "posters")
            .await
            .unwrap();
        Part { cx, share, area }
    }

    async fn reset(&self, part: &Part) {
        self.running.reset(&part.share).await.unwrap();
        self.service.reset(&part.area).await.unwrap();
    }

    async fn close(&self, part: Part) {
        self.trial.release(part.cx).await.unwrap();
        self.running.reclaim(&part.share).await.unwrap();
        self.running.reclaim(&part.share).await.unwrap();
    }

    async fn stop(self) {
        assert!(self.trial.left_in_journal().is_empty());
        self.running.stop().await.unwrap();
        self.trial.close().unwrap();
    }
}

async fn refusal(service: Files) -> String {
    let trial = Trial::new("posters").unwrap();
    let error = match service.start(trial.host()).await {
        Ok(_) => panic!("it started"),
        Err(error) => error.to_string(),
    };
    trial.close().unwrap();
    error
}

/// A directory with `a.txt` and `deep/b.txt`.
fn seed() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.txt"), "a").unwrap();
    std::fs::create_dir(dir.path().join("deep")).unwrap();
    std::fs::write(dir.path().join("deep/b.txt"), "b").unwrap();
    dir
}

fn url(dir: &Path) -> String {
    format!("file://{}", dir.display())
}

async fn put(store: &Arc<dyn ObjectStore>, key: &str, content: &'static str) {
    store.put(&Key::from(key), content.into()).await.unwrap();
}

async fn keys(store: &Arc<dyn ObjectStore>) -> Vec<String> {
    let objects: Vec<_> = store.list(None).try_collect().await.unwrap();
    let mut keys: Vec<String> = objects.iter().map(|o| o.location.to_string()).collect();
    keys.sort();
    keys
}

fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap().flatten();
    let mut names: Vec<String> = entries
        .map(|e| e.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn each_test_has_a_directory_with_the_seed_in_it() {
    let seed = seed();
    let stage = start(Files::directory().seed(seed.path())).await;
    let (one, other) = (stage.open("one").await, stage.open("other").await);
    assert_eq!(
        std::fs::read_to_string(one.area.path().join("deep/b.txt")).unwrap(),
        "b"
    );
    std::fs::write(one.area.path().join("deep/c.txt"), "c").unwrap();
    std::fs::remove_file(one.area.path().join("a.txt")).unwrap();
    assert_eq!(keys(&one.area.store()).await, ["deep/b.txt", "deep/c.txt"]);
    assert_eq!(keys(&other.area.store()).await, ["a.txt", "deep/b.txt"]);
    assert_eq!(one.area.url(), url(one.area.path()));

    let path = one.area.path().to_owned();
    stage.reset(&one).await;
    assert_eq!(one.area.path(), path);
    assert_eq!(keys(&one.area.store()).await, ["a.txt", "deep/b.txt"]);
    stage.close(one).await;
    stage.close(other).await;
    assert!(!path.exists(), "it goes with the attempt");
    assert_eq!(names(seed.path()), ["a.txt", "deep"]);
    stage.stop().await;
}

#[tokio::test]
async fn each_test_has_a_part_of_the_store_and_cannot_leave_it() {
    let (store, seed) = (tempfile::tempdir().unwrap(), seed());
    std::fs::write(store.path().join("of-others.txt"), "x").unwrap();
    let stage = start(Files::store(url(store.path())).seed(seed.path())).await;
    assert_eq!(
        stage.running.url().as_deref(),
        Some(url(store.path()).as_str())
    );
    let (one, other) = (stage.open("one").await, stage.open("other").await);
    put(&one.area.store(), "deep/c.txt", "c").await;
    assert_eq!(
        keys(&one.area.store()).await,
        ["a.txt", "deep/b.txt", "deep/c.txt"]
    );
    assert_eq!(keys(&other.area.store()).await, ["a.txt", "deep/b.txt"]);
    // The directory is what the store shows, and the URL leads there.
    assert_eq!(
        std::fs::read_to_string(one.area.path().join("deep/c.txt")).unwrap(),
        "c"
    );
    assert_eq!(one.area.url(), url(one.area.path()));

    let theirs = other.share_name();
    for way in [
        format!("../{theirs}/a.txt"),
        format!("/{theirs}/a.txt"),
        "../of-others.txt".into(),
    ] {
        let reached = one.area.store().get(&Key::from(way.as_str())).await;
        assert!(
            matches!(reached, Err(object_store::Error::NotFound { .. })),
            "{way}"
        );
        assert!(Key::parse(&way).is_err() || !way.contains(".."), "{way}");
    }

    stage.reset(&one).await;
    assert_eq!(keys(&one.area.store()).await, ["a.txt", "deep/b.txt"]);
    stage.close(one).await;
    assert_eq!(keys(&other.area.store()).await, ["a.txt", "deep/b.txt"]);
    stage.close(other).await;
    assert_eq!(names(store.path()), ["of-others.txt"]);
    stage.stop().await;
}

impl Part {
    fn share_name(&self) -> String {
        let share = serde_json::to_value(&self.share).unwrap();
        share["part"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn what_a_dead_supervisor_left_is_removed_by_the_journal() {
    let (store, seed) = (tempfile::tempdir().unwrap(), seed());
    let stage = start(Files::store(url(store.path())).seed(seed.path())).await;
    let part = stage.open("one").await;
    put(&part.area.store(), "c.txt", "c").await;
    std::fs::create_dir(part.area.path().join("empty")).unwrap();
    // Nobody reclaims: as if the supervisor had been killed.
    assert_eq!(stage.trial.left_in_journal().len(), 1);
    stage.trial.recover(&stage.service).await.unwrap();
    stage.trial.recover(&stage.service).await.unwrap();
    assert!(names(store.path()).is_empty(), "{:?}", names(store.path()));
    stage.close(part).await;
    stage.stop().await;
}

#[tokio::test]
async fn a_lease_that_cannot_be_filled_leaves_nothing() {
    let (store, seed) = (tempfile::tempdir().unwrap(), seed());
    let stage = start(Files::store(url(store.path())).seed(seed.path())).await;
    drop(seed);
    let error = stage
        .running
        .lease(&stage.trial.ask("one"))
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("cannot read the seed"), "{error}");
    assert!(names(store.path()).is_empty());
    stage.stop().await;
}

#[tokio::test]
async fn a_memory_is_the_tests_own() {
    let seed = seed();
    let stage = start(Files::store("memory:///").seed(seed.path())).await;
    let (one, other) = (stage.open("one").await, stage.open("other").await);
    put(&one.area.store(), "c.txt", "c").await;
    assert_eq!(
        keys(&one.area.store()).await,
        ["a.txt", "c.txt", "deep/b.txt"]
    );
    assert_eq!(keys(&other.area.store()).await, ["a.txt", "deep/b.txt"]);
    stage.reset(&one).await;
    assert_eq!(keys(&one.area.store()).await, ["a.txt", "deep/b.txt"]);
    let area = one.area.clone();
    let panicked = tokio::spawn(async move { area.path().to_owned() }).await;
    let said = panicked
        .unwrap_err()
        .into_panic()
        .downcast::<String>()
        .unwrap();
    assert!(
        said.contains("which is no directory; use `.store()`"),
        "{said}"
    );
    stage.close(one).await;
    stage.close(other).await;
    stage.stop().await;
}

#[tokio::test]
async fn what_cannot_start_says_what_to_write() {
    let error = refusal(Files::store("ftp://me:s3cret@example.com/x")).await;
    assert!(error.contains("of no known form; `file:///dir`"), "{error}");
    assert!(!error.contains("s3cret"), "{error}");
    let error = refusal(Files::store("file:///no/such/directory")).await;
    assert!(
        error.contains("/no/such/directory cannot be used as a store; create"),
        "{error}"
    );
    let error = refusal(Files::store_from_env("PHASEGATE_NO_SUCH_URL")).await;
    assert!(
        error.contains("PHASEGATE_NO_SUCH_URL, which is not set; write"),
        "{error}"
    );
    let error = refusal(Files::directory().seed("no/such/seed")).await;
    assert!(
        error.contains("no/such/seed is no directory; create it"),
        "{error}"
    );
}
