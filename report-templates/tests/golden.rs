//! Completion reports, compared byte for byte. `UPDATE_GOLDEN=1 cargo test -p phasegate-report`
//! rewrites them; read the difference before you commit it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::path::Path;

use phasegate_record::event::*;
use phasegate_record::project::{Criterion, Each, Metric, Project, Threshold};
use phasegate_report::figures::{Flaw, Verdict};
use phasegate_report::{Rendered, render_reports};
use support::*;

fn compare(name: &str, script: &Script) -> Rendered {
    let mut reports = render_reports(&script.figures(), None).unwrap();
    assert_eq!(reports.len(), 1, "one phase, one report");
    let report = reports.remove(0);
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &report.markdown).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        golden == report.markdown,
        "{} differs; if that is meant, run with UPDATE_GOLDEN=1 and read the difference\n\n{}",
        path.display(),
        report.markdown
    );
    report
}

fn gate() -> Vec<Criterion> {
    vec![
        Criterion {
            scope: Some("boundary(database) | boundary(cache)".into()),
            each: Some(Each::Boundary),
            ..criterion(
                "C-1",
                "Every core boundary is crossed by at least two passing tests",
                Metric::PassingTests,
                Threshold::AtLeast(2),
            )
        },
        criterion(
            "C-2",
            "No cross-test contamination",
            Metric::ContaminatedTests,
            Threshold::AtMost(0),
        ),
        Criterion {
            files: Some("tests/integration/**/*.rs".into()),
            ..criterion(
                "C-3",
                "All integration files run under phasegate",
                Metric::MigratedFiles,
                Threshold::AtLeastShare("100%".parse().unwrap()),
            )
        },
    ]
}

/// Six tests that cross one or two boundaries, in two files, with a pattern and a linked one.
fn six(target: &str) -> (Script, [&'static str; 6]) {
    let names = [
        "sessions::outlives_a_cache_flush",
        "sessions::is_stored",
        "sessions::is_found_again",
        "search::escapes_the_query",
        "search::pages",
        "search::orders_by_rank",
    ];
    let mut script = Script::new(project(Some(target), gate()));
    for (index, name) in names.into_iter().enumerate() {
        let boundaries: &[&str] = match index {
            0 => &["cache", "database"],
            1 | 2 => &["database"],
            3 => &["cache"],
            _ => &[],
        };
        let mut test = crossing(name, boundaries);
        test.line = 10 * (index as u32 + 1);
        if index >= 3 {
            test.file = "tests/integration/search.rs".into();
        } else {
            test.patterns = vec!["DeviceSessions".into()];
        }
        if index == 0 {
            test.criteria = vec!["C-1".into()];
        }
        script.plan(test);
    }
    script.events.push(Event::Files(FileSet {
        glob: "tests/integration/**/*.rs".into(),
        files: vec![
            "tests/integration/search.rs".into(),
            "tests/integration/sessions.rs".into(),
        ],
    }));
    (script, names)
}

#[test]
fn all_green() {
    let (mut script, names) = six("85%");
    for (index, name) in names.into_iter().enumerate() {
        let wall_us = 1_500 * (index as u64 + 1);
        script.attempt(Attempt {
            wall_us,
            ..attempt(name, Outcome::Passed)
        });
    }
    script.end(false);
    let report = compare("all-green.md", &script);
    assert_eq!(report.verdict, Verdict::Go);
    assert_eq!((report.passed, report.total), (6, 6));
    assert_eq!(report.headline, "6 of 6 tests pass (100 %)");
}

#[test]
fn failures_below_target() {
    let (mut script, names) = six("85%");
    let mut ignored = planned("search::synonyms");
    ignored.file = "tests/integration/search.rs".into();
    ignored.disposition = Disposition::Ignored {
        reason: Some("needs the new index".into()),
    };
    script.events.insert(7, Event::Planned(Box::new(ignored)));
    script.run().git.as_mut().unwrap().dirty = true;
    for (number, outcome, last) in [(1, Outcome::Failed, false), (2, Outcome::Passed, true)] {
        script.attempt(Attempt {
            number,
            last,
            ..attempt(names[0], outcome)
        });
    }
    script.attempt(Attempt {
        stdout: Output::Text {
            text: "opening session 17\nflushing\n".into(),
        },
        stderr: Output::Text {
            text: (1..=30).map(|n| format!("retry {n}\n")).collect(),
        },
        failure: Some(Failure {
            message: "assertion `left == right` failed\n  left: 3\n right: 4".into(),
            location: Some("tests/integration/sessions.rs:31:5".into()),
        }),
        ..attempt(names[1], Outcome::Failed)
    });
    script.attempt(Attempt {
        receipt: Some(Receipt {
            threads: Some(1),
            processes: vec![Leftover {
                pid: 77,
                name: "redis-server".into(),
            }],
        }),
        ..attempt(names[2], Outcome::Passed)
    });
    script.attempt(blocked(
        names[3],
        "service:cache",
        "cache is blocked: redis-server exited with code 1",
    ));
    script.attempt(Attempt {
        exit: Some(Exit::Signal(11)),
        failure: None,
        ..attempt(names[4], Outcome::Crashed)
    });
    script.attempt(Attempt {
        skip_reason: Some("no search index on this machine".into()),
        ..attempt(names[5], Outcome::Skipped)
    });
    script.end(false);
    let report = compare("failures.md", &script);
    assert_eq!(report.verdict, Verdict::Hold);
    assert_eq!((report.passed, report.total), (2, 6));
}

#[test]
fn services() {
    use ServiceChange::{Died, Failed, FellBack, Ready, Step, Stopped};
    let mut script = Script::new(project(Some("85%"), vec![]));
    let embedded = DeclaredService {
        embedded: true,
        kind: "sqlite".into(),
        ..service("ledger", &[])
    };
    script.run().services = vec![
        service("cache", &["database"]),
        service("database", &[]),
        embedded,
        service("mail", &["database"]),
        service("queue", &[]),
        service("unused", &[]),
    ];
    for (name, services) in [
        ("sessions::are_cached", vec!["cache"]),
        ("sessions::expire", vec!["cache"]),
        ("ledger::balances", vec!["ledger"]),
        ("mail::is_sent", vec!["mail"]),
        ("queue::keeps_its_order", vec!["queue"]),
    ] {
        script.plan(leasing(name, &services));
    }
    let part = |name: &str, detail: &str, at, wall| ServiceStep {
        detail: detail.into(),
        ..step(name, Step, at, wall)
    };
    script
        .step(part("database", "initdb", 5_000, 340_000))
        .step(part("database", "probe", 345_000, 95_000))
        .step(ServiceStep {
            detail: "postgres://127.0.0.1:5433".into(),
            ..step("database", Ready, 5_000, 435_000)
        })
        .step(part("cache", "start", 440_000, 30_000))
        .step(step("cache", Ready, 440_000, 40_000))
        .step(ServiceStep {
            error: Some("exit status 1".into()),
            ..part("mail", "start", 440_000, 12_000)
        })
        .step(ServiceStep {
            error: Some("start exited with status 1\nconfig: no such file `mail.toml`".into()),
            ..step("mail", Failed, 440_000, 13_000)
        })
        .step(ServiceStep {
            detail: "its stand-in runs in its place".into(),
            error: Some("nats-server is not installed; run `apt-get install nats-server`".into()),
            ..step("queue", FellBack, 6_000, 0)
        })
        .step(step("queue", Ready, 6_500, 900))
        .step(ServiceStep {
            error: Some("ended by signal 9".into()),
            ..step("cache", Died, 900_000, 0)
        })
        .step(part("cache", "start", 901_000, 29_000))
        .step(step("cache", Ready, 901_000, 38_000))
        .step(part("database", "shut down", 3_000_000, 50_000))
        .step(step("database", Stopped, 3_000_000, 51_000));
    script.attempt(Attempt {
        last: false,
        infrastructure: Some("cache died: ended by signal 9".into()),
        leases: vec![lease("cache", 900, false)],
        ..attempt("sessions::are_cached", Outcome::Failed)
    });
    script.attempt(Attempt {
        number: 2,
        leases: vec![lease("cache", 1_100, false)],
        ..attempt("sessions::are_cached", Outcome::Passed)
    });
    script.attempt(Attempt {
        leases: vec![lease("cache", 700, false)],
        ..attempt("sessions::expire", Outcome::Passed)
    });
    script.attempt(Attempt {
        leases: vec![lease("ledger", 50, false)],
        ..attempt("ledger::balances", Outcome::Passed)
    });
    script.attempt(blocked(
        "mail::is_sent",
        "service:mail",
        "mail: start exited with status 1",
    ));
    script.attempt(Attempt {
        leases: vec![lease("queue", 80, true)],
        ..attempt("queue::keeps_its_order", Outcome::Passed)
    });
    script.end(false);
    let report = compare("services.md", &script);
    assert_eq!(report.verdict, Verdict::Hold);
    assert_eq!((report.passed, report.total), (3, 5));
}

#[test]
fn hostile_names() {
    let mut script = Script::new(project(None, vec![]));
    let names = [
        "a|b`c`<img src=x onerror=alert(1)>",
        "line\nbreak\u{202e}gnp.exe",
        "```\n# heading",
        "[link](javascript:alert(1)) *bold* _under_",
    ];
    for name in names {
        let mut test = crossing(name, &["data|base\n# x"]);
        test.file = "tests/`odd`|name.rs".into();
        script.plan(test);
        script.attempt(Attempt {
            failure: Some(Failure {
                message: format!("{name}\n```\n</details>\n# not a heading"),
                location: None,
            }),
            stdout: Output::Text {
                text: "\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7} ````\n<script>".into(),
            },
            stderr: Output::Base64 {
                data: "b2v/w3g=".into(),
            },
            ..attempt(name, Outcome::Failed)
        });
    }
    script.end(false);
    compare("hostile.md", &script);
}

#[test]
fn interrupted() {
    let (mut script, names) = six("85%");
    script.attempt(attempt(names[0], Outcome::Passed));
    script.attempt(attempt(names[1], Outcome::Failed));
    script.end(true);
    let report = compare("interrupted.md", &script);
    assert_eq!(report.verdict, Verdict::NotComputed);
}

#[test]
fn tampered() {
    let (mut script, names) = six("85%");
    for name in names {
        script.attempt(attempt(name, Outcome::Passed));
    }
    script.end(false);
    script.flaws.push(Flaw {
        text: "integration.ndjson:9: the line was edited".into(),
        tampering: true,
    });
    let report = compare("tampered.md", &script);
    assert_eq!(report.verdict, Verdict::NotComputed);
}

#[test]
fn filtered() {
    let (mut script, names) = six("85%");
    for event in &mut script.events {
        if let Event::Planned(test) = event
            && test.name.starts_with("search")
        {
            test.disposition = Disposition::Filtered;
        }
    }
    script.run().args = vec!["sessions".into()];
    for name in &names[..3] {
        script.attempt(attempt(name, Outcome::Passed));
    }
    script.end(false);
    let report = compare("filtered.md", &script);
    assert_eq!(report.verdict, Verdict::NotComputed);
    assert_eq!((report.passed, report.total), (3, 6));
}

#[test]
fn nothing() {
    let mut script = Script::new(Project::default());
    script.end(false);
    let report = compare("nothing.md", &script);
    assert_eq!(report.verdict, Verdict::NotComputed);
    assert_eq!(report.file_name, "no-phase.md");
}
