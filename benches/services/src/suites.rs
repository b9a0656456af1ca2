//! The two test binaries.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use phasegate::{Error, Result};

/// Where they lie.
pub struct Suites {
    pub leases: PathBuf,
    pub sqlx: PathBuf,
}

/// Builds both, so that no build is measured.
pub fn build() -> Result<Suites> {
    let output = Command::new(env!("CARGO"))
        .args(["test", "--tests", "--no-run", "--message-format", "json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()?;
    let messages = String::from_utf8_lossy(&output.stdout).into_owned();
    let named = |name: &str| {
        messages
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .filter(|message| message["target"]["name"] == name)
            .filter(|message| message["target"]["kind"][0] == "test")
            .find_map(|message| Some(PathBuf::from(message["executable"].as_str()?)))
            .ok_or_else(|| Error::new(format_args!("the suite `{name}` was not built")))
    };
    Ok(Suites {
        leases: named("leases")?,
        sqlx: named("sqlx")?,
    })
}

/// Runs one with two threads, and returns how many seconds it took.
pub fn run(suite: &Path, url: Option<&str>) -> Result<f64> {
    let began = Instant::now();
    let mut command = Command::new(suite);
    command
        .args(["--test-threads", "2"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CARGO_MANIFEST_DIR", env!("CARGO_MANIFEST_DIR"));
    if let Some(url) = url {
        command.env("DATABASE_URL", url);
    }
    let output = command.output()?;
    let took = began.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() || !said.contains("100 passed") {
        let more = String::from_utf8_lossy(&output.stderr);
        return Err(Error::new(format_args!(
            "{} did not pass:\n{said}{more}",
            suite.display()
        )));
    }
    Ok(took)
}

/// The value in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
