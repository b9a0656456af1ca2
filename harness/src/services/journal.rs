//! What must be undone, written down before it is done.
//!
//! One file a supervisor, one JSON line an entry, each written with a single `write` before the
//! thing that it announces is made. The supervisor holds a lock on the file for as long as it
//! lives: a journal that nobody holds is one whose supervisor is gone, and everything in it that is
//! not marked as undone may still be there.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kernel::{detach, process};
use crate::terms::{Error, Result};

/// Something that exists only as long as the run needs it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub(crate) enum Made {
    /// A file or a directory with everything in it.
    Path { path: PathBuf },
    /// A file that says where a supervisor's socket is. A later supervisor may have put its own in
    /// its place.
    Address { path: PathBuf, socket: PathBuf },
    /// Processes that were started with the mark in their environment, or whose working directory
    /// lies below `dir`.
    Processes { mark: String, dir: PathBuf },
    /// Something that only its driver can undo.
    Driver { service: String, what: Value },
}

#[derive(Debug, Serialize, Deserialize)]
enum Entry {
    /// The first line: whose journal it is.
    Begun { stem: String, run: String, pid: u32 },
    /// About to be made.
    Intent { id: u64, made: Made },
    /// Undone again.
    Undone { id: u64 },
}

/// The journal of this supervisor.
#[derive(Debug, Clone)]
pub(crate) struct Journal(Arc<Mutex<Open>>);

#[derive(Debug)]
struct Open {
    file: File,
    path: PathBuf,
    next: u64,
    written: u64,
    ambush: Option<Ambush>,
    /// Half an entry may stand at the end: the disk was full.
    torn: bool,
    /// Nothing more may be made.
    sealed: bool,
}

/// Kills a process right after a certain entry was written: how the tests walk through every
/// moment at which somebody can die.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ambush {
    pub(crate) entry: u64,
    pub(crate) pid: u32,
}

impl Open {
    fn write(&mut self, entry: impl FnOnce(u64) -> Entry) -> Result<u64> {
        let id = self.next;
        self.next += 1;
        let mut line = serde_json::to_vec(&entry(id))?;
        line.push(b'\n');
        if self.torn {
            // What follows half an entry on its line could not be read.
            line.insert(0, b'\n');
        }
        let written = self.file.write_all(&line);
        self.torn = written.is_err();
        written.map_err(|e| cannot("write", &self.path, e))?;
        self.written += 1;
        self.strike();
        Ok(id)
    }

    fn strike(&mut self) {
        let written = self.written;
        if let Some(ambush) = self.ambush.take_if(|a| a.entry <= written) {
            detach::signal(ambush.pid, libc::SIGKILL);
        }
    }
}

/// An announced thing that has not been undone.
#[derive(Debug, Clone)]
pub struct Intent {
    journal: Journal,
    id: u64,
}

impl Intent {
    /// It is undone, or was never made.
    ///
    /// # Errors
    /// The journal cannot be written. The thing will be undone once more, which does no harm.
    pub fn undone(self) -> Result {
        self.journal.write(|_| Entry::Undone { id: self.id })?;
        Ok(())
    }
}

impl Journal {
    /// Starts a journal in `dir` and locks it.
    pub(crate) fn create(dir: &Path, name: &str, stem: &str, run: &str) -> Result<Self> {
        // Locked and begun before it has the name that others look for.
        let path = dir.join(format!("{name}.begin"));
        let open = || -> io::Result<File> {
            std::fs::create_dir_all(dir)?;
            let mut options = OpenOptions::new();
            options.append(true).create_new(true);
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.open(&path)?;
            detach::lock(&file)?;
            Ok(file)
        };
        let file = open().map_err(|e| cannot("create", &path, e))?;
        let journal = Self(Arc::new(Mutex::new(Open {
            file,
            path,
            next: 1,
            written: 0,
            ambush: None,
            torn: false,
            sealed: false,
        })));
        journal.write(|_| Entry::Begun {
            stem: stem.to_owned(),
            run: run.to_owned(),
            pid: std::process::id(),
        })?;
        let named = dir.join(format!("{name}.journal"));
        let mut open = journal.lock();
        std::fs::rename(&open.path, &named).map_err(|e| cannot("name", &named, e))?;
        open.path = named;
        drop(open);
        Ok(journal)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> PathBuf {
        self.lock().path.clone()
    }

    /// Lays an ambush; one whose entry has been written already strikes at once.
    pub(crate) fn set_ambush(&self, ambush: Ambush) {
        let mut open = self.lock();
        open.ambush = Some(ambush);
        open.strike();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From here on nothing may be announced, and so nothing be made: everything is being undone.
    pub(crate) fn seal(&self) {
        self.lock().sealed = true;
    }

    /// Announces that something is about to be made.
    pub(crate) fn intend(&self, made: Made) -> Result<Intent> {
        let mut open = self.lock();
        // Under one lock with the writing: whoever seals reads what there is to undo next.
        if open.sealed {
            return Err(Error::new("the supervisor ends: nothing new is made"));
        }
        let id = open.write(|id| Entry::Intent { id, made })?;
        Ok(Intent {
            journal: self.clone(),
            id,
        })
    }

    fn write(&self, entry: impl FnOnce(u64) -> Entry) -> Result<u64> {
        self.lock().write(entry)
    }

    /// Removes the journal: nothing is left to undo.
    pub(crate) fn close(&self) -> Result {
        let open = self.lock();
        std::fs::remove_file(&open.path).map_err(|e| cannot("remove", &open.path, e))
    }
}

/// The journal of a supervisor that is gone.
#[derive(Debug)]
pub(crate) struct Orphan {
    pub(crate) path: PathBuf,
    /// Which test binary it served; `None` when the journal broke off before that was written, and
    /// then nothing was made either.
    pub(crate) stem: Option<String>,
    /// What may still be there, last made first.
    pub(crate) left: Vec<Made>,
    /// Keeps others from undoing it at the same time.
    _held: File,
}

/// How long a program that was being started may take to be executed.
const STRAGGLERS: Duration = Duration::from_secs(5);

/// Longest journal that is read, in bytes.
const LONGEST: u64 = 64 << 20;

/// The journals in `dir` whose supervisors are gone. Holds their locks.
pub(crate) fn orphans(dir: &Path) -> Vec<Orphan> {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "journal"))
        .collect();
    paths.sort();
    paths.into_iter().filter_map(orphan).collect()
}

fn orphan(path: PathBuf) -> Option<Orphan> {
    let file = File::open(&path).ok()?;
    if !is_given_up(&file, &path) {
        return None;
    }
    // Between opening and locking its supervisor may have ended in good order.
    let text = match path.metadata() {
        Ok(about) if about.len() <= LONGEST => std::fs::read(&path).ok()?,
        _ => return None,
    };
    let (stem, left) = parse(&text);
    Some(Orphan {
        path,
        stem,
        left,
        _held: file,
    })
}

/// Locks a journal whose supervisor is gone. A program that it was about to start when it was killed
/// shares its lock until it is executed: that is waited for.
fn is_given_up(file: &File, path: &Path) -> bool {
    let until = Instant::now() + STRAGGLERS;
    loop {
        match detach::try_lock(file) {
            Ok(false) if !is_alive(path) && Instant::now() < until => {
                std::thread::park_timeout(Duration::from_millis(5));
            }
            locked => return locked.unwrap_or(false),
        }
    }
}

/// Whether the supervisor that a journal names may still run.
fn is_alive(path: &Path) -> bool {
    let text = std::fs::read(path).unwrap_or_default();
    let first = text.split(|b| *b == b'\n').next().unwrap_or_default();
    let Ok(Entry::Begun { pid, .. }) = serde_json::from_slice(first) else {
        return true;
    };
    // One that nobody has waited for yet is no longer alive.
    match cfg!(target_os = "linux") {
        true => !process::living(|found, _, _| found == pid).is_empty(),
        false => process::is_alive(pid),
    }
}

/// What a journal announces that has not been undone.
pub(crate) fn read(path: &Path) -> io::Result<Vec<Made>> {
    Ok(parse(&std::fs::read(path)?).1)
}

/// Whose journal it is, and what is left of it, last made first. A last line that was torn
/// announces nothing that was made.
fn parse(text: &[u8]) -> (Option<String>, Vec<Made>) {
    let mut stem = None;
    let mut left = BTreeMap::new();
    for line in text.split(|b| *b == b'\n') {
        match serde_json::from_slice(line) {
            Ok(Entry::Begun { stem: of, .. }) => stem = Some(of),
            Ok(Entry::Intent { id, made }) => drop(left.insert(id, made)),
            Ok(Entry::Undone { id }) => drop(left.remove(&id)),
            Err(_) => {}
        }
    }
    (stem, left.into_values().rev().collect())
}

fn cannot(what: &str, path: &Path, error: io::Error) -> Error {
    Error::from(error).context(format_args!(
        "cannot {what} the journal {}, and without it nothing could be cleared away",
        path.display()
    ))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{Journal, Made, read};

    #[test]
    fn an_entry_after_half_a_one_is_read() {
        let dir = tempfile::tempdir().expect("a directory");
        let journal = Journal::create(dir.path(), "name", "stem", "run").expect("a journal");
        let made = |name: &str| Made::Path { path: name.into() };
        journal.intend(made("one")).expect("room");
        {
            // As a disk does that is full.
            let mut open = journal.lock();
            open.file.write_all(b"{\"Intent\":{\"id\"").expect("room");
            open.torn = true;
        }
        journal.intend(made("two")).expect("room again");
        let left = read(&journal.path()).expect("a journal");
        assert_eq!(left, [made("two"), made("one")]);
    }
}
