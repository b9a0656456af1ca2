//! `cargo phasegate init`: a first phasegate test in an existing package.
//!
//! * [`package`] – the package that is meant.
//! * [`manifest`] – what its `Cargo.toml` lacks.
//! * [`files`] – the files that it lacks.
//!
//! Everything is looked at before anything is written.

mod files;
mod manifest;
mod package;

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::console::Console;
use crate::error::CliError;
use crate::exit;
use files::NewFile;
pub(crate) use manifest::Misunderstood;
use package::Package;

/// Add a first phasegate test to an existing package
#[derive(Debug, Args)]
#[command(after_help = "\
Adds the dependency and the `[[test]]` section to Cargo.toml, whose formatting and comments stay,
and writes tests/NAME.rs and phasegate.toml. Safe to repeat: what is there stays as it is, and what
is not understood is refused before anything is written.

Examples:
  cargo phasegate init                              the package here
  cargo phasegate init -p api --name contract       tests/contract.rs of a workspace's package
  cargo phasegate init --dry-run                    only say what would be done")]
pub(crate) struct Init {
    /// The package of the workspace [default: the one here]
    #[arg(short, long, value_name = "NAME")]
    package: Option<String>,
    /// Directory of the package or workspace
    #[arg(long, value_name = "DIR", default_value = ".")]
    path: PathBuf,
    /// Name of the test target
    #[arg(long, value_name = "NAME", default_value = "integration", value_parser = target_name)]
    name: String,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Serialize)]
struct ChangeMessage<'m> {
    reason: &'static str,
    path: &'m Path,
    change: &'m str,
    dry_run: bool,
}

#[derive(Serialize)]
struct NextMessage<'m> {
    reason: &'static str,
    changes: usize,
    command: &'m str,
}

pub(crate) fn run(args: &Init, console: &mut Console) -> Result<u8, CliError> {
    let package = Package::find(&args.path, args.package.as_deref())?;
    let edit = manifest::edit(&package, &args.name)?;
    let new_files = files::missing(&package, &args.name)?;
    let mut changes = 0;
    let mut tell = |path: &Path, change: &str| {
        let verb = if args.dry_run { "would " } else { "" };
        let message = ChangeMessage {
            reason: "change",
            path,
            change,
            dry_run: args.dry_run,
        };
        let path = path.display();
        console.result(&format!("{verb}{change}: {path}"), &message);
        changes += 1;
    };
    for file in &new_files {
        if !args.dry_run {
            write_new(file)?;
        }
        tell(&file.path, "write");
    }
    // Last: a target whose file is missing would break the package.
    if !edit.changes.is_empty() && !args.dry_run {
        phasegate_report::write_file(&package.manifest, &edit.text)?;
    }
    for change in &edit.changes {
        tell(&package.manifest, change);
    }
    let command = format!(
        "cargo phasegate run -p {} --test {}",
        package.name, args.name
    );
    let line = match changes {
        0 => format!("nothing to do; next: {command}"),
        _ => format!("next: {command}"),
    };
    let message = NextMessage {
        reason: "next",
        changes,
        command: &command,
    };
    console.result(&line, &message);
    Ok(exit::FINE)
}

fn write_new(file: &NewFile) -> Result<(), CliError> {
    file.write().map_err(|cause| CliError::Write {
        path: file.path.clone(),
        cause,
    })
}

fn target_name(name: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if starts && name.chars().all(plain) {
        Ok(name.to_owned())
    } else {
        Err(
            "a test target has a name of letters, digits, `_` and `-` that starts with a letter"
                .to_owned(),
        )
    }
}
