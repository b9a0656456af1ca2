//! `cargo phasegate verify`: whether a record is as its writers left it.

use std::path::{Path, PathBuf};

use clap::Args;
use phasegate_record::read::{RecordFile, read_file, read_run};
use phasegate_report::render::markdown::visible;
use serde::Serialize;

use crate::args::Place;
use crate::console::{Console, Tone};
use crate::error::CliError;
use crate::{exit, find};

/// Check that a record is as its writers left it: chain, seals and captured output
#[derive(Debug, Args)]
#[command(after_help = "\
Names each line that was edited, moved, repeated or removed, and each captured output that is gone
or was edited. Ends with 1 when anything is found; a record that is merely incomplete, as the death
of a process leaves it, is told apart from one that was changed.

Examples:
  cargo phasegate verify                                  the newest run
  cargo phasegate verify 20261121T220918Z-4f2a01          a run by its id
  cargo phasegate verify evidence/run-17/api.ndjson       one file")]
pub(crate) struct Verify {
    /// Id or directory of a run, or one file of a record [default: the newest run]
    #[arg(value_name = "RUN|FILE")]
    run: Option<String>,
}

#[derive(Serialize)]
struct ProblemMessage<'m> {
    reason: &'static str,
    path: &'m Path,
    line: usize,
    problem: String,
    tampering: bool,
}

#[derive(Serialize)]
struct FileMessage<'m> {
    reason: &'static str,
    path: &'m Path,
    lines: usize,
    head: &'m str,
    problems: usize,
}

pub(crate) fn run(args: &Verify, place: &Place, console: &mut Console) -> Result<u8, CliError> {
    let given = args.run.as_deref();
    let file = given.map(PathBuf::from).filter(|path| path.is_file());
    let files = match file {
        Some(file) => vec![read_file(&file)?],
        None => read_run(&find::run_dir(given, place)?)?.files,
    };
    for file in &files {
        tell(file, console);
    }
    let sound = files.iter().all(|file| file.problems.is_empty());
    Ok(if sound { exit::FINE } else { exit::FINDINGS })
}

fn tell(file: &RecordFile, console: &mut Console) {
    for problem in &file.problems {
        let tampering = problem.is_tampering();
        let word = if tampering {
            console.paint(Tone::Bad, "changed", 0)
        } else {
            console.paint(Tone::Doubtful, "incomplete", 0)
        };
        let message = ProblemMessage {
            reason: "problem",
            path: &problem.path,
            line: problem.line,
            problem: problem.flaw.to_string(),
            tampering,
        };
        console.result(
            &format!("{word}: {}", visible(&problem.to_string())),
            &message,
        );
    }
    let problems = file.problems.len();
    let state = match problems {
        0 => console.paint(Tone::Good, "intact", 0),
        1 => "1 problem".to_owned(),
        n => format!("{n} problems"),
    };
    let (path, lines) = (&file.path, file.lines.len());
    let noun = if lines == 1 { "line" } else { "lines" };
    let line = format!(
        "{}: {lines} {noun}, {state}, head {}",
        path.display(),
        file.head
    );
    let message = FileMessage {
        reason: "file",
        path,
        lines,
        head: &file.head,
        problems,
    };
    console.result(&line, &message);
}
