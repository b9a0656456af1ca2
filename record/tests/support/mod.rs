//! Events with fixed values.
#![allow(dead_code, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;

use phasegate_record::event::*;
use phasegate_record::project::{Boundary, Criterion, Each, Metric, Phase, Project, Threshold};
use phasegate_record::redact::Redactor;
use phasegate_record::write::Writer;

/// The start of a run, with every field filled.
pub(crate) fn run() -> Event {
    let criterion = Criterion {
        id: "C-1".to_owned(),
        title: "Every core boundary is crossed".to_owned(),
        metric: Metric::PassingTests,
        scope: Some("boundary(database) | boundary(cache)".to_owned()),
        each: Some(Each::Boundary),
        files: None,
        threshold: Threshold::AtLeastShare("99.5%".parse().unwrap()),
    };
    let phase = Phase {
        id: "C".to_owned(),
        title: Some("Integration".to_owned()),
        after: vec!["B".to_owned()],
        target_pass_rate: Some("85%".parse().unwrap()),
        allow_fallback: false,
        criteria: vec![criterion],
    };
    let boundary = Boundary {
        title: Some("Redis cache".to_owned()),
        depends_on: vec!["database".to_owned()],
        invalidated_by: vec!["database".to_owned()],
        category: Some("Data services".to_owned()),
    };
    Event::Run(Box::new(Run {
        schema: SCHEMA_VERSION,
        id: "20261121-120000-1a2b".to_owned(),
        harness: "0.1.0".to_owned(),
        started_at: "2026-11-21T12:00:00.000Z".to_owned(),
        package: "media".to_owned(),
        binary: "integration".to_owned(),
        invocation: Invocation::CargoTest,
        args: vec!["--exact".to_owned(), "auth::login".to_owned()],
        git: Some(Git {
            revision: "0123456789abcdef0123456789abcdef01234567".to_owned(),
            branch: Some("main".to_owned()),
            dirty: true,
        }),
        rustc: Some("rustc 1.95.0".to_owned()),
        host: Host {
            os: "linux".to_owned(),
            arch: "x86_64".to_owned(),
            cpus: 2,
        },
        seed: 42,
        shuffled: false,
        shard: Some(Shard { index: 1, total: 2 }),
        config_digest: Some("ab".repeat(32)),
        unlisted: 0,
        services: vec![declared_service()],
        project: Project {
            name: "media-requests".to_owned(),
            dir: None,
            baseline: Some("v1".to_owned()),
            phases: vec![phase],
            boundaries: BTreeMap::from([("cache".to_owned(), boundary)]),
            progressive: true,
        },
    }))
}

/// A service that is declared.
pub(crate) fn declared_service() -> DeclaredService {
    DeclaredService {
        name: "database".to_owned(),
        kind: "postgres".to_owned(),
        boundaries: vec!["database".to_owned()],
        after: vec!["network".to_owned()],
        embedded: false,
        has_fallback: true,
        file: "tests/integration/main.rs".to_owned(),
        line: 8,
    }
}

/// A planned test of this name.
pub(crate) fn planned(name: &str) -> PlannedTest {
    PlannedTest {
        name: name.to_owned(),
        phase: Some("C".to_owned()),
        boundaries: vec!["cache".to_owned(), "database".to_owned()],
        patterns: vec!["DeviceSessions".to_owned()],
        services: vec!["database".to_owned()],
        tags: vec!["slow".to_owned()],
        criteria: vec!["C-1".to_owned()],
        file: "tests/integration/auth.rs".to_owned(),
        line: 17,
        source_digest: "cd".repeat(32),
        isolation: Isolation::Process,
        timeout_ms: Some(5_000),
        retries: 2,
        serial: Some("vault".to_owned()),
        disposition: Disposition::Run,
    }
}

/// A failed attempt at the test of this name.
pub(crate) fn attempt(name: &str, stdout: Output) -> Attempt {
    Attempt {
        test: name.to_owned(),
        number: 1,
        last: true,
        outcome: Outcome::Failed,
        start_us: 1_000,
        wall_us: 2_500,
        user_us: Some(900),
        system_us: Some(100),
        peak_kib: Some(4_096),
        mechanism: Mechanism::Fork,
        exit: Some(Exit::Code(101)),
        failure: Some(Failure {
            message: "assertion failed: \"a\" != \"b\"".to_owned(),
            location: Some("tests/integration/auth.rs:21:5".to_owned()),
        }),
        skip_reason: None,
        blocked: None,
        release_errors: vec!["cache: connection reset".to_owned()],
        leases: vec![LeaseUse {
            service: "database".to_owned(),
            acquire_us: 1_200,
            release_us: 300,
            stand_in: false,
        }],
        infrastructure: Some("database died: signal 9".to_owned()),
        receipt: Some(Receipt {
            threads: Some(1),
            processes: vec![Leftover {
                pid: 7,
                name: "sleep".to_owned(),
            }],
        }),
        stdout,
        stderr: Output::Empty,
    }
}

/// One event of each kind except the seal.
pub(crate) fn one_of_each() -> Vec<Event> {
    let failure = Failure {
        message: "no broker".to_owned(),
        location: None,
    };
    let text = Output::Text {
        text: "tab\there, Amélie\n".to_owned(),
    };
    let mut blocked = attempt("auth::logout", Output::NotCaptured);
    blocked.outcome = Outcome::Blocked;
    blocked.mechanism = Mechanism::None;
    blocked.blocked = Some(Blocked {
        root: "service:database".to_owned(),
        reason: "cache blocked: database: initdb exited 1".to_owned(),
    });
    let mut ignored = planned("auth::logout");
    ignored.disposition = Disposition::Ignored {
        reason: Some("flaky upstream".to_owned()),
    };
    vec![
        run(),
        Event::Planned(Box::new(planned("auth::login"))),
        Event::Planned(Box::new(ignored)),
        Event::Files(FileSet {
            glob: "tests/**/*.rs".to_owned(),
            files: vec!["tests/integration/auth.rs".to_owned()],
        }),
        Event::Phase(PhaseStep {
            phase: "C".to_owned(),
            state: PhaseState::Blocked,
            at_us: 10,
            passed: 0,
            total: 2,
            reason: Some("phase:B".to_owned()),
        }),
        Event::Hook(Box::new(Hook {
            name: "warm_up".to_owned(),
            point: HookPoint::BeforePhase,
            phase: Some("C".to_owned()),
            outcome: Outcome::TimedOut,
            wall_us: 5,
            failure: Some(failure),
            stdout: Output::Base64 {
                data: "/w==".to_owned(),
            },
            stderr: Output::Empty,
        })),
        Event::Service(ServiceStep {
            service: "database".to_owned(),
            change: ServiceChange::Step,
            at_us: 20,
            wall_us: 340_000,
            detail: "initdb".to_owned(),
            error: None,
        }),
        Event::Service(ServiceStep {
            service: "database".to_owned(),
            change: ServiceChange::FellBack,
            at_us: 350_000,
            wall_us: 0,
            detail: "its stand-in runs in its place".to_owned(),
            error: Some("initdb exited 1".to_owned()),
        }),
        Event::Attempt(Box::new(attempt("auth::login", text))),
        Event::Attempt(Box::new(blocked)),
        Event::Note(Note {
            level: NoteLevel::Warning,
            text: "the clock went back".to_owned(),
        }),
        Event::End(End {
            finished_at: "2026-11-21T12:00:01.000Z".to_owned(),
            wall_us: 1_000_000,
            counts: Counts {
                total: 2,
                failed: 1,
                blocked: 1,
                ..Counts::default()
            },
            interrupted: false,
            exit_code: 101,
            awaited: Vec::new(),
        }),
    ]
}

/// Writes a sealed record of one event of each kind and returns its head.
pub(crate) fn write_sealed(path: &Path) -> String {
    let mut writer = Writer::create(path, Redactor::none()).unwrap();
    writer.write_all(&one_of_each()).unwrap();
    writer.seal().unwrap()
}
