//! Output is captured whole, whoever wrote it, and belongs to its test.

use phasegate_record::digest::sha256_hex;
use phasegate_record::event::{Outcome, Output};

use crate::hostile::{forked, spawned};
use crate::support::{Project, text};

#[test]
fn output_of_c_code_and_of_children_is_captured() {
    for ran in [&forked().ran, &spawned().ran] {
        let attempt = ran.attempt("prints_through_c_and_children");
        let stdout = text(&attempt.stdout);
        for part in [
            "rust without a newline;",
            "c without a flush;",
            "child on stdout\n",
        ] {
            assert!(stdout.contains(part), "{stdout:?}");
        }
        assert_eq!(text(&attempt.stderr), "child on stderr\n");
        assert!(
            !ran.stdout.contains("child on stdout"),
            "the output of a passed test is not shown"
        );
    }
}

#[test]
fn output_stays_with_the_test_that_wrote_it() {
    let ran = &forked().ran;
    for test in ["zz_is_untouched_1", "zz_is_untouched_2", "leaks_a_process"] {
        let attempt = ran.attempt(test);
        assert_eq!(
            (attempt.stdout, attempt.stderr),
            (Output::Empty, Output::Empty),
            "{test}"
        );
    }
}

#[test]
fn bytes_that_are_no_text_are_kept_as_they_are() {
    let ran = &forked().ran;
    let attempt = ran.attempt("prints_hostile_text");
    let bytes = ran.record().output_bytes(&attempt.stdout).unwrap();
    assert_eq!(
        &bytes[..],
        b"\x1b[2J\xff\xfe | `x` <script>alert(1)</script> \x07\n"
    );
}

#[test]
fn fifty_megabytes_are_kept_whole() {
    let Output::Blob { sha256, bytes } = forked().ran.attempt("prints_fifty_megabytes").stdout
    else {
        panic!("fifty megabytes do not fit into a line");
    };
    assert_eq!(bytes, 50 << 20);
    // That the blob is there and has this digest is a part of reading the record.
    assert_eq!(sha256, sha256_hex(vec![b'x'; 50 << 20]));
}

#[test]
fn a_test_that_writes_too_much_is_ended_and_told_why() {
    let project = Project::of("patient")
        .toml("[output]\nlimit = \"1MiB\"\n[timeout]\ntest = \"20s\"\ngrace = \"100ms\"\n");
    let test = "writes_two_megabytes_and_waits";
    let ran = project.run(&["--exact", test]).exits(101);
    let attempt = ran.attempt(test);
    assert_eq!(attempt.outcome, Outcome::Failed);
    let message = attempt.failure.unwrap().message;
    assert!(message.contains("raise `[output] limit`"), "{message}");
    assert!(matches!(attempt.stdout, Output::Blob { bytes, .. } if bytes == 2 << 20));
}

#[test]
fn a_thread_shares_the_streams_of_the_harness_and_the_record_says_so() {
    let attempt = forked().ran.attempt("fails_in_a_thread");
    assert_eq!(attempt.stdout, Output::NotCaptured);
}
