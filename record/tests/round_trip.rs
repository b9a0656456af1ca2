//! What is written is what is read.

mod support;

use std::fs;

use phasegate_record::digest::sha256_hex;
use phasegate_record::event::{Event, Note, NoteLevel, Output};
use phasegate_record::read::{Flaw, OutputError, ReadError, read_file, read_output, read_run};
use phasegate_record::redact::Redactor;
use phasegate_record::write::{WriteError, Writer};
use support::{attempt, one_of_each, write_sealed};

fn note(text: &str) -> Event {
    Event::Note(Note {
        level: NoteLevel::Info,
        text: text.to_owned(),
    })
}

#[test]
fn every_event_reads_back_as_it_was_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("runs/r1/integration.ndjson");
    let head = write_sealed(&path);
    let record = read_file(&path).unwrap();
    assert_eq!(record.problems, []);
    assert_eq!(record.head, head);
    let mut expected = one_of_each();
    expected.push(Event::Seal {
        lines: expected.len() as u64,
    });
    let events: Vec<_> = record.lines.iter().map(|line| line.event.clone()).collect();
    assert_eq!(events, expected);
    for (at, line) in record.lines.iter().enumerate() {
        assert_eq!((line.number, line.seq), (at + 1, at as u64));
    }
    let bytes = fs::read(&path).unwrap();
    let last = bytes[..bytes.len() - 1]
        .rsplit(|&b| b == b'\n')
        .next()
        .unwrap();
    assert_eq!(sha256_hex(last), head);
}

#[test]
fn create_refuses_a_file_that_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.ndjson");
    write_sealed(&path);
    let error = Writer::create(&path, Redactor::none()).unwrap_err();
    assert!(matches!(error, WriteError::Io { .. }));
    assert!(error.to_string().contains("a.ndjson"), "{error}");
}

#[test]
fn processes_continue_each_others_chain() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.ndjson");
    let mut first = Writer::append(&path, Redactor::none()).unwrap();
    assert!(first.is_new());
    first.write_all(&one_of_each()).unwrap();
    first.seal().unwrap();
    let mut head = String::new();
    for length in [10, 9_000, 70_000] {
        let mut next = Writer::append(&path, Redactor::none()).unwrap();
        assert!(!next.is_new());
        next.write(&note(&"x".repeat(length))).unwrap();
        drop(next);
        let next = Writer::append(&path, Redactor::none()).unwrap();
        head = next.seal().unwrap();
    }
    let record = read_file(&path).unwrap();
    assert_eq!(record.problems, []);
    assert_eq!(record.head, head);
}

#[test]
fn a_torn_line_is_reported_and_what_follows_still_counts() {
    for cut in [1, 2, 40] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.ndjson");
        write_sealed(&path);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() - cut]).unwrap();
        let torn = read_file(&path).unwrap();
        assert!(
            torn.problems
                .iter()
                .any(|p| p.flaw == Flaw::Torn && p.line == 13),
            "{cut}"
        );
        assert!(
            torn.problems.iter().all(|p| !p.is_tampering()),
            "{:?}",
            torn.problems
        );

        for _ in 0..2 {
            let mut writer = Writer::append(&path, Redactor::none()).unwrap();
            writer.write(&note("after the crash")).unwrap();
            writer.seal().unwrap();
        }
        let record = read_file(&path).unwrap();
        assert!(
            record.problems.iter().all(|p| !p.is_tampering()),
            "{:?}",
            record.problems
        );
        let torn = record
            .problems
            .iter()
            .filter(|p| p.flaw == Flaw::Torn)
            .count();
        assert_eq!(
            (torn, record.lines.last().unwrap().seq),
            (usize::from(cut > 1), 16)
        );
    }
}

#[test]
fn a_first_line_that_was_cut_off_can_be_continued() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.ndjson");
    fs::write(&path, r#"{"seq":0,"prev":"0000"#).unwrap();
    let flaws: Vec<_> = read_file(&path)
        .unwrap()
        .problems
        .into_iter()
        .map(|p| p.flaw)
        .collect();
    assert_eq!(flaws, [Flaw::Torn, Flaw::Unsealed]);
    let mut writer = Writer::append(&path, Redactor::none()).unwrap();
    assert!(writer.is_new(), "nobody has written the run yet");
    writer.write(&note("x")).unwrap();
    writer.seal().unwrap();
    let record = read_file(&path).unwrap();
    assert_eq!(record.problems.len(), 1);
    assert_eq!(
        (record.problems[0].line, &record.problems[0].flaw),
        (1, &Flaw::Torn)
    );
}

#[test]
fn foreign_files_are_neither_read_nor_continued() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.ndjson");
    for content in [
        "hello\n",
        "{\"reason\":\"compiler-artifact\"}\n",
        "\n\n\n",
        "\0\0\0\0",
        "{}",
    ] {
        fs::write(&path, content).unwrap();
        assert!(
            matches!(read_file(&path), Err(ReadError::Foreign { .. })),
            "{content:?}"
        );
        let error = Writer::append(&path, Redactor::none()).unwrap_err();
        assert!(matches!(error, WriteError::Foreign { .. }), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
}

#[test]
fn outputs_are_kept_where_they_fit_and_checked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.ndjson");
    let mut writer = Writer::create(&path, Redactor::none()).unwrap();
    let large = vec![b'x'; (64 << 10) + 1];
    assert_eq!(writer.output(b"").unwrap(), Output::Empty);
    assert_eq!(
        writer.output(b"hi").unwrap(),
        Output::Text {
            text: "hi".to_owned()
        }
    );
    assert_eq!(
        writer.output(b"\xff").unwrap(),
        Output::Base64 {
            data: "/w==".to_owned()
        }
    );
    assert!(matches!(
        writer.output(&large[1..]).unwrap(),
        Output::Text { .. }
    ));
    let blob = writer.output(&large).unwrap();
    assert_eq!(writer.output(&large).unwrap(), blob, "kept once");
    writer.write(&support::run()).unwrap();
    writer
        .write(&Event::Attempt(Box::new(attempt("t", blob.clone()))))
        .unwrap();
    writer.seal().unwrap();

    let run = read_run(dir.path()).unwrap();
    assert_eq!(run.problems().count(), 0);
    assert_eq!(run.output_bytes(&blob).unwrap(), large);

    let Output::Blob { sha256, .. } = &blob else {
        panic!()
    };
    let kept = dir.path().join("blobs").join(sha256);
    let mut edited = large.clone();
    edited[100] = b'y';
    fs::write(&kept, edited).unwrap();
    let run = read_run(dir.path()).unwrap();
    let flaws: Vec<_> = run.problems().map(|p| (p.line, p.flaw.clone())).collect();
    assert_eq!(
        flaws,
        [(
            2,
            Flaw::BlobEdited {
                sha256: sha256.clone()
            }
        )]
    );
    assert!(run.output_bytes(&blob).is_err());
    fs::remove_file(&kept).unwrap();
    let run = read_run(dir.path()).unwrap();
    assert!(matches!(
        run.problems().next().unwrap().flaw,
        Flaw::BlobMissing { .. }
    ));
}

#[test]
fn a_record_cannot_make_its_reader_open_other_files() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.ndjson");
    fs::create_dir(dir.path().join("blobs")).unwrap();
    fs::write(dir.path().join("other"), "other").unwrap();
    let outside = Output::Blob {
        sha256: "../other".to_owned(),
        bytes: 5,
    };
    let error = read_output(&outside, dir.path()).unwrap_err();
    assert!(matches!(error, OutputError::Malformed { .. }), "{error}");
    let mut writer = Writer::create(&path, Redactor::none()).unwrap();
    writer
        .write(&Event::Attempt(Box::new(attempt("t", outside))))
        .unwrap();
    writer.seal().unwrap();
    let problems = read_file(&path).unwrap().problems;
    assert!(
        matches!(problems[0].flaw, Flaw::BlobEdited { .. }),
        "{problems:?}"
    );
}

#[test]
fn a_record_of_a_later_version_says_who_wrote_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.ndjson");
    write_sealed(&path);
    let text = fs::read_to_string(&path).unwrap();
    for later in [
        text.replace("\"schema\":1,", "\"schema\":2,"),
        text.replace("\"schema\":1,", "\"schema\":2,\"no\":")
            .replace("\"id\":", "\"new_id\":"),
        text.replace("\"schema\":1,", "\"schema\":7,")
            .replace("\"seed\":42", "\"seeds\":[4]"),
    ] {
        fs::write(&path, later).unwrap();
        match read_file(&path) {
            Err(error @ ReadError::Newer { .. }) => {
                assert!(error.to_string().contains("phasegate 0.1.0"), "{error}");
            }
            // The second text is broken JSON: nobody can tell who wrote it.
            Ok(record) => assert!(!record.problems.is_empty()),
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn a_file_that_is_gone_or_replaced_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let write = |dir: &std::path::Path, name: &str, text: &str| {
        let mut writer = Writer::create(&dir.join(name), Redactor::none()).unwrap();
        writer.write(&note(text)).unwrap();
        writer.seal().unwrap();
    };
    write(directory.path(), "a.ndjson", "kept");
    write(directory.path(), "b.ndjson", "as it was");
    assert_eq!(read_run(directory.path()).unwrap().problems().count(), 0);

    let elsewhere = tempfile::tempdir().unwrap();
    write(elsewhere.path(), "b.ndjson", "forged, and sealed again");
    fs::copy(
        elsewhere.path().join("b.ndjson"),
        directory.path().join("b.ndjson"),
    )
    .unwrap();
    let run = read_run(directory.path()).unwrap();
    let problem = run.problems().next().expect("the replaced file is found");
    assert!(
        problem.path.ends_with("b.ndjson") && problem.is_tampering(),
        "{problem}"
    );

    fs::remove_file(directory.path().join("b.ndjson")).unwrap();
    let run = read_run(directory.path()).unwrap();
    let problem = run.problems().next().expect("the missing file is found");
    assert!(
        problem.path.ends_with("b.ndjson") && problem.is_tampering(),
        "{problem}"
    );

    fs::remove_file(directory.path().join("heads.jsonl")).unwrap();
    assert_eq!(read_run(directory.path()).unwrap().problems().count(), 1);
}
