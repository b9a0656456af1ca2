//! Where the figures come from.

use phasegate_record::event::Invocation;
use serde::Serialize;

use super::output::shorten;
use super::table::{Cell, Column, Table};
use crate::figures::time::human;
use crate::figures::{FileFigure, RunFigures};

/// Files of a record that are listed.
const MAX_FILES: usize = 200;

/// One line of the evidence section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// What it says, from code or foreign.
    pub value: String,
    /// What to add to it; empty when there is nothing.
    pub remark: String,
}

/// What is known of the run: where, when, from what.
#[must_use]
pub fn facts(run: &RunFigures<'_>) -> Vec<Fact> {
    let header = &run.header;
    let mut facts = Vec::new();
    let mut push = |name: &str, value: String, remark: &str| {
        let (name, remark) = (name.to_owned(), remark.to_owned());
        if !value.is_empty() {
            facts.push(Fact {
                name,
                value,
                remark,
            });
        }
    };
    push("Run", header.id.clone(), "");
    match &header.git {
        Some(git) => {
            let remark = if git.dirty {
                "with uncommitted changes"
            } else {
                ""
            };
            push("Revision", git.revision.clone(), remark);
            push("Branch", git.branch.clone().unwrap_or_default(), "");
        }
        None if !header.id.is_empty() => push("Revision", "none".to_owned(), "no git work tree"),
        None => {}
    }
    push("Started", header.started_at.clone().unwrap_or_default(), "");
    let wall = header.wall_ms.map(|ms| human(ms.saturating_mul(1_000)));
    push(
        "Wall time",
        wall.unwrap_or_default(),
        "from the first start to the last end",
    );
    if header.attempts_us > 0 {
        push(
            "Time in tests",
            human(header.attempts_us),
            "sum over all attempts",
        );
    }
    push("Compiler", header.rustc.clone().unwrap_or_default(), "");
    if let Some(host) = &header.host {
        let plural = if host.cpus == 1 { "" } else { "s" };
        let text = format!("{} {}, {} processor{plural}", host.os, host.arch, host.cpus);
        push("Host", text, "");
    }
    let shuffled = if header.shuffled {
        "tests were shuffled by it"
    } else {
        ""
    };
    push(
        "Seed",
        header.seed.map(|seed| seed.to_string()).unwrap_or_default(),
        shuffled,
    );
    let harness: Vec<_> = header.harness.iter().cloned().collect();
    push("Harness", harness.join(", "), "");
    push(
        "phasegate.toml",
        header.config_digest.clone().unwrap_or_default(),
        "SHA-256",
    );
    facts
}

/// The files of the record.
#[must_use]
pub fn files(run: &RunFigures<'_>) -> Table {
    let columns = vec![
        Column::words("Record file"),
        Column::words("Test binary"),
        Column::words("Called"),
        Column::numbers("Lines"),
        Column::words("Seal"),
        Column::words("Digest of the last line"),
    ];
    let row = |file: &FileFigure| {
        vec![
            Cell::code(&file.path),
            Cell::text(binary(file)),
            Cell::code(called(file)),
            Cell::text(file.lines.to_string()),
            Cell::text(if file.sealed { "sealed" } else { "not sealed" }),
            Cell::code(&file.head),
        ]
    };
    let more = run.files.len().saturating_sub(MAX_FILES);
    let note = (more > 0).then(|| format!("{more} more files of the record are not listed."));
    Table {
        columns,
        rows: run.files.iter().take(MAX_FILES).map(row).collect(),
        note,
    }
}

fn binary(file: &FileFigure) -> String {
    let shard = file
        .shard
        .map(|s| format!(", shard {}/{}", s.index, s.total));
    format!(
        "{} of {}{}",
        file.binary,
        file.package,
        shard.unwrap_or_default()
    )
}

fn called(file: &FileFigure) -> String {
    let by = match file.invocation {
        Some(Invocation::CargoTest) => "cargo test",
        Some(Invocation::Nextest) => "cargo nextest run",
        Some(Invocation::Bazel) => "bazel test",
        Some(Invocation::Direct) => "by hand",
        Some(Invocation::Ingested) => "ingested",
        None => "not known",
    };
    match file.args.as_slice() {
        [] => by.to_owned(),
        args => shorten(&format!("{by} -- {}", args.join(" ")), 300),
    }
}
