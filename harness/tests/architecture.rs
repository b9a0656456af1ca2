//! The order of the house, read from the sources: data moves one way, imports point the other.
#![allow(missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms of the harness, each with the rooms that it may name.
const ROOMS: [(&str, &[&str]); 11] = [
    ("terms", &[]),
    ("kernel", &["terms"]),
    ("fixture", &["terms"]),
    ("services", &["terms", "kernel", "fixture"]),
    ("drivers", &["terms", "kernel", "fixture", "services"]),
    ("config", &["terms"]),
    ("registry", &["terms", "fixture", "services", "config"]),
    ("plan", &["terms", "config", "registry"]),
    (
        "execution",
        &[
            "terms", "kernel", "fixture", "services", "config", "registry", "plan",
        ],
    ),
    ("console", &["terms", "plan", "execution"]),
    (
        "session",
        &[
            "terms",
            "fixture",
            "services",
            "config",
            "registry",
            "plan",
            "execution",
            "console",
            "__private",
        ],
    ),
];

/// Packages of the workspace, each with those of the workspace that it may depend on.
const PACKAGES: [(&str, &[&str]); 5] = [
    ("macros", &[]),
    ("record", &[]),
    ("report-templates", &["phasegate-record"]),
    (
        "harness",
        &["phasegate-macros", "phasegate-record", "phasegate-report"],
    ),
    ("cargo-phasegate", &["phasegate-record", "phasegate-report"]),
];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the harness lies in the workspace")
        .to_owned()
}

fn sources(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).expect("a room can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Lines of code, without those that are only comment, from 1.
fn code(path: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(path).expect("a source can be read");
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(i, line)| (i + 1, line.to_owned()))
        .collect()
}

/// Rooms named as `crate::room` in a line, `use crate::{a, b}` included.
fn named(line: &str) -> Vec<String> {
    let word = |s: &str| {
        s.trim()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    line.match_indices("crate::")
        .filter(|(at, _)| {
            !line[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$')
        })
        .flat_map(|(at, found)| {
            let rest = &line[at + found.len()..];
            match rest.strip_prefix('{') {
                Some(list) => list.split(',').map(word).collect(),
                None => vec![word(rest)],
            }
        })
        .collect()
}

#[test]
fn rooms_name_only_rooms_before_them() {
    let src = workspace().join("harness/src");
    let mut wrong = Vec::new();
    for (room, allowed) in ROOMS {
        for path in sources(&src.join(room)) {
            for (number, line) in code(&path) {
                for other in named(&line) {
                    let is_room =
                        ROOMS.iter().any(|(name, _)| *name == other) || other == "__private";
                    if is_room && other != room && !allowed.contains(&other.as_str()) {
                        wrong.push(format!(
                            "{}:{number}: `{room}` must not name `{other}`",
                            path.display()
                        ));
                    }
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "imports against the order of the house:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_room_is_in_the_order() {
    let src = workspace().join("harness/src");
    for entry in fs::read_dir(src)
        .expect("the sources can be read")
        .flatten()
        .filter(|e| e.path().is_dir())
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(
            ROOMS.iter().any(|(room, _)| *room == name),
            "`{name}` is a new room: give it a place in ROOMS and in CONTRIBUTING.md"
        );
    }
}

#[test]
fn packages_depend_only_on_packages_before_them() {
    for (package, allowed) in PACKAGES {
        let manifest = workspace().join(package).join("Cargo.toml");
        let text = fs::read_to_string(&manifest).expect("a manifest can be read");
        let mut in_dependencies = false;
        for (number, line) in text.lines().enumerate() {
            if line.starts_with('[') {
                in_dependencies = line.contains("dependencies") && !line.contains("dev-");
            }
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if in_dependencies && name.starts_with("phasegate") {
                assert!(
                    allowed.contains(&name),
                    "{}:{}: `{package}` must not depend on `{name}`",
                    manifest.display(),
                    number + 1
                );
            }
        }
    }
}

#[test]
fn the_reports_are_reached_through_one_door() {
    for path in sources(&workspace().join("harness/src")) {
        let is_door = path.ends_with("session/reports.rs");
        for (number, line) in code(&path) {
            assert!(
                is_door || !line.contains("phasegate_report"),
                "{}:{number}: only session/reports.rs may know the reports",
                path.display()
            );
        }
    }
}

#[test]
fn only_the_console_prints_and_only_the_kernel_is_unsafe() {
    let src = workspace().join("harness/src");
    for path in sources(&src) {
        let room = path.strip_prefix(&src).expect("found below src");
        for (number, line) in code(&path) {
            let prints = ["println!", "print!(", "eprint"]
                .iter()
                .any(|p| line.contains(p));
            let may_print = room.starts_with("console") || room.ends_with("execution/spawn.rs");
            assert!(
                !prints || may_print,
                "{}:{number}: only the console prints",
                path.display()
            );
            let is_unsafe = line.contains("unsafe {")
                || line.contains("unsafe fn")
                || line.contains("unsafe impl");
            assert!(
                !is_unsafe || room.starts_with("kernel"),
                "{}:{number}: `unsafe` belongs to kernel",
                path.display()
            );
        }
    }
}

#[test]
fn files_have_one_duty() {
    for package in [
        "macros",
        "record",
        "report-templates",
        "harness",
        "cargo-phasegate",
    ] {
        for path in sources(&workspace().join(package).join("src")) {
            let lines = fs::read_to_string(&path)
                .expect("a source can be read")
                .lines()
                .count();
            assert!(
                lines <= 400,
                "{} has {lines} lines; give its second duty a file of its own",
                path.display()
            );
        }
    }
}
