//! The driver `command` with real programs. The small server that most of them are is in this
//! file: the test binary runs itself.
#![allow(missing_docs)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use phasegate::Context;
use phasegate::drivers::command::{Command, Endpoint, Share, Started};
use phasegate::services::{Probe, Program, Running, Service, Trial};

/// The server. It counts its requests, so that it has something to forget.
#[test]
#[ignore = "a program for the other tests"]
fn small_server() {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let how = variable("HOW");
    eprintln!(
        "small server, told to {how:?}, upstream {:?}",
        variable("UPSTREAM")
    );
    std::fs::write("remembered", "1").expect("the working directory is its own");
    if how == "fail" {
        eprintln!("the configuration is upside down");
        std::process::exit(3);
    }
    if how == "be deaf" {
        std::thread::sleep(Duration::from_secs(60));
    }
    let listener = TcpListener::bind(format!("127.0.0.1:{}", variable("PORT"))).expect("a port");
    let mut count = 0;
    for stream in listener.incoming() {
        let mut stream = stream.expect("a connection");
        let mut request = [0; 1024];
        let length = stream.read(&mut request).unwrap_or_default();
        let request = String::from_utf8_lossy(&request[..length]).into_owned();
        // A connection without a request is a probe's.
        let Some(path) = request.split(' ').nth(1) else {
            continue;
        };
        if path == "/leave" {
            eprintln!("told to leave");
            std::process::exit(4);
        }
        let status = match path {
            "/never" => "503 Not Now",
            _ => "200 OK",
        };
        count += u32::from(path == "/count");
        let body = count.to_string();
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let _ = stream.write_all(answer.as_bytes());
    }
}

fn server() -> Command {
    Command::new(std::env::current_exe().expect("this binary"))
        .args(["small_server", "--exact", "--ignored", "--nocapture"])
        .port("PORT")
}

fn get(endpoint: &Endpoint, path: &str) -> std::io::Result<String> {
    let port = endpoint.port().expect("a port");
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.rsplit("\r\n").next().unwrap_or_default().to_owned())
}

async fn lease(
    trial: &Trial,
    service: &Command,
    running: &Started,
    test: &str,
) -> (Share, Endpoint) {
    let share = running.lease(&trial.ask(test)).await.expect("a lease");
    // A session has a runtime of its own, which may not start inside of this one.
    let context = std::thread::spawn(|| {
        phasegate::__private::detached_session()
            .acquire::<Context>()
            .ok()
    });
    let context = context.join().expect("no panic").expect("a context");
    let opened = service.open(share.clone(), &context, "server").await;
    (share, opened.expect("the lease opens"))
}

fn down(trial: Trial, but: &[&str]) {
    let left: Vec<String> = std::fs::read_dir(trial.host().dir())
        .expect("the directory is there")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(left, but);
    trial.close().expect("closed");
}

fn own_name() -> String {
    let exe = std::env::current_exe().expect("this binary");
    exe.file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned()
}

#[tokio::test]
async fn one_program_serves_all_tests() {
    let trial = Trial::new("server").expect("a trial");
    let service = server().ready(Probe::Http("http://127.0.0.1:{port}/health".to_owned()));
    let running = service.start(trial.host()).await.expect("it starts");
    assert_eq!(trial.steps(), ["start"]);
    let (one, first) = lease(&trial, &service, &running, "one").await;
    let (two, second) = lease(&trial, &service, &running, "two").await;
    assert_eq!(
        first.url(),
        format!("http://127.0.0.1:{}", first.port().expect("a port"))
    );
    assert_eq!(running.url().as_deref(), Some(first.url()));
    assert_eq!(get(&first, "/count").expect("an answer"), "1");
    assert_eq!(get(&second, "/count").expect("an answer"), "2");
    assert!(
        first
            .log()
            .expect("a log")
            .contains("small server, told to")
    );
    // Nothing is reset that others are using.
    let error = running.reset(&one).await.expect_err("shared").to_string();
    assert!(error.contains(".per_lease()"), "{error}");
    running.reclaim(&one).await.expect("taken back");
    assert_eq!(get(&second, "/count").expect("an answer"), "3");
    running.reclaim(&two).await.expect("taken back");
    running.probe().await.expect("well");
    running.stop().await.expect("it stops");
    get(&second, "/count").expect_err("stopped");
    running.probe().await.expect_err("stopped");
    down(trial, &[&format!("{}.log", own_name())]);
}

#[tokio::test]
async fn a_program_without_state_can_be_reset() {
    let trial = Trial::new("server").expect("a trial");
    let service = server().stateless();
    let running = service.start(trial.host()).await.expect("it starts");
    let (share, _) = lease(&trial, &service, &running, "one").await;
    running.reset(&share).await.expect("nothing to do");
    running.stop().await.expect("it stops");
    trial.close().expect("closed");
}

#[tokio::test]
async fn each_lease_can_have_a_program_of_its_own() {
    let trial = Trial::new("server").expect("a trial");
    let service = server().per_lease();
    let running = service.start(trial.host()).await.expect("it starts");
    assert_eq!(running.url(), None);
    let (one, first) = lease(&trial, &service, &running, "one").await;
    let (two, second) = lease(&trial, &service, &running, "two").await;
    assert_ne!(first.port(), second.port());
    assert_ne!(first.log_path(), second.log_path());
    assert_eq!(get(&first, "/count").expect("an answer"), "1");
    assert_eq!(get(&second, "/count").expect("an answer"), "1");
    running.reset(&one).await.expect("a reset");
    assert_eq!(get(&first, "/count").expect("same address"), "1");
    assert_eq!(get(&second, "/count").expect("an answer"), "2");
    running.reclaim(&one).await.expect("taken back");
    running.reclaim(&one).await.expect("twice does no harm");
    running.reset(&one).await.expect_err("given back");
    get(&first, "/count").expect_err("stopped");
    // One that left by itself is reported with its last words.
    let _ = get(&second, "/leave");
    // The kernel closes one socket of a process that ends after the other.
    while get(&second, "/count").is_ok() {}
    let said = running
        .reclaim(&two)
        .await
        .expect_err("it left")
        .to_string();
    assert!(
        said.contains("exited with code 4 while it was leased"),
        "{said}"
    );
    assert!(said.contains("| told to leave"), "{said}");
    running.probe().await.expect("the service is well");
    let (_, third) = lease(&trial, &service, &running, "three").await;
    running.stop().await.expect("it stops");
    get(&third, "/count").expect_err("stopped");
    down(trial, &[]);
}

#[tokio::test]
async fn a_program_that_exits_at_once_tells_its_code_and_last_words() {
    let trial = Trial::new("server").expect("a trial");
    let shared = server().env("HOW", "fail");
    let error = shared.start(trial.host()).await.err().expect("it ends");
    assert!(
        error
            .to_string()
            .contains("exited with code 3 before probe connect to 127.0.0.1:"),
        "{error}"
    );
    trial.close().expect("closed");

    let trial = Trial::new("server").expect("a trial");
    let running = server().env("HOW", "fail").per_lease();
    let running = running.start(trial.host()).await.expect("nothing runs yet");
    let error = running.lease(&trial.ask("one")).await.expect_err("it ends");
    let said = error.to_string();
    assert!(
        said.contains("exited with code 3 before probe connect to 127.0.0.1:"),
        "{said}"
    );
    assert!(
        said.contains("| the configuration is upside down"),
        "{said}"
    );
    running.stop().await.expect("nothing to stop");
    down(trial, &[]);
}

#[tokio::test]
async fn a_program_that_is_never_ready_is_named_with_its_probe_and_ended() {
    let trial = Trial::with("server", 2, Duration::from_millis(400)).expect("a trial");
    let deaf = server().env("HOW", "be deaf");
    let error = deaf.start(trial.host()).await.err().expect("never ready");
    let said = error.to_string();
    assert!(said.contains("not ready after 0."), "{said}");
    assert!(said.contains("probe connect to 127.0.0.1:"), "{said}");
    assert!(said.contains("refused"), "{said}");
    let unwilling = server()
        .ready(Probe::Http("http://127.0.0.1:{port}/never".to_owned()))
        .start_patience(Duration::from_millis(400))
        .per_lease();
    let running = unwilling
        .start(trial.host())
        .await
        .expect("nothing runs yet");
    let error = running
        .lease(&trial.ask("one"))
        .await
        .expect_err("never ready");
    let said = error.to_string();
    assert!(said.contains("answered with status 503"), "{said}");
    assert!(said.contains("/never"), "{said}");
    assert!(said.contains("| small server"), "{said}");
    assert_eq!(running_below(trial.host().dir()), 0);
    trial.close().expect("closed");
}

/// How many processes work below a directory.
fn running_below(dir: &Path) -> usize {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|process| std::fs::read_link(process.path().join("cwd")).ok())
        .filter(|cwd| cwd.starts_with(dir))
        .count()
}

#[tokio::test]
async fn a_program_that_ignores_the_signal_is_killed() {
    let trial = Trial::new("server").expect("a trial");
    let exe = std::env::current_exe().expect("this binary");
    let service = Command::new("sh")
        .args(["-c", "trap '' TERM; exec \"$@\"", "sh"])
        .arg(exe)
        .args(["small_server", "--exact", "--ignored", "--nocapture"])
        .port("PORT")
        .patience(Duration::from_millis(300));
    let running = service.start(trial.host()).await.expect("it starts");
    let began = Instant::now();
    running.stop().await.expect("it is gone");
    assert!(began.elapsed() >= Duration::from_millis(300));
    assert!(began.elapsed() < Duration::from_secs(5));
    assert_eq!(running_below(trial.host().dir()), 0);
    trial.close().expect("closed");
}

#[tokio::test]
async fn a_signal_of_ones_own_ends_it() {
    let trial = Trial::new("worker").expect("a trial");
    let service = Command::new("sh")
        .args([
            "-c",
            "trap '' TERM; trap 'echo bye; exit 0' USR1; echo up; while :; do wait; done",
        ])
        .stop_signal(10)
        .ready(Probe::Command(
            Program::new("grep")
                .args(["-q", "up"])
                .arg(trial.host().dir().join("sh.log")),
        ));
    let running = service.start(trial.host()).await.expect("it starts");
    let (_, endpoint) = lease(&trial, &service, &running, "one").await;
    assert_eq!((endpoint.port(), endpoint.url()), (None, ""));
    assert_eq!(running.url(), None);
    running.stop().await.expect("it ends");
    assert_eq!(endpoint.log().expect("a log"), "up\nbye\n");
    down(trial, &["sh.log"]);
}

#[tokio::test]
async fn the_port_goes_where_it_is_named() {
    let trial = Trial::new("server").expect("a trial");
    let exe = std::env::current_exe().expect("this binary");
    let service = Command::new("env")
        .arg("PORT={port}")
        .arg(exe)
        .args(["small_server", "--exact", "--ignored", "--nocapture"])
        .env("UPSTREAM", "ws://127.0.0.1:{port}/socket")
        .url("ws://127.0.0.1:{port}/socket");
    let running = service.start(trial.host()).await.expect("it starts");
    let (_, endpoint) = lease(&trial, &service, &running, "one").await;
    let url = format!("ws://127.0.0.1:{}/socket", endpoint.port().expect("a port"));
    assert_eq!(endpoint.url(), url);
    assert!(
        endpoint
            .log()
            .expect("a log")
            .contains(&format!("upstream {url:?}"))
    );
    running.stop().await.expect("it stops");
    trial.close().expect("closed");
}

#[tokio::test]
async fn what_cannot_be_started_is_named() {
    let trial = Trial::new("server").expect("a trial");
    let start = |service: Command| {
        let host = trial.host().clone();
        async move {
            service
                .start(&host)
                .await
                .err()
                .expect("it cannot")
                .to_string()
        }
    };
    let said = start(Command::new("no-such-program")).await;
    assert!(said.contains("`no-such-program` is not on PATH"), "{said}");
    let said = start(Command::new("no-such-program").per_lease()).await;
    assert!(said.contains("`no-such-program` is not on PATH"), "{said}");
    let said = start(Command::new("/nowhere/server")).await;
    assert!(said.contains("/nowhere/server"), "{said}");
    let said = start(server().env_url("DATABASE_URL", "database")).await;
    assert!(said.contains("after = [\"database\"]"), "{said}");
    trial.close().expect("closed");
}

/// Only root can become another.
#[tokio::test]
async fn root_can_drop_its_rights() {
    let trial = Trial::new("worker").expect("a trial");
    let service = Command::new("sh")
        .args(["-c", "id -u; touch mine && echo written; exec sleep 60"])
        .user("nobody")
        .ready(Probe::Command(
            Program::new("grep")
                .args(["-q", "written"])
                .arg(trial.host().dir().join("sh.log")),
        ));
    let running = service.start(trial.host()).await.expect("it starts");
    let (_, endpoint) = lease(&trial, &service, &running, "one").await;
    let said = endpoint.log().expect("a log");
    assert_ne!(said.lines().next(), Some("0"), "{said}");
    running.stop().await.expect("it stops");
    trial.close().expect("closed");
}
