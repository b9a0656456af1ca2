//! Many writers, full disks, and what a writer keeps from its callers.

mod support;

use std::path::Path;

use phasegate_record::event::{Event, Note, NoteLevel};
use phasegate_record::read::read_file;
use phasegate_record::redact::Redactor;
use phasegate_record::write::{WriteError, Writer};
use support::one_of_each;

fn note(text: String) -> Event {
    Event::Note(Note {
        level: NoteLevel::Info,
        text,
    })
}

#[test]
fn writers_at_the_same_time_wait_for_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.ndjson");
    let firsts: usize = std::thread::scope(|scope| {
        let one = |number: usize| {
            let mut writer = Writer::append(&path, Redactor::none()).unwrap();
            let is_new = writer.is_new();
            if is_new {
                writer.write_all(&one_of_each()).unwrap();
            }
            writer.write(&note(format!("{number} begins"))).unwrap();
            writer.write(&note(format!("{number} ends"))).unwrap();
            writer.seal().unwrap();
            usize::from(is_new)
        };
        let threads: Vec<_> = (0..24)
            .map(|number| scope.spawn(move || one(number)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    assert_eq!(firsts, 1, "exactly one writes the inventory");
    let record = read_file(&path).unwrap();
    assert_eq!(record.problems, []);
    assert_eq!(record.lines.len(), one_of_each().len() + 24 * 3);
    let notes = record.lines.iter().filter_map(|line| match &line.event {
        Event::Note(note) => note.text.split_once(' '),
        _ => None,
    });
    let notes: Vec<_> = notes
        .filter(|(_, word)| ["begins", "ends"].contains(word))
        .collect();
    assert!(
        notes.chunks(2).all(|pair| pair[0].0 == pair[1].0),
        "{notes:?}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_and_nothing_follows_a_failed_write() {
    let full = Path::new("/dev/full");
    let mut writer = Writer::append(full, Redactor::none()).unwrap();
    let first = writer.write(&note("x".to_owned())).unwrap_err();
    assert!(first.to_string().contains("/dev/full"), "{first}");
    let WriteError::Io { cause, .. } = &first else {
        panic!("{first}")
    };
    assert_eq!(cause.kind(), std::io::ErrorKind::StorageFull);
    let again = writer.write_all(&one_of_each()).unwrap_err();
    assert_eq!(again.to_string(), first.to_string());
    assert_eq!(writer.seal().unwrap_err().to_string(), first.to_string());
}

#[test]
fn a_directory_in_the_way_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.ndjson");
    std::fs::create_dir(&path).unwrap();
    for error in [
        Writer::append(&path, Redactor::none()).unwrap_err(),
        Writer::create(&path, Redactor::none()).unwrap_err(),
        Writer::append(&path.join("x/y\0z"), Redactor::none()).unwrap_err(),
    ] {
        assert!(error.to_string().contains("a.ndjson"), "{error}");
    }
}

#[test]
fn an_event_that_no_reader_would_take_is_refused_and_the_rest_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.ndjson");
    let mut writer = Writer::create(&path, Redactor::none()).unwrap();
    writer.write(&support::run()).unwrap();
    let error = writer.write(&note("x".repeat(16 << 20))).unwrap_err();
    assert!(matches!(error, WriteError::TooLong { .. }), "{error}");
    writer.write(&note("x".to_owned())).unwrap();
    writer.seal().unwrap();
    let record = read_file(&path).unwrap();
    assert_eq!((record.problems.len(), record.lines.len()), (0, 3));
}
