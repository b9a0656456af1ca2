//! The grammar of the command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::exit;

/// Isolated test runs, and reports computed from their records.
#[derive(Debug, Parser)]
#[command(
    name = "cargo-phasegate",
    bin_name = "cargo phasegate",
    version,
    after_help = exit::HELP,
    max_term_width = 100,
    propagate_version = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) place: Place,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Output {
    /// For people, or one JSON object a line for programs
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human")]
    pub(crate) message_format: MessageFormat,
    /// When to colour what is printed; NO_COLOR switches `auto` off
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
}

/// Where to look for runs.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// Cargo's target directory, when it is not that of the workspace here
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) target_dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    Human,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(crate::init::Init),
    Run(crate::run::Run),
    Report(crate::report::Report),
    Verify(crate::verify::Verify),
    List(crate::list::List),
    Audit(crate::audit::Audit),
    Completions(crate::completions::Completions),
}

/// Reads the command line. Ends the process for `--help`, `--version` and for what makes no sense.
pub(crate) fn parse() -> Cli {
    Cli::parse_from(without_subcommand(std::env::args_os()))
}

/// `cargo phasegate report` calls `cargo-phasegate phasegate report`.
fn without_subcommand(args: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    args.enumerate()
        .filter(|(index, arg)| !(*index == 1 && arg == "phasegate"))
        .map(|(_, arg)| arg)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_grammar_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn cargo_repeats_the_name_of_the_subcommand() {
        let given = ["cargo-phasegate", "phasegate", "list", "phasegate"].map(OsString::from);
        let kept: Vec<_> = without_subcommand(given.into_iter()).collect();
        assert_eq!(kept, ["cargo-phasegate", "list", "phasegate"]);
    }
}
