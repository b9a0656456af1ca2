//! Whoever is killed, and whenever: services outlive neither the run nor the harness.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use phasegate_record::event::{Event, Mechanism, Outcome};
use serde_json::{Value, json};

use crate::support::{Project, Ran, signal};

/// A run with every service whose harness, fork server or supervisor is killed when a certain
/// entry of the journal has been written.
fn killed(project: &Project, whom: &str, entry: usize) -> Ran {
    let at = format!("{whom}:{entry}");
    project.run_with(&[("PHASEGATE_KILL_AT", &at)], &["--test-threads", "2"])
}

/// Entries that a journal of an undisturbed run has: it is gone at the end, so the walk finds out
/// by going on until nobody is killed any more.
const MANY: usize = 200;

#[test]
fn the_death_of_the_harness_leaves_nothing_wherever_it_comes() {
    for entry in 1..MANY {
        let project = Project::of("services");
        let ran = killed(&project, "harness", entry);
        project.assert_no_service_left();
        if ran.code == 0 {
            assert!(entry > 15, "the walk ended after {entry} entries");
            return;
        }
        assert_eq!(ran.code, -9, "{}{}", ran.stdout, ran.stderr);
    }
    panic!("the walk never ended");
}

#[test]
fn the_death_of_the_supervisor_leaves_nothing_and_the_run_goes_on() {
    for entry in 1..MANY {
        let project = Project::of("services");
        let ran = killed(&project, "supervisor", entry).exits(0);
        project.assert_no_service_left();
        let lost = ran
            .stderr
            .contains("the supervisor of the services was lost");
        let early = ran
            .stderr
            .contains("the supervisor of the services ended at once");
        assert!(!early, "{}", ran.stderr);
        if !lost {
            assert!(entry > 15, "the walk ended after {entry} entries");
            return;
        }
    }
    panic!("the walk never ended");
}

#[test]
fn the_death_of_the_fork_server_leaves_nothing() {
    let mut killed_in_time = 0;
    for entry in 1..=30 {
        let project = Project::of("services");
        let ran = killed(&project, "fork-server", entry);
        assert!(ran.code >= 0, "{}{}", ran.stdout, ran.stderr);
        project.assert_no_service_left();
        let spawned = ran
            .recorded()
            .any(|e| matches!(e, Event::Attempt(a) if a.mechanism == Mechanism::Spawn));
        killed_in_time += u32::from(spawned);
    }
    assert!(
        killed_in_time > 0,
        "without it, attempts are made by executing the binary again"
    );
}

#[test]
fn a_harness_that_is_killed_while_tests_hold_leases_leaves_nothing() {
    let project = Project::of("services");
    let mut command = project.command();
    command.env("SUBJECT_WAIT", "1").args(["-E", "tag(waits)"]);
    let mut running = project.start(command);
    running.await_journal("waits", 1);
    signal(running.pid(), "KILL");
    running.wait();
    project.assert_no_service_left();
}

#[test]
fn what_nobody_was_left_to_clear_away_the_next_run_removes_and_says_so() {
    let project = Project::of("services");
    let mut command = project.command();
    command.env("SUBJECT_WAIT", "1").args(["-E", "tag(waits)"]);
    let mut running = project.start(command);
    running.await_journal("waits", 1);
    let journal = project
        .service_files()
        .into_iter()
        .find(|name| name.ends_with(".journal"))
        .expect("the supervisor keeps a journal");
    let text =
        std::fs::read_to_string(project.path("target/phasegate/services").join(&journal)).unwrap();
    let begun: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let supervisor = begun["Begun"]["pid"].as_u64().unwrap();
    // Both at once, as a power cut does it: the harness first, so that it replaces nobody.
    signal(running.pid(), "STOP");
    signal(u32::try_from(supervisor).unwrap(), "KILL");
    signal(running.pid(), "KILL");
    running.wait();
    // Nobody here waits for it, and it holds its journal until it has ended.
    await_end_of(supervisor);
    assert!(
        project.service_files().contains(&journal),
        "nobody cleared it away"
    );
    // A run that needs no service removes it, too.
    let ran = project.run(&["-E", "tag(plain)"]).exits(0);
    assert!(
        ran.stderr
            .contains("removed what a supervisor that was killed had left behind"),
        "{}",
        ran.stderr
    );
    let noted = ran
        .record()
        .events()
        .any(|e| matches!(e, Event::Note(n) if n.text.contains("removed what")));
    assert!(noted, "it stands in the record");
    project.assert_no_service_left();
}

#[test]
fn a_supervisor_that_is_killed_again_and_again_blocks_and_leaves_nothing() {
    let project = Project::of("services");
    let mut command = project.command();
    command.args(["--exact", "counts_from_one"]);
    command.env("SUBJECT_BREAK", "store:suicide");
    let ran = project.finish(command).exits(101);
    let attempt = ran.attempts("counts_from_one").pop().unwrap();
    assert_eq!(attempt.outcome, Outcome::Blocked);
    assert!(
        attempt.blocked.unwrap().reason.contains("was lost"),
        "{}",
        ran.stdout
    );
}

#[test]
fn what_cannot_be_undone_keeps_nothing_else_from_it() {
    let project = Project::of("services");
    let journals = project.path("target/phasegate/services");
    let left = project.path("tmp/left");
    std::fs::create_dir_all(&journals).unwrap();
    std::fs::create_dir(&left).unwrap();
    let entries = [
        json!({ "Intent": { "id": 2, "made": { "is": "path", "path": left } } }),
        json!({ "Intent": { "id": 3, "made": { "is": "driver", "service": "gone", "what": 1 } } }),
    ];
    let lines: String = entries.iter().map(|entry| format!("{entry}\n")).collect();
    std::fs::write(journals.join("old.journal"), lines).unwrap();
    let ran = project.run(&["-E", "tag(plain)"]).exits(0);
    assert!(
        ran.stderr.contains("`gone` that made it is no longer"),
        "{}",
        ran.stderr
    );
    assert!(!left.exists(), "what lies here has been removed");
    assert_eq!(project.service_files(), ["old.journal"]);
}

/// Waits until a process that is not ours is gone, or only waits to be waited for.
fn await_end_of(pid: u64) {
    let until = Instant::now() + Duration::from_secs(60);
    let ended = || {
        std::fs::read_to_string(format!("/proc/{pid}/stat"))
            .ok()
            .is_none_or(|stat| stat.contains(") Z "))
    };
    while !ended() {
        assert!(Instant::now() < until, "{pid} never ended");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// A supervisor that this test starts by itself, as a harness under a runner of many does.
struct Alone {
    child: Child,
    address: PathBuf,
}

impl Alone {
    fn start(project: &Project, name: &str, stdout: impl Into<Stdio>) -> Self {
        let journals = project.path("target/phasegate/services");
        let address = journals.join("services--run.address");
        let role = json!({
            "name": format!("{name}-{}", std::process::id()),
            "journals": journals,
            "stem": "services",
            "run": "run",
            "package": project.path("project"),
            "workers": 2,
            "session": true,
            "address": address,
            "life": { "Runner": { "pid": std::process::id(), "idle_ms": 500 } },
            "record": {
                "dir": project.path("target"),
                "stem": "services",
                "secrets": [],
                "began_us": 0,
            },
        });
        let child = project
            .command()
            .env("PHASEGATE_SUPERVISOR", role.to_string())
            .stdout(stdout)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, address }
    }

    /// Where it listens.
    fn socket(&mut self) -> String {
        let mut said = String::new();
        let mut out = BufReader::new(self.child.stdout.take().unwrap());
        out.read_line(&mut said).unwrap();
        said.trim_end().to_owned()
    }

    fn threads(&self) -> usize {
        let tasks = format!("/proc/{}/task", self.child.id());
        std::fs::read_dir(tasks).unwrap().count()
    }

    fn wait(mut self) {
        let until = Instant::now() + Duration::from_secs(60);
        while self.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < until, "it never ended");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Asks the supervisor and returns its answer, with the connection.
fn ask(socket: &str, request: &Value) -> (Value, UnixStream) {
    let mut stream = UnixStream::connect(socket).unwrap();
    stream.write_all(format!("{request}\n").as_bytes()).unwrap();
    let mut line = String::new();
    let mut read = BufReader::new(stream.try_clone().unwrap());
    read.read_line(&mut line).unwrap();
    (serde_json::from_str(&line).unwrap(), stream)
}

fn join(socket: &str, scratch: &Path) -> UnixStream {
    let join = json!({ "pid": std::process::id(), "fork_server": null, "scratch": scratch });
    ask(socket, &json!({ "Join": join })).1
}

#[test]
fn a_harness_that_dies_before_it_hears_of_its_supervisor_leaves_nothing() {
    let project = Project::of("services");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    Alone::start(&project, "unheard", writer).wait();
    project.assert_no_service_left();
}

#[test]
fn a_supervisor_is_found_after_it_has_cleared_away_after_another() {
    let project = Project::of("services");
    let mut first = Alone::start(&project, "first", Stdio::piped());
    first.socket();
    signal(first.child.id(), "KILL");
    first.wait();
    let mut second = Alone::start(&project, "second", Stdio::piped());
    let socket = second.socket();
    let here = join(&socket, &project.path("scratch"));
    assert_eq!(std::fs::read_to_string(&second.address).unwrap(), socket);
    drop(here);
    second.wait();
    project.assert_no_service_left();
}

#[test]
fn connections_cost_a_supervisor_no_threads() {
    let project = Project::of("services");
    let mut alone = Alone::start(&project, "many", Stdio::piped());
    let socket = alone.socket();
    let here = join(&socket, &project.path("scratch"));
    let before = alone.threads();
    for _ in 0..100 {
        ask(
            &socket,
            &json!({ "Release": { "lease": 0, "suspect": false } }),
        );
    }
    let after = alone.threads();
    assert!(after <= before + 4, "{before} threads became {after}");
    drop(here);
    alone.wait();
}

#[test]
fn a_journal_that_cannot_be_kept_blocks_and_says_where() {
    let project = Project::of("services");
    std::fs::create_dir(project.path("target/phasegate")).unwrap();
    std::fs::write(project.path("target/phasegate/services"), "").unwrap();
    let ran = project.run(&["--exact", "counts_from_one"]).exits(101);
    let reason = ran.attempt("counts_from_one").blocked.unwrap().reason;
    assert!(
        reason.starts_with(
            "store: there is no supervisor of the services, after 3 tries: cannot create /"
        ),
        "{reason}"
    );
}
