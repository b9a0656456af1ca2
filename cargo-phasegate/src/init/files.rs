//! The files that a package lacks.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::manifest::Misunderstood;
use super::package::Package;
use crate::error::CliError;

const CONFIG: &str = "phasegate.toml";

/// A file that is not there yet.
#[derive(Debug)]
pub(super) struct NewFile {
    pub(super) path: PathBuf,
    content: String,
}

impl NewFile {
    /// Writes it, if it still is not there.
    pub(super) fn write(&self) -> io::Result<()> {
        if let Some(dir) = self.path.parent() {
            fs::create_dir_all(dir)?;
        }
        File::create_new(&self.path)?.write_all(self.content.as_bytes())
    }
}

/// The first test and the configuration, as far as they are not there.
pub(super) fn missing(package: &Package, name: &str) -> Result<Vec<NewFile>, CliError> {
    let mut new_files = Vec::new();
    let configured = package
        .dir
        .ancestors()
        .take_while(|dir| dir.starts_with(&package.workspace))
        .any(|dir| dir.join(CONFIG).exists());
    let test = package.dir.join("tests").join(format!("{name}.rs"));
    if test.exists() {
        check_root_file(&test)?;
    } else {
        // Configured phases have ids that are not known here.
        let content = first_test(!configured);
        new_files.push(NewFile {
            path: test,
            content,
        });
    }
    if !configured {
        new_files.push(NewFile {
            path: package.workspace.join(CONFIG),
            content: first_config(package),
        });
    }
    Ok(new_files)
}

/// A file that is there must be a phasegate binary's: another one loses its harness.
fn check_root_file(path: &Path) -> Result<(), CliError> {
    let text = fs::read_to_string(path).map_err(|cause| CliError::Io {
        path: path.to_owned(),
        cause,
    })?;
    let calls_main = |line: &str| line.trim_start().starts_with("phasegate::main!");
    if text.lines().any(calls_main) {
        Ok(())
    } else {
        let path = path.to_owned();
        Err(Misunderstood::ForeignFile { path }.into())
    }
}

fn first_test(with_phase: bool) -> String {
    let attribute = if with_phase { "(phase = \"A\")" } else { "" };
    format!(
        r#"//! Integration tests. Each runs in a process of its own.

use phasegate::prelude::*;

phasegate::main!();

#[phasegate::test{attribute}]
fn a_note_is_kept(dir: TempDir) -> phasegate::Result {{
    let note = dir.join("note");
    std::fs::write(&note, "milk")?;
    assert_eq!(std::fs::read_to_string(&note)?, "milk");
    Ok(())
}}
"#
    )
}

fn first_config(package: &Package) -> String {
    let workspace = package.workspace.file_name().and_then(|name| name.to_str());
    let name = match workspace {
        Some(name) if package.workspace != package.dir => name,
        _ => &package.name,
    };
    let name = toml_edit::Value::from(name);
    format!(
        r#"# What the tests of this project are measured against. Every key can be left out.

[project]
name = {name}

[[phase]]
id = "A"
title = "First phase"
target_pass_rate = "100%"
"#
    )
}
