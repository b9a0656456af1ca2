//! A test in the harness's own process that ends it, and one that starts a phasegate binary.
#![allow(missing_docs)]

phasegate::main!();

#[phasegate::test(isolation = "thread")]
fn exits_in_a_thread() {
    std::process::exit(0);
}

#[phasegate::test]
fn fails() {
    panic!("this must not be hidden");
}

#[phasegate::test]
fn starts_this_binary_again() {
    let me = std::env::current_exe().expect("it knows itself");
    let listed = std::process::Command::new(me)
        .arg("--list")
        .output()
        .expect("it can be started");
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(names.contains("fails: test"), "{listed:?}");
}

#[phasegate::test]
fn clears_the_flags_of_its_output() {
    use std::os::fd::AsRawFd;
    let out = std::io::stdout().as_raw_fd();
    #[allow(unsafe_code, clippy::undocumented_unsafe_blocks)]
    unsafe {
        libc::fcntl(out, libc::F_SETFL, 0);
    }
    print!("first");
}

#[phasegate::test]
fn prints_after_that() {
    print!("second");
}
