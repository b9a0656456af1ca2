//! A private project and target directory for one test.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use phasegate_record::read::{RunRecord, read_run};
use tempfile::TempDir;

use super::build::executable;
use super::processes::MARK;
use super::{Ran, Running};

/// A directory with a project, a target directory of its own that holds the subject's executable,
/// and a directory for temporary files.
pub(crate) struct Project {
    dir: TempDir,
    executable: PathBuf,
}

/// What a subject may inherit from this process.
const KEPT: [&str; 6] = [
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "LD_LIBRARY_PATH",
    "RUSTUP_TOOLCHAIN",
];

impl Project {
    /// A project whose only test binary is the subject.
    pub(crate) fn of(subject: &str) -> Self {
        let dir = tempfile::Builder::new()
            .prefix("subject-")
            .tempdir_in(env!("CARGO_TARGET_TMPDIR"))
            .expect("the target directory can be written");
        for part in ["target/bin", "project/.git", "tmp"] {
            std::fs::create_dir_all(dir.path().join(part)).unwrap();
        }
        std::fs::write(dir.path().join("project/Cargo.toml"), "").unwrap();
        // Found from the executable upwards, as cargo marks its target directory.
        std::fs::write(dir.path().join("target/CACHEDIR.TAG"), "").unwrap();
        let mut project = Self {
            dir,
            executable: PathBuf::new(),
        };
        project.executable = project.add(subject);
        project
    }

    /// Puts another subject's executable into the target directory.
    pub(crate) fn add(&self, subject: &str) -> PathBuf {
        let built = executable(subject);
        let here = self.path("target/bin").join(built.file_name().unwrap());
        if std::fs::hard_link(built, &here).is_err() {
            std::fs::copy(built, &here).unwrap();
        }
        here
    }

    /// Writes the project's `phasegate.toml`.
    pub(crate) fn toml(self, text: &str) -> Self {
        std::fs::write(self.path("project/phasegate.toml"), text).unwrap();
        self
    }

    /// A path below the test's directory.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.dir.path().join(relative)
    }

    /// What processes of this project are known by.
    pub(crate) fn mark(&self) -> String {
        self.dir.path().display().to_string()
    }

    /// The subject with a scrubbed environment.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.executable);
        command
            .env_clear()
            .current_dir(self.path("project"))
            .stdin(Stdio::null());
        for name in KEPT {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        self.surround(&mut command);
        command
    }

    /// Tells a command where this project keeps things.
    pub(crate) fn surround(&self, command: &mut Command) {
        command
            .env(MARK, self.mark())
            .env("TMPDIR", self.path("tmp"))
            .env("SUBJECT_JOURNAL", self.path("journal"))
            .env("GIT_CEILING_DIRECTORIES", self.dir.path())
            .env("CARGO_MANIFEST_DIR", self.path("project"));
    }

    /// Has a `cargo` run this project's executables in place of those that it has built: they
    /// find their records' place from where they are.
    pub(crate) fn stand_in(&self, cargo: &mut Command, host: &str) {
        let script = "binary=$1; shift; exec \"$SUBJECT_BIN/$(basename \"$binary\")\" \"$@\"\n";
        std::fs::write(self.path("runner.sh"), script).unwrap();
        self.surround(cargo);
        cargo
            .env_remove("CARGO_MANIFEST_DIR")
            .env("SUBJECT_BIN", self.path("target/bin"))
            .env(
                format!("CARGO_TARGET_{host}_RUNNER"),
                format!("sh {}", self.path("runner.sh").display()),
            );
    }

    /// Runs the subject to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.run_with(&[], args)
    }

    /// Runs the subject to its end with more variables.
    pub(crate) fn run_with(&self, variables: &[(&str, &str)], args: &[&str]) -> Ran {
        let mut command = self.command();
        command.envs(variables.iter().copied()).args(args);
        self.finish(command)
    }

    /// Runs a command to its end.
    pub(crate) fn finish(&self, command: Command) -> Ran {
        self.start(command).wait()
    }

    /// Starts a command that belongs to this project.
    pub(crate) fn start(&self, command: Command) -> Running {
        Running::start(self.dir.path(), command)
    }

    /// Directories of the runs that were recorded, in the order of their names.
    pub(crate) fn run_dirs(&self) -> Vec<PathBuf> {
        run_dirs(self.dir.path())
    }

    /// The only run that was recorded.
    pub(crate) fn only_record(&self) -> RunRecord {
        let dirs = self.run_dirs();
        assert_eq!(dirs.len(), 1, "one run: {dirs:?}");
        read_run(&dirs[0]).unwrap()
    }

    /// The lines that the subject told.
    pub(crate) fn journal(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.path("journal")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Fails if a service has left anything: a process, a directory, a journal.
    pub(crate) fn assert_no_service_left(&self) {
        super::assert_nobody_left(&self.mark());
        let dirs = self.journal();
        let left: Vec<&str> = dirs
            .iter()
            .filter_map(|line| line.strip_prefix("dir "))
            .filter(|dir| Path::new(dir).parent().is_some_and(Path::exists))
            .collect();
        assert_eq!(left, Vec::<&str>::new(), "directories of services");
        let kept = self.service_files();
        let said: Vec<String> = kept
            .iter()
            .filter_map(|name| {
                std::fs::read_to_string(self.path("target/phasegate/services").join(name)).ok()
            })
            .collect();
        assert_eq!(kept, Vec::<String>::new(), "journals: {}", said.join("\n"));
        assert_eq!(self.litter(), Vec::<String>::new(), "temporary files");
    }

    /// Files that supervisors keep beside the runs; locks stay.
    pub(crate) fn service_files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path("target/phasegate/services"));
        entries
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.file_name().display().to_string())
            .filter(|name| !name.ends_with(".lock"))
            .collect()
    }

    /// Names of temporary files that nobody removed.
    pub(crate) fn litter(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path("tmp")).unwrap().flatten();
        entries
            .map(|e| e.file_name().display().to_string())
            .collect()
    }
}

pub(super) fn run_dirs(dir: &Path) -> Vec<PathBuf> {
    let mut dirs: Vec<PathBuf> = std::fs::read_dir(dir.join("target/phasegate/runs"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    dirs.sort();
    dirs
}
