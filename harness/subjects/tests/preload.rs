//! State built once, in ways that `SUBJECT_HOW` chooses.
#![allow(missing_docs)]

use std::sync::atomic::{AtomicU32, Ordering};

use phasegate::Shared;
use phasegate_subjects::{how, tell};

phasegate::main!();

struct Catalogue {
    built_by: u32,
    touched: AtomicU32,
}

#[phasegate::preload]
fn catalogue() -> Catalogue {
    tell(&format!("built by {}", std::process::id()));
    match how().as_str() {
        "panic" => panic!("the catalogue is empty"),
        "thread" => drop(std::thread::spawn(|| {
            loop {
                std::thread::park();
            }
        })),
        "exit" => std::process::exit(9),
        _ => {}
    }
    println!("a preload may print");
    Catalogue {
        built_by: std::process::id(),
        touched: AtomicU32::new(0),
    }
}

fn reads(name: &str, catalogue: Shared<Catalogue>) {
    let before = catalogue.touched.fetch_add(1, Ordering::SeqCst);
    tell(&format!(
        "{name} in {} reads {} touched {before}",
        std::process::id(),
        catalogue.built_by
    ));
}

#[phasegate::test]
fn one(catalogue: Shared<Catalogue>) {
    reads("one", catalogue);
}

#[phasegate::test]
fn two(catalogue: Shared<Catalogue>) {
    reads("two", catalogue);
}

#[phasegate::test]
fn three(catalogue: Shared<Catalogue>) {
    reads("three", catalogue);
}
