//! Prints what it costs to write a record: `cargo run [--release] -p phasegate-record --example cost`.
//!
//! Users run their tests in the dev profile, so the dev profile's numbers count.
#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::time::Instant;

use phasegate_record::digest::sha256_hex;
use phasegate_record::event::{
    Attempt, Disposition, Event, Isolation, Mechanism, Outcome, Output, PlannedTest,
};
use phasegate_record::read::read_file;
use phasegate_record::redact::Redactor;
use phasegate_record::write::Writer;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = std::env::temp_dir().join(format!("phasegate-cost-{}", std::process::id()));
    let secrets = ["correct horse battery", "x7!Kp2#vQ9", "postgres_pw"];
    let redactor = || Redactor::new(secrets.iter().map(|s| ("NAME".to_owned(), (*s).to_owned())));
    let attempt = attempt();
    let json = serde_json::to_string(&attempt)?;

    println!("one attempt is {} bytes", json.len());
    time("  to JSON", 2_000, || {
        drop(black_box(serde_json::to_vec(&attempt)))
    });
    time("  to SHA-256", 2_000, || drop(black_box(sha256_hex(&json))));
    let (none, some) = (Redactor::new([]), redactor());
    time("  redact, no secrets", 2_000, || {
        drop(black_box(none.redact(&json)))
    });
    time("  redact, 3 secrets", 2_000, || {
        drop(black_box(some.redact(&json)))
    });
    let mut writer = Writer::create(&dir.join("attempts.ndjson"), redactor())?;
    time("  Writer::write", 2_000, || {
        writer.write(&attempt).unwrap_or_else(|e| panic!("{e}"))
    });
    drop(writer);

    let planned: Vec<Event> = (0..20_000).map(planned).collect();
    let path = dir.join("planned.ndjson");
    let mut writer = Writer::create(&path, redactor())?;
    let start = Instant::now();
    writer.write_all(&planned)?;
    report("20000 planned tests, each", start, 20_000);
    writer.seal()?;
    let start = Instant::now();
    black_box(read_file(&path)?);
    report("reading them back, each", start, 20_000);

    time("opening to append", 100, || {
        drop(black_box(Writer::append(&path, Redactor::none())))
    });

    let output = "2026-11-21 12:00:00 INFO request 17 served in 3 ms\n".repeat(1 << 20);
    let start = Instant::now();
    black_box(some.redact(&output));
    println!(
        "redacting {} MB: {:.0?}",
        output.len() >> 20,
        start.elapsed()
    );
    std::fs::remove_dir_all(&dir)?;
    Ok(())
}

fn time(what: &str, times: u32, mut act: impl FnMut()) {
    act();
    let start = Instant::now();
    (0..times).for_each(|_| act());
    report(what, start, times);
}

fn report(what: &str, start: Instant, times: u32) {
    let each = start.elapsed().as_secs_f64() * 1e6 / f64::from(times);
    println!("{what}: {each:.2} µs");
}

fn attempt() -> Event {
    Event::Attempt(Box::new(Attempt {
        test: "auth_flow::session_outlives_a_cache_flush".to_owned(),
        number: 1,
        last: true,
        outcome: Outcome::Passed,
        start_us: 1_234_567,
        wall_us: 23_456,
        user_us: Some(1_200),
        system_us: Some(800),
        peak_kib: Some(8_192),
        mechanism: Mechanism::Fork,
        exit: None,
        failure: None,
        skip_reason: None,
        blocked: None,
        release_errors: Vec::new(),
        leases: Vec::new(),
        infrastructure: None,
        receipt: None,
        stdout: Output::Text {
            text: "connected to 127.0.0.1:5432\nserved 17 requests\n".repeat(2),
        },
        stderr: Output::Empty,
    }))
}

fn planned(number: u32) -> Event {
    Event::Planned(Box::new(PlannedTest {
        name: format!("auth_flow::session_outlives_a_cache_flush::case_{number}"),
        phase: Some("C".to_owned()),
        boundaries: vec!["cache".to_owned(), "database".to_owned()],
        patterns: Vec::new(),
        services: Vec::new(),
        tags: Vec::new(),
        criteria: Vec::new(),
        file: "tests/integration/auth_flow.rs".to_owned(),
        line: number,
        source_digest: "0123456789abcdef".repeat(4),
        isolation: Isolation::Process,
        timeout_ms: Some(60_000),
        retries: 0,
        serial: None,
        disposition: Disposition::Run,
    }))
}
