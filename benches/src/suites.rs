//! Builds everything that is run.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::Result;

const PACKAGE: &str = env!("CARGO_PKG_NAME");

/// Executables, by target name.
#[derive(Debug)]
pub(crate) struct Suites {
    built: HashMap<String, PathBuf>,
    /// The same without the reports at the end of a run.
    reportless: HashMap<String, PathBuf>,
    /// What nextest needs to know of the suite under the standard harness; `None` without nextest.
    pub(crate) nextest: Option<Nextest>,
}

/// Descriptions of the build, so that nextest does not ask cargo for them while it is timed.
#[derive(Debug)]
pub(crate) struct Nextest {
    pub(crate) version: String,
    pub(crate) binaries: PathBuf,
    pub(crate) metadata: PathBuf,
}

impl Suites {
    /// Builds all suites in a cargo profile.
    pub(crate) fn build(profile: &str) -> Result<Self> {
        let tests = ["libtest", "process", "ten", "thread", "printing", "mimic"];
        let mut built = build(
            profile,
            &["test", "--no-run"],
            &tests.map(|t| ["--test", t]).concat(),
        )?;
        built.extend(build(profile, &["build"], &["--bin", "forkloop"])?);
        let reportless = build(
            profile,
            &["test", "--no-run", "--no-default-features"],
            &["--test", "process", "--test", "thread"],
        )?;
        Ok(Self {
            nextest: nextest(profile, &built)?,
            built,
            reportless,
        })
    }

    /// The executable of a target.
    pub(crate) fn executable(&self, name: &str) -> &Path {
        &self.built[name]
    }

    /// The executable of a target that writes no reports.
    pub(crate) fn reportless(&self, name: &str) -> &Path {
        &self.reportless[name]
    }
}

/// `cargo` as it was called, else whichever there is.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo
}

/// The lines that a successful call of cargo says in JSON.
pub(crate) fn messages(cargo: &mut Command) -> Result<Vec<Value>> {
    let output = cargo.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("`{cargo:?}` failed").into());
    }
    let lines = output.stdout.split(|byte| *byte == b'\n');
    Ok(lines
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect())
}

fn build(profile: &str, verb: &[&str], targets: &[&str]) -> Result<HashMap<String, PathBuf>> {
    let messages = messages(
        cargo()
            .args(verb)
            .args(["-p", PACKAGE, "--profile", profile])
            .args(["--message-format", "json-render-diagnostics"])
            .args(targets),
    )?;
    let artifact = |message: &Value| {
        let name = message.get("target")?.get("name")?.as_str()?;
        let path = message.get("executable")?.as_str()?;
        Some((name.to_owned(), PathBuf::from(path)))
    };
    Ok(messages.iter().filter_map(artifact).collect())
}

fn nextest(profile: &str, built: &HashMap<String, PathBuf>) -> Result<Option<Nextest>> {
    let Ok(version) = Command::new("cargo-nextest")
        .args(["nextest", "--version"])
        .output()
    else {
        return Ok(None);
    };
    let version = String::from_utf8_lossy(&version.stdout);
    let dir = built["libtest"]
        .parent()
        .ok_or("an executable lies in a directory")?;
    let keep = |name: &str, of: &mut Command| -> Result<PathBuf> {
        let output = of.stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            return Err(format!("`{of:?}` failed").into());
        }
        let path = dir.join(name);
        std::fs::write(&path, output.stdout)?;
        Ok(path)
    };
    let list = [
        "nextest",
        "list",
        "-p",
        PACKAGE,
        "--test",
        "libtest",
        "--cargo-profile",
        profile,
    ];
    Ok(Some(Nextest {
        version: version.lines().next().unwrap_or_default().to_owned(),
        binaries: keep(
            "nextest-binaries.json",
            Command::new("cargo-nextest")
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .args(list)
                .args(["--list-type", "binaries-only", "--message-format", "json"]),
        )?,
        metadata: keep(
            "nextest-metadata.json",
            cargo().args(["metadata", "--format-version", "1"]),
        )?,
    }))
}
