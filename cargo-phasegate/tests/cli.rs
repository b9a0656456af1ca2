//! The plugin as its user runs it: real binary, real record, scrubbed environment.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use phasegate_record::event::Output as Stream;
use phasegate_record::event::*;
use phasegate_record::project::{Phase, Project};
use phasegate_record::redact::Redactor;
use phasegate_record::write::Writer;

struct Workspace {
    dir: tempfile::TempDir,
}

struct Done {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Workspace {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// A run with one file, in which each test of phase A ended as given.
    fn record(&self, run: &str, outcomes: &[Outcome]) -> PathBuf {
        let file = self.path(&format!(
            "target/phasegate/runs/{run}/api--integration.ndjson"
        ));
        let mut writer = Writer::create(&file, Redactor::none()).unwrap();
        let names: Vec<_> = (0..outcomes.len())
            .map(|n| format!("orders::case_{n}"))
            .collect();
        let mut events = vec![begin(run)];
        events.extend(names.iter().map(|name| planned(name)));
        for (name, outcome) in names.iter().zip(outcomes) {
            events.push(attempt(name, *outcome));
        }
        events.push(Event::End(End {
            finished_at: "2026-11-21T22:09:19.000Z".into(),
            wall_us: 1_000_000,
            counts: Counts::default(),
            interrupted: false,
            exit_code: 0,
            awaited: Vec::new(),
        }));
        writer.write_all(&events).unwrap();
        writer.seal().unwrap();
        file
    }

    fn run(&self, args: &[&str]) -> Done {
        self.run_with(args, &[("CARGO_TARGET_DIR", &self.path("target"))])
    }

    fn run_with(&self, args: &[&str], variables: &[(&str, &Path)]) -> Done {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-phasegate"));
        command.arg("phasegate").args(args);
        command.current_dir(self.dir.path()).env_clear();
        command.envs(variables.iter().copied());
        let std::process::Output {
            status,
            stdout,
            stderr,
        } = command.output().unwrap();
        Done {
            code: status.code().unwrap(),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }
}

impl Done {
    fn ends(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{}{}", self.stdout, self.stderr);
        self
    }

    fn says(&self, text: &str) -> &Self {
        assert!(
            self.stdout.contains(text),
            "no `{text}` in\n{}",
            self.stdout
        );
        self
    }

    fn complains(&self, text: &str) -> &Self {
        assert!(
            self.stderr.contains(text),
            "no `{text}` in\n{}",
            self.stderr
        );
        self
    }

    fn json(&self) -> Vec<serde_json::Value> {
        let lines = self.stdout.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

fn begin(run: &str) -> Event {
    Event::Run(Box::new(Run {
        schema: SCHEMA_VERSION,
        id: run.into(),
        harness: "0.1.0".into(),
        started_at: "2026-11-21T22:09:18.000Z".into(),
        package: "api".into(),
        binary: "integration".into(),
        invocation: Invocation::CargoTest,
        args: vec![],
        git: None,
        rustc: None,
        host: Host {
            os: "linux".into(),
            arch: "x86_64".into(),
            cpus: 2,
        },
        seed: 1,
        shuffled: false,
        shard: None,
        config_digest: None,
        unlisted: 0,
        services: Vec::new(),
        project: Project {
            name: "api".into(),
            phases: vec![Phase {
                id: "A".into(),
                target_pass_rate: Some("75%".parse().unwrap()),
                ..Phase::default()
            }],
            ..Project::default()
        },
    }))
}

fn planned(name: &str) -> Event {
    Event::Planned(Box::new(PlannedTest {
        name: name.into(),
        phase: Some("A".into()),
        boundaries: vec!["database".into()],
        patterns: vec![],
        services: Vec::new(),
        tags: vec![],
        criteria: vec![],
        file: "tests/orders.rs".into(),
        line: 7,
        source_digest: "0".repeat(64),
        isolation: Isolation::Process,
        timeout_ms: None,
        retries: 0,
        serial: None,
        disposition: Disposition::Run,
    }))
}

fn attempt(name: &str, outcome: Outcome) -> Event {
    Event::Attempt(Box::new(Attempt {
        test: name.into(),
        number: 1,
        last: true,
        outcome,
        start_us: 0,
        wall_us: 1_000,
        user_us: None,
        system_us: None,
        peak_kib: None,
        mechanism: Mechanism::Fork,
        exit: None,
        failure: outcome.is_bad().then(|| Failure {
            message: "order was lost".into(),
            location: None,
        }),
        skip_reason: None,
        blocked: None,
        release_errors: vec![],
        leases: Vec::new(),
        infrastructure: None,
        receipt: Some(Receipt::default()),
        stdout: Stream::Empty,
        stderr: Stream::Empty,
    }))
}

use Outcome::{Failed, Passed};

#[test]
fn report_takes_the_newest_run_and_ends_by_its_verdict() {
    let workspace = Workspace::new();
    workspace.record("early", &[Passed; 4]);
    let early =
        fs::File::open(workspace.path("target/phasegate/runs/early/api--integration.ndjson"));
    early
        .unwrap()
        .set_modified(std::time::SystemTime::UNIX_EPOCH)
        .unwrap();
    workspace.record("late", &[Passed, Passed, Failed, Failed]);

    let done = workspace.run(&["report"]);
    done.ends(1)
        .says("phase A: hold: 2 of 4 tests pass (50.0 %); needs 1 more to reach 75 %");
    let report = workspace.path("target/phasegate/reports/phase-A.md");
    let markdown = fs::read_to_string(&report).unwrap();
    assert!(markdown.contains("order was lost"));

    let done = workspace.run(&["report", "--run", "early", "--message-format", "json"]);
    let message = done.ends(0).json().remove(0);
    assert_eq!(message["verdict"], "go");
    assert_eq!(
        (&message["passed"], &message["total"]),
        (&4.into(), &4.into())
    );
    assert_eq!(message["path"], report.to_str().unwrap());
    assert!(
        fs::read_dir(report.parent().unwrap()).unwrap().count() == 1,
        "no draft stays"
    );
}

#[test]
fn report_writes_where_it_is_told() {
    let workspace = Workspace::new();
    workspace.record("r", &[Passed, Failed]);
    let done = workspace.run(&["report", "--phase", "A", "--out", "-"]);
    done.ends(1)
        .says("# Phase A – completion report")
        .says("1 of 2 tests pass (50.0 %)");

    workspace
        .run(&["report", "--format", "junit", "--out", "made/here"])
        .ends(1);
    let xml = fs::read_to_string(workspace.path("made/here/junit.xml")).unwrap();
    assert!(xml.contains("<failure message=\"order was lost\""), "{xml}");
}

#[test]
fn report_refuses_what_is_not_there() {
    let workspace = Workspace::new();
    workspace
        .run(&["report"])
        .ends(3)
        .complains("no run is recorded below")
        .complains("`cargo phasegate run` makes one");
    workspace.record("r", &[Passed]);
    workspace
        .run(&["report", "--run", "x"])
        .ends(2)
        .complains("no run x below");
    workspace.run(&["report", "--run", "../runs/r"]).ends(2);
    workspace
        .run(&["report", "--phase", "Z"])
        .ends(2)
        .complains("no phase Z; it has A");
    workspace
        .run(&["report", "--frmat", "md"])
        .ends(2)
        .complains("--format");
}

#[test]
fn verify_names_the_line_that_was_edited() {
    let workspace = Workspace::new();
    let file = workspace.record("r", &[Passed, Failed]);
    workspace.run(&["verify"]).ends(0).says("7 lines, intact");

    let text = fs::read_to_string(&file).unwrap();
    fs::write(
        &file,
        text.replacen("\"outcome\":\"failed\"", "\"outcome\":\"passed\"", 1),
    )
    .unwrap();
    let done = workspace.run(&["verify", "r"]);
    done.ends(1)
        .says("changed: ")
        .says("api--integration.ndjson:5: the line was edited");
    let done = workspace.run(&["verify", "--message-format=json", file.to_str().unwrap()]);
    let problem = done.ends(1).json().remove(0);
    assert_eq!(
        (&problem["line"], &problem["tampering"]),
        (&5.into(), &true.into())
    );

    workspace
        .run(&["report"])
        .ends(1)
        .says("phase A: not computed");
}

#[test]
fn a_record_without_its_end_is_incomplete() {
    let workspace = Workspace::new();
    let file = workspace.record("r", &[Passed, Passed]);
    let text = fs::read_to_string(&file).unwrap();
    let cut: String = text.split_inclusive('\n').take(4).collect();
    fs::write(&file, cut).unwrap();
    // What was sealed once and is cut is no accident.
    workspace.run(&["verify"]).ends(1).says("changed: ");
    // A process that dies never comes to list the head of its file.
    fs::remove_file(file.with_file_name("heads.jsonl")).unwrap();
    workspace.run(&["verify"]).ends(1).says("incomplete: ");
    workspace
        .run(&["report"])
        .ends(1)
        .says("not computed")
        .says("the record is not sealed");
}

#[test]
fn list_selects_by_scope() {
    let workspace = Workspace::new();
    workspace.record("r", &[Passed, Failed]);
    let done = workspace.run(&["list", "--scope", "phase(A) & status(failed)"]);
    assert_eq!(
        done.ends(0).stdout,
        "failed       A api::integration orders::case_1 [database]\n"
    );
    let all = workspace.run(&["list", "--message-format", "json"]);
    assert_eq!(all.ends(0).json().len(), 2);
    assert_eq!(all.json()[0]["boundaries"], serde_json::json!(["database"]));
    workspace
        .run(&["list", "--scope", "phse(A)"])
        .ends(2)
        .complains("phase");
}

#[test]
fn the_target_directory_is_found_beside_the_lock_file_without_cargo() {
    let workspace = Workspace::new();
    workspace.record("r", &[Passed]);
    fs::write(workspace.path("Cargo.lock"), "").unwrap();
    workspace
        .run_with(&["list"], &[])
        .ends(0)
        .says("orders::case_0");
    fs::remove_file(workspace.path("Cargo.lock")).unwrap();
    workspace
        .run_with(&["list"], &[])
        .ends(3)
        .complains("--target-dir");
}

#[test]
fn colours_come_when_asked_for() {
    let workspace = Workspace::new();
    workspace.record("r", &[Passed]);
    let plain = workspace.run(&["list"]);
    assert!(!plain.stdout.contains('\u{1b}'));
    workspace
        .run(&["list", "--color", "always"])
        .says("\u{1b}[32mpassed");
}

#[test]
fn help_tells_the_exit_codes_and_completions_come_out() {
    let workspace = Workspace::new();
    workspace
        .run(&["--help"])
        .ends(0)
        .says("Exit codes:")
        .says("verify");
    workspace
        .run(&["report", "--help"])
        .ends(0)
        .says("Examples:");
    workspace
        .run(&["completions", "bash"])
        .ends(0)
        .says("cargo-phasegate");
}
