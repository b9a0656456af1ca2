//! Where runs take place: beside the build, so that its own records and reports stay as they are.
//!
//! A test binary keeps its record in the nearest directory above it that cargo has marked as a
//! target directory. So a link to the binary in a marked directory of ours decides where the
//! record goes, and in a directory where none can be written there is none: the tests still run.
//! That is how a run without a record is had without a switch for it in the harness.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;

const MARK: &str = "CACHEDIR.TAG";

/// Two directories with links to executables.
#[derive(Debug)]
pub(crate) struct Stage {
    recorded: PathBuf,
    unrecorded: PathBuf,
}

impl Stage {
    /// Makes the directories beside `executable`.
    pub(crate) fn beside(executable: &Path) -> Result<Self> {
        let target = executable.ancestors().find(|dir| dir.join(MARK).exists());
        let target = target.ok_or("executables lie in a target directory")?;
        let stage = target.join("phasegate-benches");
        let make = |name: &str| -> Result<PathBuf> {
            let dir = stage.join(name);
            if dir.exists() {
                fs::remove_dir_all(&dir)?;
            }
            fs::create_dir_all(&dir)?;
            for note in [MARK, ".rustc_info.json"] {
                fs::copy(target.join(note), dir.join(note))?;
            }
            Ok(dir)
        };
        let (recorded, unrecorded) = (make("recorded")?, make("unrecorded")?);
        fs::write(
            unrecorded.join("phasegate"),
            "A file where the directory of records would be.\n",
        )?;
        Ok(Self {
            recorded,
            unrecorded,
        })
    }

    /// A link to an executable whose runs are recorded.
    pub(crate) fn recorded(&self, executable: &Path) -> Result<PathBuf> {
        link(executable, &self.recorded)
    }

    /// A link to an executable whose runs leave nothing behind.
    pub(crate) fn unrecorded(&self, executable: &Path) -> Result<PathBuf> {
        link(executable, &self.unrecorded)
    }

    /// Removes the records of the runs so far.
    pub(crate) fn forget_runs(&self) -> Result<()> {
        let runs = self.recorded.join("phasegate").join("runs");
        if runs.exists() {
            fs::remove_dir_all(runs)?;
        }
        Ok(())
    }
}

fn link(executable: &Path, dir: &Path) -> Result<PathBuf> {
    let name = executable.file_name().ok_or("an executable has a name")?;
    let link = dir.join(name);
    if !link.exists() {
        fs::hard_link(executable, &link)?;
    }
    Ok(link)
}
