//! Services that behave as they are told, and tests that lease them.
//!
//! The driver is one that a user could write: a `redis-server` of which each test gets a counter.
#![allow(missing_docs)]

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use phasegate::prelude::*;
use phasegate::services::{Ask, Host, Process, Program, Running, Service};
use phasegate_subjects::tell;
use serde::{Deserialize, Serialize};

phasegate::main!();

/// A service with a word that the environment may hold against it.
struct Store(&'static str);

struct Started {
    socket: PathBuf,
    process: Process,
    name: &'static str,
}

#[derive(Debug, Serialize, Deserialize)]
struct Share {
    socket: PathBuf,
    key: String,
}

/// What a test holds: one key of the server.
struct Counter {
    share: Share,
}

/// Sends one command in the server's own protocol and returns the first line of the answer.
fn ask(socket: &Path, words: &[&str]) -> phasegate::Result<String> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut text = format!("*{}\r\n", words.len());
    for word in words {
        text += &format!("${}\r\n{word}\r\n", word.len());
    }
    stream.write_all(text.as_bytes())?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    match line.trim_end().strip_prefix('-') {
        Some(error) => Err(phasegate::Error::new(error)),
        None if line.is_empty() => Err(phasegate::Error::new("the server hung up")),
        None => Ok(line.trim_end().to_owned()),
    }
}

/// Whether the environment asks the service to fail in this way.
fn is_told(name: &str, how: &str) -> bool {
    std::env::var("SUBJECT_BREAK")
        .is_ok_and(|told| told.split(',').any(|t| t == format!("{name}:{how}")))
}

impl Service for Store {
    const KIND: &'static str = "store";
    type Running = Started;
    type Handle = Counter;

    async fn start(&self, host: &Host) -> phasegate::Result<Started> {
        tell(&format!("start {}", self.0));
        if is_told(self.0, "suicide") {
            std::process::abort();
        }
        assert!(!is_told(self.0, "panic"), "it was told to panic");
        if is_told(self.0, "refuse") {
            return Err(phasegate::Error::new("it was told to refuse"));
        }
        let socket = host.dir().join("socket");
        tell(&format!("dir {}", host.dir().display()));
        let mut program = Program::new("redis-server").args(["--save", "", "--port", "0"]);
        if is_told(self.0, "exit") {
            program = program.arg("--no-such-directive").arg("x");
        }
        program = program.arg("--unixsocket").arg(socket.as_os_str());
        let process = host.step("start", async { host.start(&program) }).await?;
        let wrong = is_told(self.0, "mute").then(|| host.dir().join("nowhere"));
        let probed = wrong.as_ref().unwrap_or(&socket);
        host.step(
            "probe",
            host.ready("`PING`", || async { ask(probed, &["PING"]).map(drop) }),
        )
        .await?;
        Ok(Started {
            socket,
            process,
            name: self.0,
        })
    }

    async fn open(&self, share: Share, _: &Context, _: &'static str) -> phasegate::Result<Counter> {
        Ok(Counter { share })
    }
}

impl Running for Started {
    type Share = Share;

    async fn probe(&self) -> phasegate::Result {
        ask(&self.socket, &["PING"]).map(drop)
    }

    async fn lease(&self, wanted: &Ask) -> phasegate::Result<Share> {
        tell(&format!("lease {}", self.name));
        Ok(Share {
            socket: self.socket.clone(),
            key: wanted.namespace.clone(),
        })
    }

    async fn reset(&self, share: &Share) -> phasegate::Result {
        ask(&share.socket, &["DEL", &share.key]).map(drop)
    }

    async fn reclaim(&self, share: &Share) -> phasegate::Result {
        tell(&format!("reclaim {}", self.name));
        assert!(!is_told(self.name, "drop"), "it was told to drop it");
        if is_told(self.name, "reclaim") {
            return Err(phasegate::Error::new("it was told not to reclaim"));
        }
        ask(&share.socket, &["DEL", &share.key]).map(drop)
    }

    async fn stop(&self) -> phasegate::Result {
        tell(&format!("stop {}", self.name));
        self.process.stop(15, Duration::from_secs(5)).await
    }
}

impl Counter {
    fn count(&self) -> phasegate::Result<String> {
        ask(&self.share.socket, &["INCR", &self.share.key])
    }

    fn kill_the_server(&self) {
        // The answer to this one never comes.
        let _ = ask(&self.share.socket, &["SHUTDOWN", "NOSAVE"]);
    }
}

#[phasegate::service(boundary = "database")]
fn store() -> Store {
    Store("store")
}

#[phasegate::service(boundary = "search", after = ["store"])]
fn index() -> Store {
    Store("index")
}

#[phasegate::service(boundary = "archive", fallback = small_archive, timeout = "2s")]
fn archive() -> Store {
    Store("archive")
}

fn small_archive() -> Store {
    Store("small_archive")
}

#[phasegate::test(tags = ["plain"])]
fn needs_nothing() {}

#[phasegate::test]
fn counts_from_one(counter: Lease<Store, store>) -> phasegate::Result {
    assert_eq!(counter.count()?, ":1");
    Ok(())
}

#[phasegate::test]
#[case::first(1)]
#[case::second(2)]
#[case::third(3)]
fn counts_alone(counter: Lease<Store, store>, #[case] times: usize) -> phasegate::Result {
    for time in 1..=times {
        assert_eq!(counter.count()?, format!(":{time}"));
    }
    Ok(())
}

#[phasegate::test]
async fn counts_again_after_a_reset(counter: Lease<Store, store>) -> phasegate::Result {
    counter.count()?;
    counter.reset().await?;
    assert_eq!(counter.count()?, ":1");
    Ok(())
}

#[phasegate::test(isolation = "thread")]
async fn counts_in_a_thread(counter: Lease<Store, store>) -> phasegate::Result {
    counter.count()?;
    counter.reset().await?;
    assert_eq!(counter.count()?, ":1");
    Ok(())
}

#[phasegate::test(tags = ["both"])]
fn uses_both(one: Lease<Store, store>, other: Lease<Store, index>) -> phasegate::Result {
    assert_eq!(one.count()?, ":1");
    assert_eq!(other.count()?, ":1");
    Ok(())
}

#[phasegate::test(tags = ["archive"])]
fn uses_the_archive(counter: Lease<Store, archive>) -> phasegate::Result {
    assert_eq!(counter.count()?, ":1");
    Ok(())
}

#[phasegate::test]
fn panics_with_a_lease(counter: Lease<Store, store>) {
    if std::env::var_os("SUBJECT_PANIC").is_some() {
        let _ = counter.count();
        panic!("as it was told");
    }
}

#[phasegate::test(tags = ["deadly"])]
fn kills_its_service_once(counter: Lease<Store, store>, cx: Context) -> phasegate::Result {
    let times: u32 = std::env::var("SUBJECT_KILLS")
        .unwrap_or_default()
        .parse()
        .unwrap_or(0);
    if cx.attempt() <= times {
        counter.kill_the_server();
    }
    assert_eq!(counter.count()?, ":1");
    Ok(())
}

#[phasegate::test(tags = ["waits"])]
fn waits_with_a_lease(counter: Lease<Store, store>) -> phasegate::Result {
    counter.count()?;
    if std::env::var_os("SUBJECT_WAIT").is_some() {
        tell("waits");
        loop {
            std::thread::park();
        }
    }
    Ok(())
}
