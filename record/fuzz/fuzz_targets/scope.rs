//! Any text is an error or a scope that prints as an equal one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use phasegate_record::scope::Scope;

fuzz_target!(|text: &str| {
    match Scope::parse(text) {
        Ok(scope) => assert_eq!(Scope::parse(&scope.to_string()).ok(), Some(scope)),
        Err(error) => drop(error.to_string()),
    }
});
