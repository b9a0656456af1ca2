//! Figures of clean builds: what a package pays that takes on a test framework.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::Result;
use crate::sample::median;
use crate::suites::{cargo, messages};
use crate::table::{Table, Target};

/// Packages below `compile/`, each with one dev-dependency and one test.
const PACKAGES: [&str; 3] = ["phasegate", "test-r", "rstest"];

/// Builds each package from nothing, in turn, `rounds` times over.
pub(crate) fn measure(rounds: usize, table: &mut Table) -> Result<()> {
    let target = std::env::temp_dir().join(format!("phasegate-benches-{}", std::process::id()));
    for package in PACKAGES {
        let fetched = cargo()
            .arg("fetch")
            .arg("--quiet")
            .arg("--manifest-path")
            .arg(manifest(package))
            .status()?;
        if !fetched.success() {
            return Err(format!("cannot fetch the dependencies of compile/{package}").into());
        }
    }
    let mut walls = PACKAGES.map(|_| Vec::new());
    let mut built = [const { None }; PACKAGES.len()];
    for _ in 0..rounds {
        for (place, package) in PACKAGES.into_iter().enumerate() {
            let (wall, crates) = build(package, &target)?;
            walls[place].push(wall);
            built[place] = Some(crates);
        }
    }
    let [ours, test_r, rstest] = walls.map(median);
    for (package, (wall, built)) in PACKAGES
        .into_iter()
        .zip([ours, test_r, rstest].into_iter().zip(built))
    {
        let Built { version, crates } = built.unwrap_or_default();
        let what = format!("clean build, dev profile, {package} {version}, median of {rounds}");
        table.note(
            &what,
            &format!("{:.1} s, {crates} crates", wall.as_secs_f64()),
        );
    }
    let ratio = |to: Duration| ours.as_secs_f64() / to.as_secs_f64();
    table.figure(
        "clean build, phasegate ÷ test-r",
        ratio(test_r),
        2,
        "×",
        Target::AtMost(1.0),
    );
    table.note(
        "clean build, phasegate ÷ rstest",
        &format!("{:.2}×", ratio(rstest)),
    );
    Ok(())
}

/// What a clean build built.
#[derive(Debug, Default)]
struct Built {
    version: String,
    /// Packages beside the one that depends on them.
    crates: usize,
}

fn build(package: &str, target: &Path) -> Result<(Duration, Built)> {
    let began = Instant::now();
    let messages = messages(
        cargo()
            .args([
                "test",
                "--no-run",
                "--quiet",
                "--offline",
                "--message-format",
                "json-render-diagnostics",
            ])
            .arg("--manifest-path")
            .arg(manifest(package))
            .arg("--target-dir")
            .arg(target),
    );
    let wall = began.elapsed();
    // Gone in any case, so that the next build is clean and nothing stays behind.
    std::fs::remove_dir_all(target)?;
    let ids: HashSet<String> = messages?
        .iter()
        .filter(|m| m["reason"] == "compiler-artifact")
        .filter_map(|m| Some(m.get("package_id")?.as_str()?.to_owned()))
        .collect();
    let version = |id: &String| {
        Some(
            id.split_once(&format!("#{package}@"))
                .or_else(|| id.split_once("harness#"))?
                .1
                .to_owned(),
        )
    };
    Ok((
        wall,
        Built {
            version: ids.iter().find_map(version).unwrap_or_default(),
            crates: ids.len() - 1,
        },
    ))
}

fn manifest(package: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("compile")
        .join(package)
        .join("Cargo.toml")
}
