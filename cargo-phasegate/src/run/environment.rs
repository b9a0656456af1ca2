//! What Cargo would set for a test binary.
//!
//! See "Environment variables" in the Cargo book, there "Dynamic library paths" too.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::build::{Built, TestBinary};
use super::workspace::{Package, Workspace, cargo};

/// Where the dynamic linker looks for libraries.
const LIBRARY_PATH: &str = if cfg!(windows) {
    "PATH"
} else if cfg!(target_os = "macos") {
    "DYLD_FALLBACK_LIBRARY_PATH"
} else {
    "LD_LIBRARY_PATH"
};

/// Variables by which a binary would take this tool's own caller for its own.
const OF_OTHER_RUNNERS: [&str; 4] = [
    "NEXTEST",
    "NEXTEST_RUN_ID",
    "NEXTEST_ATTEMPT",
    "NEXTEST_EXECUTION_MODE",
];

/// The command of a binary: in the directory of its package, with Cargo's variables; reports are
/// written when all binaries have run.
pub(super) fn command(binary: &TestBinary, built: &Built, workspace: &Workspace) -> Command {
    let mut command = Command::new(&binary.executable);
    for variable in OF_OTHER_RUNNERS {
        command.env_remove(variable);
    }
    if let Some(package) = workspace.packages.get(&binary.package_id) {
        if let Some(dir) = package.manifest_path.parent() {
            command.current_dir(dir);
        }
        command.envs(of_package(package));
    }
    for (name, path) in built.programs.get(&binary.package_id).into_iter().flatten() {
        command.env(format!("CARGO_BIN_EXE_{name}"), path);
    }
    if let Some(script) = built.scripts.get(&binary.package_id) {
        command.envs(script.env.iter().map(|(name, value)| (name, value)));
        command.envs(script.out_dir.iter().map(|dir| ("OUT_DIR", dir)));
    }
    if let Some(path) = library_path(&binary.executable, built, &workspace.target) {
        command.env(LIBRARY_PATH, path);
    }
    command.env("CARGO", cargo());
    command.env("PHASEGATE_REPORTS", "0");
    // A run that selects no test of one binary may select those of another.
    if std::env::var_os("PHASEGATE_NO_TESTS").is_none() {
        command.env("PHASEGATE_NO_TESTS", "pass");
    }
    command
}

fn of_package(package: &Package) -> Vec<(&'static str, OsString)> {
    let text = |value: &Option<String>| OsString::from(value.clone().unwrap_or_default());
    let version = &package.version;
    let (numbers, pre) = split_pre(version);
    let mut numbers = numbers.split('.');
    let mut number = || OsString::from(numbers.next().unwrap_or_default());
    let dir = package.manifest_path.parent().unwrap_or(Path::new(""));
    vec![
        ("CARGO_MANIFEST_DIR", dir.into()),
        (
            "CARGO_MANIFEST_PATH",
            package.manifest_path.clone().into_os_string(),
        ),
        ("CARGO_PKG_NAME", package.name.clone().into()),
        ("CARGO_PKG_VERSION", version.into()),
        ("CARGO_PKG_VERSION_MAJOR", number()),
        ("CARGO_PKG_VERSION_MINOR", number()),
        ("CARGO_PKG_VERSION_PATCH", number()),
        ("CARGO_PKG_VERSION_PRE", pre.into()),
        ("CARGO_PKG_AUTHORS", package.authors.join(":").into()),
        ("CARGO_PKG_DESCRIPTION", text(&package.description)),
        ("CARGO_PKG_HOMEPAGE", text(&package.homepage)),
        ("CARGO_PKG_REPOSITORY", text(&package.repository)),
        ("CARGO_PKG_LICENSE", text(&package.license)),
        ("CARGO_PKG_LICENSE_FILE", text(&package.license_file)),
        ("CARGO_PKG_RUST_VERSION", text(&package.rust_version)),
        ("CARGO_PKG_README", text(&package.readme)),
    ]
}

/// `1.2.3-rc.1+build` is `1.2.3` and `rc.1`.
fn split_pre(version: &str) -> (&str, &str) {
    let version = version.split('+').next().unwrap_or_default();
    version.split_once('-').unwrap_or((version, ""))
}

fn library_path(executable: &Path, built: &Built, target: &Path) -> Option<OsString> {
    let scripts = built.scripts.values();
    let linked = scripts.flat_map(|script| &script.linked_paths);
    let linked = linked.map(|path| {
        let plain = path.split_once('=').map_or(path.as_str(), |(_, path)| path);
        PathBuf::from(plain)
    });
    // Cargo leaves out what lies elsewhere: system directories would get before their own order.
    let mut paths: Vec<PathBuf> = linked.filter(|path| path.starts_with(target)).collect();
    let (deps, profile) = (executable.parent(), executable.ancestors().nth(2));
    paths.extend([profile, deps].into_iter().flatten().map(Path::to_owned));
    paths.extend(toolchain_libraries());
    if let Some(given) = std::env::var_os(LIBRARY_PATH) {
        paths.extend(std::env::split_paths(&given));
    }
    std::env::join_paths(paths).ok()
}

/// The libraries for the target, then those of the compiler itself.
fn toolchain_libraries() -> Vec<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--print", "target-libdir"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else {
        return Vec::new();
    };
    let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    // …/lib/rustlib/TRIPLE/lib
    let all = [Some(Path::new(&path)), Path::new(&path).ancestors().nth(3)];
    all.into_iter().flatten().map(Path::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_come_apart() {
        assert_eq!(split_pre("1.2.3"), ("1.2.3", ""));
        assert_eq!(split_pre("1.2.3-rc.1+b-2"), ("1.2.3", "rc.1"));
        assert_eq!(split_pre("1.2.3+b-2"), ("1.2.3", ""));
    }
}
