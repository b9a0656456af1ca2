//! Records made by hand, for tests of figures and reports.

#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part")]

use phasegate_record::event::*;
use phasegate_record::project::{Boundary, Criterion, Metric, Phase, Project, Threshold};
use phasegate_report::figures::{Flaw, RunFigures, Source, fold};

/// One file of a record, under construction.
#[derive(Debug, Clone)]
pub struct Script {
    pub path: String,
    pub events: Vec<Event>,
    pub flaws: Vec<Flaw>,
}

impl Script {
    pub fn new(project: Project) -> Self {
        let run = Run {
            schema: SCHEMA_VERSION,
            id: "20261121-220918-4f2a".into(),
            harness: "0.1.0".into(),
            started_at: "2026-11-21T22:09:18.000Z".into(),
            package: "media-requests".into(),
            binary: "integration".into(),
            invocation: Invocation::CargoTest,
            args: vec![],
            git: Some(Git {
                revision: "8d0c2f6f1b7d4f0f9d6a3f1f6f8e7a5b4c3d2e1f".into(),
                branch: Some("main".into()),
                dirty: false,
            }),
            rustc: Some("rustc 1.95.0 (abcdef012 2026-04-14)".into()),
            host: Host {
                os: "linux".into(),
                arch: "x86_64".into(),
                cpus: 8,
            },
            seed: 4_242,
            shuffled: false,
            shard: None,
            config_digest: None,
            unlisted: 0,
            services: Vec::new(),
            project,
        };
        Self {
            path: "integration.ndjson".into(),
            events: vec![Event::Run(Box::new(run))],
            flaws: vec![],
        }
    }

    pub fn run(&mut self) -> &mut Run {
        match &mut self.events[0] {
            Event::Run(run) => run,
            other => panic!("{other:?}"),
        }
    }

    pub fn plan(&mut self, test: PlannedTest) -> &mut Self {
        self.events.push(Event::Planned(Box::new(test)));
        self
    }

    pub fn attempt(&mut self, attempt: Attempt) -> &mut Self {
        self.events.push(Event::Attempt(Box::new(attempt)));
        self
    }

    pub fn step(&mut self, step: ServiceStep) -> &mut Self {
        self.events.push(Event::Service(step));
        self
    }

    /// Ends the process's part and seals the file.
    pub fn end(&mut self, interrupted: bool) -> &mut Self {
        self.events.push(Event::End(End {
            finished_at: "2026-11-21T22:09:21.250Z".into(),
            wall_us: 3_250_000,
            counts: Counts::default(),
            interrupted,
            exit_code: 101,
            awaited: Vec::new(),
        }));
        let lines = self.events.len() as u64;
        self.events.push(Event::Seal { lines });
        self
    }

    pub fn source(&self) -> Source<'_> {
        Source {
            path: self.path.clone(),
            head: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
            events: (1..).zip(&self.events).collect(),
            flaws: self.flaws.clone(),
        }
    }

    pub fn figures(&self) -> RunFigures<'_> {
        fold(&[self.source()])
    }
}

/// A test of phase C.
pub fn planned(name: &str) -> PlannedTest {
    PlannedTest {
        name: name.into(),
        phase: Some("C".into()),
        boundaries: vec![],
        patterns: vec![],
        services: Vec::new(),
        tags: vec![],
        criteria: vec![],
        file: "tests/integration/sessions.rs".into(),
        line: 12,
        source_digest: "0".repeat(64),
        isolation: Isolation::Process,
        timeout_ms: None,
        retries: 0,
        serial: None,
        disposition: Disposition::Run,
    }
}

pub fn crossing(name: &str, boundaries: &[&str]) -> PlannedTest {
    PlannedTest {
        boundaries: boundaries.iter().map(|&b| b.into()).collect(),
        ..planned(name)
    }
}

/// A first and last attempt in a process of its own that left nothing behind.
pub fn attempt(test: &str, outcome: Outcome) -> Attempt {
    let failure = outcome.is_bad().then(|| Failure {
        message: "assertion failed: session.is_some()".into(),
        location: Some("tests/integration/sessions.rs:31:5".into()),
    });
    Attempt {
        test: test.into(),
        number: 1,
        last: true,
        outcome,
        start_us: 0,
        wall_us: 12_345,
        user_us: None,
        system_us: None,
        peak_kib: None,
        mechanism: Mechanism::Fork,
        exit: None,
        failure,
        skip_reason: None,
        blocked: None,
        release_errors: vec![],
        leases: Vec::new(),
        infrastructure: None,
        receipt: Some(Receipt::default()),
        stdout: Output::Empty,
        stderr: Output::Empty,
    }
}

/// A test that leases services.
pub fn leasing(name: &str, services: &[&str]) -> PlannedTest {
    PlannedTest {
        services: services.iter().map(|&s| s.into()).collect(),
        ..planned(name)
    }
}

/// A service of that name, behind the boundary of that name.
pub fn service(name: &str, after: &[&str]) -> DeclaredService {
    DeclaredService {
        name: name.into(),
        kind: "command".into(),
        boundaries: vec![name.into()],
        after: after.iter().map(|&s| s.into()).collect(),
        embedded: false,
        has_fallback: false,
        file: "tests/integration/main.rs".into(),
        line: 7,
    }
}

/// Something that happened to a service, `at_us` after its process's part began.
pub fn step(service: &str, change: ServiceChange, at_us: u64, wall_us: u64) -> ServiceStep {
    ServiceStep {
        service: service.into(),
        change,
        at_us,
        wall_us,
        detail: String::new(),
        error: None,
    }
}

/// A lease that took so long to acquire.
pub fn lease(service: &str, acquire_us: u64, stand_in: bool) -> LeaseUse {
    LeaseUse {
        service: service.into(),
        acquire_us,
        release_us: 100,
        stand_in,
    }
}

pub fn blocked(test: &str, root: &str, reason: &str) -> Attempt {
    Attempt {
        mechanism: Mechanism::None,
        wall_us: 0,
        failure: None,
        receipt: None,
        blocked: Some(Blocked {
            root: root.into(),
            reason: reason.into(),
        }),
        ..attempt(test, Outcome::Blocked)
    }
}

pub fn criterion(id: &str, title: &str, metric: Metric, threshold: Threshold) -> Criterion {
    Criterion {
        id: id.into(),
        title: title.into(),
        metric,
        scope: None,
        each: None,
        files: None,
        threshold,
    }
}

/// Phase C with a target and criteria.
pub fn project(target: Option<&str>, criteria: Vec<Criterion>) -> Project {
    let boundary = |title: &str| Boundary {
        title: Some(title.into()),
        ..Boundary::default()
    };
    Project {
        name: "media-requests".into(),
        phases: vec![Phase {
            id: "C".into(),
            title: Some("Integration coordination".into()),
            target_pass_rate: target.map(|target| target.parse().unwrap()),
            criteria,
            ..Phase::default()
        }],
        boundaries: [
            ("cache".to_owned(), boundary("Redis cache")),
            ("database".to_owned(), boundary("PostgreSQL")),
        ]
        .into(),
        ..Project::default()
    }
}
