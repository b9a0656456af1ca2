//! `cargo phasegate completions`: scripts that complete the command line.

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use crate::args::Cli;
use crate::console::Console;
use crate::error::CliError;
use crate::exit;

/// Print a script that completes `cargo-phasegate` in a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo phasegate completions bash > ~/.local/share/bash-completion/completions/cargo-phasegate
  cargo phasegate completions fish > ~/.config/fish/completions/cargo-phasegate.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &Completions, console: &mut Console) -> Result<u8, CliError> {
    let mut script = Vec::new();
    let mut command = Cli::command().bin_name("cargo-phasegate");
    generate(args.shell, &mut command, "cargo-phasegate", &mut script);
    console.raw(&String::from_utf8_lossy(&script));
    Ok(exit::FINE)
}
