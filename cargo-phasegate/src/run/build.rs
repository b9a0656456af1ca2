//! Test executables, as Cargo builds them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

use clap::Args;
use serde::Deserialize;

use super::marker;
use super::workspace::{Workspace, cargo_command};
use crate::args::Place;
use crate::error::CliError;

/// What is built, in Cargo's words.
#[derive(Debug, Args)]
pub(super) struct Selection {
    /// Only this package (may be given several times)
    #[arg(short, long, value_name = "SPEC")]
    package: Vec<String>,
    /// All packages of the workspace
    #[arg(long)]
    workspace: bool,
    /// Leave out this package (with --workspace)
    #[arg(long, value_name = "SPEC", requires = "workspace")]
    exclude: Vec<String>,
    /// Only this test target (may be given several times)
    #[arg(long, value_name = "NAME")]
    test: Vec<String>,
    /// Features to activate, separated by spaces or commas
    #[arg(short = 'F', long, value_name = "FEATURES")]
    features: Vec<String>,
    /// Activate all features
    #[arg(long)]
    all_features: bool,
    /// Do not activate the default features
    #[arg(long)]
    no_default_features: bool,
    /// Build with optimisations
    #[arg(short, long)]
    release: bool,
    /// Build with this profile
    #[arg(long, value_name = "NAME", conflicts_with = "release")]
    profile: Option<String>,
    /// Build for this target triple
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// Assert that Cargo.lock stays as it is
    #[arg(long)]
    locked: bool,
    /// Do without the network
    #[arg(long)]
    offline: bool,
}

/// A test executable.
#[derive(Debug, Clone)]
pub(super) struct TestBinary {
    pub(super) package_id: String,
    pub(super) package: String,
    pub(super) target: String,
    pub(super) executable: PathBuf,
}

/// What a build script said.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Script {
    #[serde(default)]
    pub(super) linked_paths: Vec<String>,
    #[serde(default)]
    pub(super) env: Vec<(String, String)>,
    pub(super) out_dir: Option<PathBuf>,
}

/// All that a build brought forth.
#[derive(Debug, Default)]
pub(super) struct Built {
    tests: Vec<TestBinary>,
    /// By package id: name and executable.
    pub(super) programs: BTreeMap<String, Vec<(String, PathBuf)>>,
    /// By package id.
    pub(super) scripts: BTreeMap<String, Script>,
}

/// A line of `cargo --message-format json`.
#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Message {
    CompilerArtifact {
        package_id: String,
        target: Target,
        executable: Option<PathBuf>,
    },
    BuildScriptExecuted {
        package_id: String,
        #[serde(flatten)]
        script: Script,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
}

/// Lets Cargo build the test targets. What the compiler has to say goes to standard error.
pub(super) fn build(
    selection: &Selection,
    workspace: &Workspace,
    place: &Place,
) -> Result<Built, CliError> {
    let mut command = cargo_command(place);
    command.args(["test", "--no-run", "--message-format"]);
    command.arg("json-render-diagnostics");
    command.args(selection.arguments());
    let mut cargo = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(CliError::Cargo)?;
    let mut built = Built::default();
    if let Some(messages) = cargo.stdout.take() {
        for line in BufReader::new(messages).lines() {
            built.hear(&line.map_err(CliError::Cargo)?, workspace);
        }
    }
    let status = cargo.wait().map_err(CliError::Cargo)?;
    if !status.success() {
        return Err(CliError::Build(format!(
            "cargo ended with {status}; see above"
        )));
    }
    // Cargo names them as they come out of the compiler.
    let by_name = |test: &TestBinary| (test.package.clone(), test.target.clone());
    built.tests.sort_by_key(by_name);
    Ok(built)
}

impl Selection {
    fn arguments(&self) -> Vec<String> {
        let mut all = Vec::new();
        let mut named = |option: &str, values: &[String]| {
            for value in values {
                all.extend([option.to_owned(), value.clone()]);
            }
        };
        named("--package", &self.package);
        named("--exclude", &self.exclude);
        named("--test", &self.test);
        named("--features", &self.features);
        named("--profile", self.profile.as_slice());
        named("--target", self.target.as_slice());
        let flags = [
            ("--workspace", self.workspace),
            ("--all-features", self.all_features),
            ("--no-default-features", self.no_default_features),
            ("--release", self.release),
            ("--locked", self.locked),
            ("--offline", self.offline),
            // As `cargo test` has it, a target with `test = false` runs only when it is named.
            ("--tests", self.test.is_empty()),
        ];
        let given = flags.iter().filter(|(_, given)| *given);
        all.extend(given.map(|(flag, _)| (*flag).to_owned()));
        all
    }
}

impl Built {
    fn hear(&mut self, line: &str, workspace: &Workspace) {
        match serde_json::from_str(line) {
            Ok(Message::CompilerArtifact {
                package_id,
                target,
                executable: Some(executable),
            }) => {
                let is = |kind: &str| target.kind.iter().any(|k| k == kind);
                if is("test") {
                    let package = workspace.packages.get(&package_id);
                    self.tests.push(TestBinary {
                        package: package.map_or_else(|| package_id.clone(), |p| p.name.clone()),
                        package_id,
                        target: target.name,
                        executable,
                    });
                } else if is("bin") {
                    let programs = self.programs.entry(package_id).or_default();
                    programs.push((target.name, executable));
                }
            }
            Ok(Message::BuildScriptExecuted { package_id, script }) => {
                self.scripts.insert(package_id, script);
            }
            // Messages of later versions of Cargo, and what build scripts print.
            Ok(_) | Err(_) => {}
        }
    }

    /// The test binaries that are ours, by package and target.
    pub(super) fn phasegate_binaries(&self) -> Result<Vec<TestBinary>, CliError> {
        let mut ours = Vec::new();
        for test in &self.tests {
            let is_ours = marker::is_phasegate(&test.executable).map_err(|cause| CliError::Io {
                path: test.executable.clone(),
                cause,
            })?;
            if is_ours {
                ours.push(test.clone());
            }
        }
        if ours.is_empty() {
            let others = self.tests.len();
            return Err(CliError::NoBinary { others });
        }
        Ok(ours)
    }
}
