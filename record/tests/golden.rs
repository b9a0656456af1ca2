//! The format of the file, byte for byte.

mod support;

use std::fs;
use std::path::Path;

use support::write_sealed;

#[test]
fn a_record_is_written_byte_for_byte_as_published() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/record-v1.ndjson");
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.ndjson");
    write_sealed(&path);
    let written = fs::read_to_string(&path).unwrap();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(golden.parent().unwrap()).unwrap();
        fs::write(&golden, &written).unwrap();
    }
    let published = fs::read_to_string(&golden).unwrap_or_default();
    for (number, (written, published)) in written.lines().zip(published.lines()).enumerate() {
        assert_eq!(written, published, "line {}", number + 1);
    }
    assert!(
        written == published,
        "{} differs from what is written now.\nIf the change of format is meant and old readers \
         take it, rewrite the file with\n\n    \
         UPDATE_GOLDEN=1 cargo test -p phasegate-record --test golden\n",
        golden.display()
    );
}

/// Records that an earlier build of this schema version wrote still read.
#[test]
fn the_published_record_reads() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/record-v1.ndjson");
    let record = phasegate_record::read::read_file(&golden).unwrap();
    assert_eq!(record.problems, []);
    assert_eq!(record.lines.len(), 13);
}
