//! Any change to a sealed record is found and named.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use phasegate_record::read::{Flaw, Problem, ReadError, read_file, read_from};
use phasegate_record::redact::Redactor;
use phasegate_record::write::Writer;
use proptest::prelude::*;
use support::write_sealed;

fn sealed() -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.ndjson");
    write_sealed(&path);
    fs::read(&path).unwrap()
}

fn read(bytes: &[u8]) -> Result<Vec<Problem>, ReadError> {
    read_from(Path::new("a.ndjson"), bytes).map(|record| record.problems)
}

fn problems_of(lines: &[&str]) -> Vec<(usize, Flaw)> {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    read(text.as_bytes())
        .unwrap()
        .into_iter()
        .map(|p| (p.line, p.flaw))
        .collect()
}

#[test]
fn each_kind_of_change_is_called_by_its_name() {
    let text = String::from_utf8(sealed()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 13);
    assert_eq!(problems_of(&lines), []);

    let mut edited = lines.clone();
    let passed = lines[8].replace("\"failed\"", "\"passed\"");
    edited[8] = &passed;
    assert_eq!(problems_of(&edited), [(9, Flaw::Edited { told_by: 10 })]);

    let mut cut = lines.clone();
    cut.remove(3);
    assert_eq!(
        problems_of(&cut),
        [(4, Flaw::Missing { first: 3, last: 3 })]
    );
    cut.remove(3);
    assert_eq!(
        problems_of(&cut),
        [(4, Flaw::Missing { first: 3, last: 4 })]
    );
    assert_eq!(
        problems_of(&lines[2..])[0],
        (1, Flaw::Missing { first: 0, last: 1 })
    );

    let mut swapped = lines.clone();
    swapped.swap(2, 5);
    let moved = [
        (3, Flaw::Reordered { seq: 5 }),
        (6, Flaw::Reordered { seq: 2 }),
    ];
    assert_eq!(problems_of(&swapped), moved);

    let mut twice = lines.clone();
    twice.insert(5, lines[4]);
    let repeated = Flaw::Duplicated {
        seq: 4,
        first: 5,
        identical: true,
    };
    assert_eq!(problems_of(&twice), [(6, repeated)]);

    let mut garbage = lines.clone();
    garbage[4] = "garbage";
    let flaws = problems_of(&garbage);
    assert!(
        matches!(&flaws[0], (5, Flaw::Malformed { .. })),
        "{flaws:?}"
    );
    assert_eq!(flaws[1..], [(5, Flaw::Edited { told_by: 6 })]);

    let mut seal = lines.clone();
    let fewer = lines[12].replace("\"lines\":12", "\"lines\":11");
    seal[12] = &fewer;
    assert_eq!(
        problems_of(&seal),
        [(13, Flaw::SealCount { says: 11, is: 12 })]
    );
    assert_eq!(problems_of(&lines[..12]), [(12, Flaw::Unsealed)]);
}

#[test]
fn the_last_line_is_guarded_by_its_form() {
    let text = String::from_utf8(sealed()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let mut spaced = lines.clone();
    let space = lines[12].replace("\"lines\":", "\"lines\": ");
    spaced[12] = &space;
    assert_eq!(problems_of(&spaced), [(13, Flaw::Reframed)]);

    let only = "{\"seq\":0,\"prev\":\"11\",\"event\":{\"type\":\"seal\",\"lines\":0}}";
    assert_eq!(problems_of(&[only]), [(1, Flaw::Reframed)]);
}

#[test]
fn incomplete_is_told_from_changed() {
    let bytes = sealed();
    let cut = read(&bytes[..bytes.len() - 30]).unwrap();
    assert_eq!(
        cut.iter().map(|p| p.is_tampering()).collect::<Vec<_>>(),
        [false, false]
    );
    let edited = String::from_utf8(bytes)
        .unwrap()
        .replace("Amélie", "Amelia");
    let edited = read(edited.as_bytes()).unwrap();
    assert!(edited[0].is_tampering());
    assert!(
        edited[0]
            .to_string()
            .ends_with("a.ndjson:9: the line was edited: it no longer hashes to what line 10 says")
    );
}

#[test]
fn a_line_added_after_the_seal_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.ndjson");
    write_sealed(&path);
    let mut writer = Writer::append(&path, Redactor::none()).unwrap();
    writer.write(&support::run()).unwrap();
    drop(writer);
    let problems = read_file(&path).unwrap().problems;
    assert_eq!((problems[0].line, &problems[0].flaw), (14, &Flaw::Unsealed));
}

#[test]
fn hostile_files_take_bounded_memory() {
    let start = String::from_utf8(sealed()).unwrap();
    let many = start.clone() + &"\n".repeat(100_000);
    assert!(matches!(
        read(many.as_bytes()),
        Err(ReadError::Damaged { .. })
    ));
    let long = start + &"x".repeat((16 << 20) + 1);
    assert!(matches!(
        read(long.as_bytes()),
        Err(ReadError::TooLong { line: 14, .. })
    ));
}

/// One change to a file of lines.
#[derive(Debug, Clone)]
enum Change {
    Flip {
        at: prop::sample::Index,
        mask: u8,
    },
    Remove {
        at: prop::sample::Index,
        length: usize,
    },
    Insert {
        at: prop::sample::Index,
        bytes: Vec<u8>,
    },
    SwapLines(prop::sample::Index, prop::sample::Index),
    RemoveLine(prop::sample::Index),
    RepeatLine(prop::sample::Index, prop::sample::Index),
    Cut(prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<prop::sample::Index>;
    let bytes = prop::collection::vec(any::<u8>(), 1..8);
    prop_oneof![
        (index(), 1..=255u8).prop_map(|(at, mask)| Change::Flip { at, mask }),
        (index(), 1..64usize).prop_map(|(at, length)| Change::Remove { at, length }),
        (index(), bytes).prop_map(|(at, bytes)| Change::Insert { at, bytes }),
        (index(), index()).prop_map(|(a, b)| Change::SwapLines(a, b)),
        index().prop_map(Change::RemoveLine),
        (index(), index()).prop_map(|(a, b)| Change::RepeatLine(a, b)),
        index().prop_map(Change::Cut),
    ]
}

fn apply(change: &Change, bytes: &[u8]) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|&b| b == b'\n').collect();
    match change {
        Change::Flip { at, mask } => changed[at.index(bytes.len())] ^= mask,
        Change::Remove { at, length } => {
            let at = at.index(bytes.len());
            changed.drain(at..bytes.len().min(at + length));
        }
        Change::Insert { at, bytes: new } => {
            let at = at.index(bytes.len() + 1);
            changed.splice(at..at, new.iter().copied());
        }
        Change::SwapLines(a, b) => {
            let (a, b) = (a.index(lines.len()), b.index(lines.len()));
            lines.swap(a, b);
            changed = lines.concat();
        }
        Change::RemoveLine(at) => {
            lines.remove(at.index(lines.len()));
            changed = lines.concat();
        }
        Change::RepeatLine(which, at) => {
            let line = lines[which.index(lines.len())];
            lines.insert(at.index(lines.len() + 1), line);
            changed = lines.concat();
        }
        Change::Cut(at) => changed.truncate(at.index(bytes.len())),
    }
    changed
}

/// Lines of `after` that differ from the same line of `before`: where a problem may be named.
fn touched(before: &[u8], after: &[u8]) -> (usize, usize) {
    let lines = |bytes: &[u8]| -> Vec<Vec<u8>> {
        bytes
            .split_inclusive(|&b| b == b'\n')
            .map(<[u8]>::to_vec)
            .collect()
    };
    let (before, after) = (lines(before), lines(after));
    let same = before
        .iter()
        .zip(&after)
        .take_while(|(a, b)| a == b)
        .count();
    let tail = before
        .iter()
        .rev()
        .zip(after.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    (same + 1, after.len().saturating_sub(tail).max(same + 1))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn any_single_change_is_found_and_its_place_named(change in change()) {
        let before = sealed();
        let after = apply(&change, &before);
        prop_assume!(after != before);
        match read(&after) {
            Ok(problems) => {
                prop_assert!(!problems.is_empty());
                let (first, last) = touched(&before, &after);
                // The line before may be named when it is the link to it that broke.
                let near = |p: &Problem| (first.saturating_sub(1)..=last + 1).contains(&p.line);
                prop_assert!(problems.iter().any(near), "{first}..{last}: {problems:?}");
            }
            // Nothing is left, or the version itself was changed.
            Err(ReadError::Foreign { .. }) => prop_assert!(touched(&before, &after).0 == 1),
            Err(error) => prop_assert!(matches!(error, ReadError::Newer { .. }), "{error}"),
        }
    }

    #[test]
    fn any_bytes_can_be_read(bytes in any::<Vec<u8>>(), start in 0..3usize) {
        let prefix: &[u8] = [&b""[..], br#"{"seq":0,"prev":""#, br#"{"seq":18446744073709551615,"#][start];
        let _ = read(&[prefix, &bytes].concat());
    }

    #[test]
    fn any_places_can_be_read(places in prop::collection::vec((any::<u64>(), 0..4u64), 0..12)) {
        let lines: String = places.iter().map(|(far, near)| {
            let seq = if far % 3 == 0 { *far } else { *near };
            format!("{{\"seq\":{seq},\"prev\":\"\",\"event\":{{\"type\":\"seal\",\"lines\":{far}}}}}\n")
        }).collect();
        if let Ok(problems) = read(lines.as_bytes()) {
            for problem in problems {
                prop_assert!(problem.line <= places.len() && !problem.to_string().is_empty());
            }
        }
    }
}
