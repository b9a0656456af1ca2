//! `cargo phasegate`: runs, reports, verification and audit from the command line.
//!
//! * [`args`] – the grammar of the command line.
//! * [`init`], [`run`], [`report`], [`verify`], [`list`], [`audit`], [`completions`] – one subcommand each.
//! * [`find`] – the target directory and the run in question.
//! * [`console`] – what is printed, for people and for programs.
//! * [`error`], [`exit`] – why the tool stopped, and with which code.
//!
//! Nothing is computed here: figures come from `phasegate-report`, records from
//! `phasegate-record`.

mod args;
mod audit;
mod completions;
mod console;
mod error;
mod exit;
mod find;
mod init;
mod list;
mod report;
mod run;
mod verify;

use std::process::ExitCode;

use args::Command;
use console::Console;

fn main() -> ExitCode {
    let args = args::parse();
    let mut console = Console::new(args.output.message_format, args.output.color);
    let done = match &args.command {
        Command::Init(init) => init::run(init, &mut console),
        Command::Run(run) => run::run(run, &args.place, &mut console),
        Command::Report(report) => report::run(report, &args.place, &mut console),
        Command::Verify(verify) => verify::run(verify, &args.place, &mut console),
        Command::List(list) => list::run(list, &args.place, &mut console),
        Command::Audit(audit) => {
            audit::run(audit, &args.place, args.output.message_format, &mut console)
        }
        Command::Completions(shell) => completions::run(shell, &mut console),
    };
    let code = done.unwrap_or_else(|error| console.error(&error));
    ExitCode::from(console.finish(code))
}
