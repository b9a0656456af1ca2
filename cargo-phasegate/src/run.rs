//! `cargo phasegate run`: every phasegate test binary of the workspace, as one run.
//!
//! * [`workspace`] – packages, as Cargo describes them.
//! * [`build`] – test executables, as Cargo builds them; [`marker`] – which of them are ours.
//! * [`environment`] – what Cargo would set for a test binary.
//! * [`execute`] – one binary from start to end.
//! * [`progress`] – live counts; [`display`] – how they are shown.
//! * [`board`] – the gate board at the end.

mod board;
mod build;
mod display;
mod environment;
mod execute;
mod identity;
mod marker;
mod progress;
mod workspace;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use phasegate_record::scope::Scope;
use phasegate_report::runs_dir;

use crate::args::Place;
use crate::console::Console;
use crate::error::CliError;
use crate::exit;
use board::Board;
use build::TestBinary;
use display::Display;
use execute::Finished;
use progress::Progress;
use workspace::Workspace;

/// Build and run all phasegate test binaries as one run, and show the gate board
#[derive(Debug, Args)]
#[command(after_help = "\
A binary that fails does not keep the others from running. Ends with 0 when the verdict of every
phase is `go`; with 1 when one is `hold` or not computed, as after a run of a part; with 2 when a
binary refuses its command line, configuration or declarations; with 3 when the build fails, or a
binary dies or cannot keep its record; with 130 after Ctrl-C, when the binaries have closed their
records.

Examples:
  cargo phasegate run
  cargo phasegate run -p api --test integration
  cargo phasegate run --workspace --features postgres --release
  cargo phasegate run -E 'phase(C) & boundary(cache)' -- --test-threads 2
  cargo phasegate run --message-format json > run.json")]
pub(crate) struct Run {
    #[command(flatten)]
    selection: build::Selection,
    /// Only the tests that this expression selects
    #[arg(short = 'E', long, value_name = "EXPR")]
    scope: Option<String>,
    /// Arguments of the test binaries
    #[arg(last = true, value_name = "ARGS")]
    args: Vec<String>,
}

pub(crate) fn run(args: &Run, place: &Place, console: &mut Console) -> Result<u8, CliError> {
    args.scope.as_deref().map(Scope::parse).transpose()?;
    let interrupted = watch_interrupt();
    let workspace = Workspace::read(place)?;
    let built = build::build(&args.selection, &workspace, place);
    if interrupted.load(Ordering::SeqCst) {
        return Ok(exit::INTERRUPTED);
    }
    let built = built?;
    let binaries = built.phasegate_binaries()?;
    let id = identity::fresh();
    let target = binaries[0].target_dir().unwrap_or(&workspace.target);
    let runs = runs_dir(target);
    let mut progress = Progress::new(&runs, &id);
    let mut display = Display::new();
    let mut finished = Vec::new();
    for (number, binary) in binaries.iter().enumerate() {
        if interrupted.load(Ordering::SeqCst) {
            break;
        }
        display.binary(&binary.title(), number + 1, binaries.len());
        let mut command = environment::command(binary, &built, &workspace);
        command.env("PHASEGATE_RUN_ID", &id);
        command.args(arguments(args));
        let ended = execute::execute(command, &mut progress, &mut display)?;
        display.ended(&binary.title(), &ended);
        finished.push(Finished {
            binary: binary.clone(),
            ended,
        });
    }
    display.close();
    let all = finished.len() == binaries.len() && finished.iter().all(Finished::is_whole);
    let board = Board::of_run(target, &id, all);
    conclude(&finished, &interrupted, board, console)
}

/// The first Ctrl-C reaches the binaries from the terminal, and they close their records; this
/// process must live to see it.
fn watch_interrupt() -> Arc<AtomicBool> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&interrupted);
    // Where there is no such handler, Ctrl-C ends the tool as it ends any other.
    let _ = ctrlc::set_handler(move || seen.store(true, Ordering::SeqCst));
    interrupted
}

fn arguments(args: &Run) -> Vec<String> {
    let mut all: Vec<String> = ["--format", "json", "-Z", "unstable-options"]
        .map(str::to_owned)
        .into();
    if let Some(scope) = &args.scope {
        all.extend(["-E".to_owned(), scope.clone()]);
    }
    all.extend(args.args.iter().cloned());
    all
}

fn conclude(
    finished: &[Finished],
    interrupted: &AtomicBool,
    board: Result<Board, CliError>,
    console: &mut Console,
) -> Result<u8, CliError> {
    let worst = finished.iter().map(|f| f.ended.code()).max();
    let worst = worst.unwrap_or(exit::FINE);
    let interrupted =
        interrupted.load(Ordering::SeqCst) || finished.iter().any(|f| f.ended.is_interrupted());
    let board = match board {
        Ok(board) => board,
        // What kept the record from being there has been told, and decides how the tool ends.
        Err(CliError::NoRun { .. }) if interrupted => return Ok(exit::INTERRUPTED),
        Err(CliError::NoRun { .. }) if worst >= exit::USAGE => Board::default(),
        Err(error) => return Err(error),
    };
    let code = if interrupted {
        exit::INTERRUPTED
    } else {
        worst.max(board.code())
    };
    board.show(finished, code, console);
    Ok(code)
}

impl TestBinary {
    /// How people call it.
    fn title(&self) -> String {
        format!("{}::{}", self.package, self.target)
    }

    /// Where it keeps its record: below the directory that Cargo has marked as its own.
    fn target_dir(&self) -> Option<&Path> {
        let mut above = self.executable.ancestors();
        above.find(|dir| dir.join("CACHEDIR.TAG").exists())
    }
}
