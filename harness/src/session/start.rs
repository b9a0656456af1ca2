//! From `main` to the exit code.

use std::fs::File;
use std::process::ExitCode;

use clap::Parser;

use super::exit::Exit;
use super::stages::{Collected, Refused};
use super::surroundings::Surroundings;
use crate::__private::Binary;
use crate::console::args::{Args, Format};
use crate::console::lines;
use crate::execution::spawn;

/// What `phasegate::main!` calls.
pub fn main(binary: Binary) -> ExitCode {
    #[cfg(unix)]
    crate::execution::keep_ended_children();
    // Nobody reads it while running; it must be in the file all the same.
    std::hint::black_box(binary.marker);
    if let Some(code) = spawn::play_role() {
        return code;
    }
    #[cfg(all(unix, feature = "services"))]
    if let Some(code) = super::supervise::play_role() {
        return code;
    }
    let args = match Args::parse().complete(|name| std::env::var(name).ok()) {
        Ok(args) => args,
        Err(message) => {
            lines::error(&message);
            return Exit::Usage.into();
        }
    };
    let around = Surroundings::read();
    match if args.list {
        list(binary, &args)
    } else {
        run(binary, args, around)
    } {
        Ok(exit) => exit.into(),
        Err(refused) => {
            for message in &refused.messages {
                lines::error(message);
            }
            refused.exit.into()
        }
    }
}

/// `--list`: names only; no service starts, nothing is recorded. Declarations are still checked,
/// so that a runner that lists first hears of a typo before it runs anything.
fn list(binary: Binary, args: &Args) -> Result<Exit, Refused> {
    let names = if args.bench {
        Vec::new()
    } else {
        Collected::list(binary, args)?
    };
    lines::list(&names).map_err(|e| Refused::usage(format!("cannot write the list: {e}")))?;
    Ok(Exit::Passed)
}

fn run(binary: Binary, args: Args, around: Surroundings) -> Result<Exit, Refused> {
    #[cfg(target_os = "linux")]
    let root = fork_root(&around);
    let machine = machine_output(&args)
        .map_err(|e| Refused::usage(format!("cannot set up standard output: {e}")))?;
    let collected = Collected::collect(binary, &args, around)?;
    let planned = collected.plan(&args)?;
    #[cfg(target_os = "linux")]
    let running = planned.start(args, machine, root)?;
    #[cfg(not(target_os = "linux"))]
    let running = planned.start(args, machine)?;
    Ok(running.run().finish())
}

/// Forks the fork server while there is next to nothing in memory. `None` where forking is
/// impossible or unwanted; then the binary is executed again for each attempt.
#[cfg(target_os = "linux")]
fn fork_root(around: &Surroundings) -> Option<crate::execution::server::Root> {
    use crate::execution::SingleThreaded;
    if around.coverage || around.fork_refused {
        return None;
    }
    let alone = SingleThreaded::check()?;
    crate::execution::server::Root::fork(&alone, !around.bazel).ok()
}

/// When standard output is for a machine, it is taken out of everybody else's reach: what code
/// under test in this process prints goes to standard error.
fn machine_output(args: &Args) -> std::io::Result<Option<File>> {
    if !matches!(args.format, Some(Format::Json | Format::Junit)) {
        return Ok(None);
    }
    #[cfg(unix)]
    return crate::execution::take_stdout().map(Some);
    // Where the descriptor cannot be exchanged, what code under test prints in this very process
    // mixes in; processes of their own are captured all the same.
    #[cfg(windows)]
    {
        use std::os::windows::io::AsHandle;
        Ok(Some(
            std::io::stdout().as_handle().try_clone_to_owned()?.into(),
        ))
    }
}
