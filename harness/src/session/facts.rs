//! Sources and machine, as the record names them.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use phasegate_record::event::{Git, Host};
use serde_json::Value;

/// A question to git that is being answered while the harness does other things.
#[derive(Debug)]
pub(crate) struct GitQuestion(Option<Child>);

impl GitQuestion {
    /// A question that is not asked.
    pub(crate) fn none() -> Self {
        Self(None)
    }
}

/// Starts to ask git about the sources. One call answers all: revision, branch, changes.
pub(crate) fn ask_git(root: &Path) -> GitQuestion {
    let child = Command::new("git")
        .args([
            "--no-optional-locks",
            "status",
            "--porcelain=v2",
            "--branch",
            "--untracked-files=normal",
        ])
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    GitQuestion(child.ok())
}

impl GitQuestion {
    /// Waits for the answer; `None` where there is no git, no work tree or no commit yet.
    pub(crate) fn answer(&mut self) -> Option<Git> {
        let output = self
            .0
            .take()?
            .wait_with_output()
            .ok()
            .filter(|o| o.status.success())?;
        parse(&String::from_utf8_lossy(&output.stdout))
    }
}

/// Reads `git status --porcelain=v2 --branch` (git-status(1), "Porcelain Format Version 2").
fn parse(status: &str) -> Option<Git> {
    let header = |name: &str| {
        status.lines().find_map(|l| {
            l.strip_prefix("# branch.")?
                .strip_prefix(name)?
                .strip_prefix(' ')
        })
    };
    let revision = header("oid").filter(|oid| *oid != "(initial)")?.to_owned();
    let branch = header("head")
        .filter(|head| *head != "(detached)")
        .map(str::to_owned);
    let dirty = status.lines().any(|l| !l.starts_with("# "));
    Some(Git {
        revision,
        branch,
        dirty,
    })
}

/// The machine.
pub(crate) fn host() -> Host {
    let cpus = std::thread::available_parallelism().map_or(1, usize::from);
    Host {
        os: std::env::consts::OS.to_owned(),
        arch: std::env::consts::ARCH.to_owned(),
        cpus: u32::try_from(cpus).unwrap_or(u32::MAX),
    }
}

/// `rustc --version` of the toolchain that cargo built with, from the note that cargo keeps in the
/// target directory; asking the compiler itself would cost more than many tests.
pub(crate) fn rustc(target_dir: &Path) -> Option<String> {
    let text = std::fs::read_to_string(target_dir.join(".rustc_info.json")).ok()?;
    let info: Value = serde_json::from_str(&text).ok()?;
    let outputs = info.get("outputs")?.as_object()?;
    outputs.values().find_map(|output| {
        let first = output.get("stdout")?.as_str()?.lines().next()?;
        first.starts_with("rustc ").then(|| first.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn reads_revision_branch_and_dirtiness() {
        let clean =
            parse("# branch.oid 0123abc\n# branch.head main\n# branch.upstream origin/main\n")
                .unwrap();
        assert_eq!(
            (
                clean.revision.as_str(),
                clean.branch.as_deref(),
                clean.dirty
            ),
            ("0123abc", Some("main"), false)
        );
        let dirty = parse("# branch.oid 0123abc\n# branch.head (detached)\n? new.rs\n").unwrap();
        assert_eq!((dirty.branch, dirty.dirty), (None, true));
        assert_eq!(parse("# branch.oid (initial)\n# branch.head main\n"), None);
    }
}
