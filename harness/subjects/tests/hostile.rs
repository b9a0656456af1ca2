//! Ill-behaved tests, one for each way in which a test can harm another.
#![allow(
    missing_docs,
    unsafe_code,
    clippy::print_stdout,
    clippy::undocumented_unsafe_blocks
)]

use std::io::Write;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

phasegate::main!();

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// Passes only in a process that no other test has touched.
fn assert_untouched() {
    assert_eq!(
        COUNTER.fetch_add(1, Ordering::SeqCst),
        0,
        "another test was here"
    );
    assert!(
        std::env::var_os("PHASEGATE_LITTER").is_none(),
        "the environment was littered"
    );
    assert!(
        std::path::Path::new("Cargo.toml").exists(),
        "the directory was changed"
    );
}

#[phasegate::test]
fn aborts() {
    std::process::abort();
}

#[phasegate::test]
fn exits_with_zero() {
    std::process::exit(0);
}

#[phasegate::test]
fn exits_with_seven() {
    std::process::exit(7);
}

#[phasegate::test]
fn is_killed() {
    unsafe {
        libc::kill(libc::getpid(), libc::SIGKILL);
    }
}

#[phasegate::test]
fn segfaults() {
    let nowhere = std::hint::black_box(16 as *const u8);
    unsafe {
        nowhere.read_volatile();
    }
}

#[phasegate::test]
#[allow(unconditional_recursion)]
fn overflows_its_stack() {
    fn deeper(depth: u64) -> u64 {
        let here = [depth; 512];
        std::hint::black_box(&here);
        deeper(depth + 1) + here[0]
    }
    std::hint::black_box(deeper(0));
}

#[phasegate::test]
fn kills_its_overseer() {
    unsafe {
        libc::kill(libc::getppid(), libc::SIGKILL);
        libc::pause();
    }
}

#[phasegate::test]
fn leaks_a_thread() {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let _ = tell.send(());
        loop {
            std::thread::park();
        }
    });
    let _ = told.recv();
}

#[phasegate::test]
fn leaks_a_process() {
    let _ = Command::new("sleep")
        .arg("1000")
        .spawn()
        .map(std::mem::forget);
}

#[phasegate::test]
fn leaks_a_daemon() {
    let script = "setsid sleep 1001 >/dev/null 2>&1 </dev/null &";
    assert!(
        Command::new("sh")
            .args(["-c", script])
            .status()
            .is_ok_and(|s| s.success())
    );
}

#[phasegate::test]
fn leaks_a_child_that_holds_its_output() {
    assert!(
        Command::new("sh")
            .args(["-c", "sleep 1002 &"])
            .status()
            .is_ok_and(|s| s.success())
    );
}

#[phasegate::test]
fn changes_directory_and_environment() {
    assert_untouched();
    let _ = std::env::set_current_dir("/");
    unsafe {
        std::env::set_var("PHASEGATE_LITTER", "1");
    }
}

#[phasegate::test]
fn prints_fifty_megabytes() {
    let line = [b'x'; 1 << 10];
    let mut out = std::io::stdout().lock();
    for _ in 0..50 << 10 {
        out.write_all(&line)
            .expect("standard output can be written");
    }
}

#[phasegate::test]
fn prints_through_c_and_children() {
    print!("rust without a newline;");
    unsafe {
        libc::printf(c"c without a flush;".as_ptr());
    }
    let _ = Command::new("sh")
        .args(["-c", "echo child on stdout; echo child on stderr >&2"])
        .status();
}

#[phasegate::test(timeout = "200ms")]
fn never_ends() {
    let _ = Command::new("sleep")
        .arg("1003")
        .spawn()
        .map(std::mem::forget);
    loop {
        std::thread::park();
    }
}

#[phasegate::test(timeout = "200ms")]
fn never_ends_and_ignores_sigterm() {
    unsafe {
        libc::signal(libc::SIGTERM, libc::SIG_IGN);
    }
    loop {
        std::thread::park();
    }
}

#[phasegate::test]
fn forks_and_returns_twice() {
    unsafe {
        libc::fork();
    }
}

#[phasegate::test]
fn prints_hostile_text() {
    std::io::stdout()
        .write_all(b"\x1b[2J\xff\xfe | `x` <script>alert(1)</script> \x07\n")
        .expect("standard output can be written");
    panic!("<img src=x onerror=alert(1)> | ``` \u{1b}]0;title\u{7} \u{202e}desrever");
}

#[phasegate::test(retries = 2)]
fn passes_on_the_second_attempt(cx: phasegate::Context) {
    assert_eq!(cx.attempt(), 2, "the first attempt fails");
}

#[phasegate::test(isolation = "thread")]
fn fails_in_a_thread() {
    panic!("in a thread");
}

#[phasegate::test]
fn fails_to_release(cx: phasegate::Context) {
    cx.on_release(async { Err(phasegate::Error::new("the vault is still open")) });
}

#[phasegate::test]
fn returns_an_error() -> Result<(), std::num::ParseIntError> {
    "x".parse::<u8>().map(drop)
}

#[phasegate::test]
fn returns_our_error() -> phasegate::Result {
    let _: u8 = "x".parse()?;
    Ok(())
}

#[phasegate::test(retries = 2)]
fn fails_every_time(cx: phasegate::Context) {
    panic!("attempt {}", cx.attempt());
}

#[phasegate::test]
fn skips_from_deep_down() {
    fn deep(levels: u32) {
        if levels == 0 {
            phasegate::skip!("no {} here", "gpu");
        }
        deep(levels - 1);
    }
    deep(10);
}

#[phasegate::test(should_panic = "on purpose")]
fn panics_with_another_message() {
    panic!("by accident");
}

#[phasegate::test(should_panic)]
fn does_not_panic_as_it_should() {}

#[phasegate::test]
fn panics_without_words() {
    std::panic::panic_any(5);
}

#[phasegate::test]
fn closes_every_descriptor() {
    unsafe {
        for descriptor in 0..256 {
            libc::close(descriptor);
        }
    }
}

#[phasegate::test(isolation = "thread")]
fn passes_in_a_thread() {}

#[phasegate::test(isolation = "thread", timeout = "200ms")]
fn never_ends_in_a_thread() {
    loop {
        std::thread::park();
    }
}

#[phasegate::test]
fn zz_is_untouched_1() {
    assert_untouched();
}

#[phasegate::test]
fn zz_is_untouched_2() {
    assert_untouched();
}
