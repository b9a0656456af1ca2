//! Tests that wait to be stopped, and tests that pass or fail as they are told.
#![allow(missing_docs, unsafe_code, clippy::undocumented_unsafe_blocks)]

use std::process::Command;

use phasegate_subjects::tell;

phasegate::main!();

fn start_a_child() {
    let child = Command::new("sleep")
        .arg("1004")
        .spawn()
        .expect("sleep can be started");
    std::mem::forget(child);
}

fn wait_for_ever(name: &str) -> ! {
    tell(name);
    loop {
        std::thread::park();
    }
}

#[phasegate::test(tags = ["waits"])]
fn waits() {
    start_a_child();
    wait_for_ever("waits");
}

#[phasegate::test(tags = ["alone"])]
fn waits_alone() {
    wait_for_ever("waits_alone");
}

#[phasegate::test(tags = ["waits"])]
fn waits_behind_a_daemon() {
    let script = "setsid sleep 1005 >/dev/null 2>&1 </dev/null &";
    assert!(
        Command::new("sh")
            .args(["-c", script])
            .status()
            .is_ok_and(|s| s.success())
    );
    wait_for_ever("waits_behind_a_daemon");
}

#[phasegate::test(tags = ["stubborn"])]
fn waits_and_ignores_sigterm() {
    unsafe {
        libc::signal(libc::SIGTERM, libc::SIG_IGN);
    }
    start_a_child();
    wait_for_ever("waits_and_ignores_sigterm");
}

#[phasegate::test(tags = ["quick"])]
fn says_its_secret() {
    println!(
        "the password is {}",
        std::env::var("SUBJECT_PASSWORD").unwrap_or_default()
    );
    println!("postgres://me:opensesame@localhost/db");
}

#[phasegate::test(tags = ["quick"])]
fn tells_its_group() {
    tell(&format!("group {}", unsafe { libc::getpgrp() }));
}

#[phasegate::test(tags = ["quick"])]
fn passes_when_told() {
    tell("passes_when_told");
    assert!(
        std::env::var_os("SUBJECT_PASSES").is_some(),
        "it was not told to pass"
    );
}

/// Passes once the journal says that it has been run before: for runners that retry by themselves.
#[phasegate::test(tags = ["quick"])]
fn passes_the_second_time(cx: phasegate::Context) {
    let journal = std::env::var("SUBJECT_JOURNAL").unwrap_or_default();
    let before = std::fs::read_to_string(journal).unwrap_or_default();
    tell(&format!("passes_the_second_time attempt {}", cx.attempt()));
    assert!(
        before.contains("passes_the_second_time"),
        "the first time fails"
    );
}

#[phasegate::test]
fn writes_two_megabytes_and_waits() {
    use std::io::Write;
    std::io::stdout()
        .write_all(&vec![b'x'; 2 << 20])
        .expect("standard output can be written");
    loop {
        std::thread::park();
    }
}
