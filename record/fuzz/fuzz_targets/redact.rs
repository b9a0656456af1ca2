//! A secret never survives, whatever stands around it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use phasegate_record::redact::Redactor;

const SECRET: &str = "corr3ct h0rse";

fuzz_target!(|around: (&[u8], &[u8])| {
    let redactor = Redactor::new([("KEY".to_owned(), SECRET.to_owned())]);
    let text = [around.0, SECRET.as_bytes(), around.1].concat();
    let clean = redactor.redact_bytes(&text);
    assert!(
        !clean
            .windows(SECRET.len())
            .any(|window| window == SECRET.as_bytes())
    );
});
