//! The executables of the subjects, built once for this process.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// The executable of a subject: a test target of `phasegate-subjects`.
pub(super) fn executable(subject: &str) -> &'static Path {
    static ALL: OnceLock<HashMap<String, PathBuf>> = OnceLock::new();
    let all = ALL.get_or_init(build);
    all.get(subject)
        .unwrap_or_else(|| panic!("no subject `{subject}` in harness/subjects/Cargo.toml"))
}

fn build() -> HashMap<String, PathBuf> {
    let output = cargo()
        .args(["test", "--package", "phasegate-subjects", "--test", "*"])
        .args(["--no-run", "--message-format", "json-render-diagnostics"])
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo can be started");
    assert!(output.status.success(), "the subjects do not build");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| {
            let path = message.get("executable")?.as_str()?;
            let name = message.get("target")?.get("name")?.as_str()?;
            Some((name.to_owned(), PathBuf::from(path)))
        })
        .collect()
}

/// `cargo` for this workspace and its target directory, without what the `cargo` around this test
/// has put into the environment.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for name in names_to_remove() {
        command.env_remove(name);
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("it is below the target directory");
    command
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/subjects"))
        .env("CARGO_TARGET_DIR", target)
        .stdin(Stdio::null());
    command
}

fn names_to_remove() -> impl Iterator<Item = OsString> {
    const PREFIXES: [&str; 9] = [
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
        "CARGO_BIN_EXE",
        "NEXTEST",
        "PHASEGATE_",
        "RUST_TEST_",
        "RUST_BACKTRACE",
        "LLVM_PROFILE",
        "BAZEL",
    ];
    std::env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        PREFIXES.iter().any(|p| name.starts_with(p)) || name == "CARGO"
    })
}

/// The host's target triple, as it stands in names of environment variables.
pub(crate) fn host() -> String {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .expect("rustc can be started");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text
        .lines()
        .find_map(|l| l.strip_prefix("host: "))
        .expect("rustc names its host");
    host.to_uppercase().replace(['-', '.'], "_")
}
