//! `cargo bench -p phasegate --bench isolation`: phasegate beside its peers, in one run.
//!
//! The peers live in a package of their own, so that the harness's tests never wait for them to be
//! built; this only starts it. Arguments after `--` are passed on.
#![allow(clippy::print_stderr)]

use std::path::Path;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    // `cargo test --benches` comes here too, without this argument.
    if !std::env::args().any(|arg| arg == "--bench") {
        return ExitCode::SUCCESS;
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../benches"))
        .args([
            "run",
            "--quiet",
            "--profile",
            "bench",
            "--bin",
            "figures",
            "--",
        ])
        .args(std::env::args().skip(1).filter(|arg| arg != "--bench"))
        .status();
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cannot start cargo: {error}");
            ExitCode::FAILURE
        }
    }
}
