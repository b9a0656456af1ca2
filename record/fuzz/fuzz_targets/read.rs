//! Any bytes are a record with problems or an error, never a panic.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use phasegate_record::read::read_from;

fuzz_target!(|bytes: &[u8]| {
    match read_from(Path::new("fuzz.ndjson"), bytes) {
        Ok(record) => record
            .problems
            .iter()
            .for_each(|problem| drop(problem.to_string())),
        Err(error) => drop(error.to_string()),
    }
});
