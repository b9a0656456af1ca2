//! Undoing what a journal announces. Everything here may be done twice.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::journal::Made;
use crate::kernel::{detach, process};
use crate::terms::{Error, Result};

/// How long processes that are ended by force may take to go.
const DESPAIR: Duration = Duration::from_secs(10);

/// How long processes that are asked to end may take before they are forced.
const PATIENCE: Duration = Duration::from_secs(3);

/// The variable that marks processes of services.
pub(crate) const MARK: &str = "PHASEGATE_SERVICE";

/// Undoes what needs no driver; `Ok(false)` when it needs one.
pub(crate) fn undo(made: &Made) -> Result<bool> {
    match made {
        Made::Path { path } => remove(path).map(|()| true),
        Made::Address { path, socket } => remove_address(path, socket).map(|()| true),
        Made::Processes { mark, dir } => end_processes(mark, dir).map(|()| true),
        Made::Driver { .. } => Ok(false),
    }
}

/// Removes a file or a directory with everything in it. Somebody may still be at work in there, a
/// copy of a start that was given up for one, and could fill it faster than it is emptied: so a
/// directory gets another name first, under which nobody looks for it.
pub(crate) fn remove(path: &Path) -> Result {
    let mut name = path.as_os_str().to_owned();
    name.push(".going");
    let going = PathBuf::from(name);
    // Left by whoever was killed between the two steps.
    let gone = remove_now(&going).and_then(|()| match path.symlink_metadata() {
        Ok(about) if about.is_dir() && std::fs::rename(path, &going).is_ok() => remove_now(&going),
        Ok(_) => remove_now(path),
        Err(error) => Err(error),
    });
    match gone {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::from(error).context(format_args!("cannot remove {}", path.display())))
        }
        _ => Ok(()),
    }
}

/// Removes what is there; nothing is fine, too. What was written while it was being emptied keeps a
/// directory from going; then it is tried again.
fn remove_now(path: &Path) -> io::Result<()> {
    let began = Instant::now();
    loop {
        let gone = match path.symlink_metadata() {
            Ok(about) if about.is_dir() => std::fs::remove_dir_all(path),
            Ok(_) => std::fs::remove_file(path),
            Err(error) => Err(error),
        };
        match gone {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error)
                if error.kind() == io::ErrorKind::DirectoryNotEmpty
                    && began.elapsed() < DESPAIR => {}
            other => return other,
        }
    }
}

/// Removes the file at `path`, if it still says that the socket is `socket`.
pub(crate) fn remove_address(path: &Path, socket: &Path) -> Result {
    match std::fs::read(path) {
        Ok(said) if said == socket.as_os_str().as_encoded_bytes() => remove(path),
        _ => Ok(()),
    }
}

/// Ends every process that has the mark or works below `dir`: first by `SIGQUIT`, on which
/// PostgreSQL gives back its shared memory, then by force.
pub(crate) fn end_processes(mark: &str, dir: &Path) -> Result {
    let began = Instant::now();
    let mut asked: Vec<u32> = Vec::new();
    loop {
        let found = marked(mark, dir);
        if found.is_empty() {
            return Ok(());
        }
        let late = began.elapsed() > PATIENCE;
        for pid in &found {
            if late {
                detach::signal(*pid, libc::SIGKILL);
            } else if !asked.contains(pid) {
                asked.push(*pid);
                detach::signal(*pid, libc::SIGQUIT);
            }
        }
        if began.elapsed() > DESPAIR {
            return Err(Error::new(format_args!(
                "processes {found:?} of a service do not end; end them with `kill -9`"
            )));
        }
        for pid in found {
            process::await_end_of(pid, Duration::from_millis(50));
        }
    }
}

fn marked(mark: &str, dir: &Path) -> Vec<u32> {
    let wanted = format!("{MARK}={mark}");
    let me = std::process::id();
    process::living(|pid, _, _| {
        pid != me && (process::was_started_with(pid, &wanted) || works_below(pid, dir))
    })
    .into_iter()
    .map(|found| found.pid)
    .collect()
}

fn works_below(pid: u32, dir: &Path) -> bool {
    std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd.starts_with(dir))
}

#[cfg(test)]
mod tests {
    use super::remove;

    #[test]
    fn a_directory_that_somebody_still_fills_is_removed() {
        for _ in 0..20 {
            let dir = tempfile::tempdir().expect("a directory");
            let filled = dir.path().join("filled");
            std::fs::create_dir(&filled).expect("room");
            let copies: Vec<_> = (0..3)
                .map(|copy| {
                    let filled = filled.clone();
                    std::thread::spawn(move || {
                        for n in 0.. {
                            if std::fs::write(filled.join(format!("{copy}-{n}")), "").is_err() {
                                return;
                            }
                        }
                    })
                })
                .collect();
            while !filled.join("0-100").exists() {
                std::thread::yield_now();
            }
            remove(&filled).expect("it is ours");
            for copy in copies {
                copy.join().expect("it ends without its directory");
            }
            assert!(!filled.exists());
        }
    }
}
