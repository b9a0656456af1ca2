//! Who is still alive: processes are known by a variable that they inherit.

use std::process::Command;
use std::time::Duration;

use super::running::await_that;

/// Marks the processes of one test.
pub(super) const MARK: &str = "SUBJECT_MARK";

/// Command lines of the living processes that carry the mark.
fn living(mark: &str) -> Vec<String> {
    let wanted = format!("{MARK}={mark}");
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| {
            // The environment of a zombie is empty.
            let environment = std::fs::read(entry.path().join("environ")).ok()?;
            let marked = environment
                .split(|b| *b == 0)
                .any(|v| v == wanted.as_bytes());
            let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            marked.then(|| format!("{} {line}", entry.file_name().display()))
        })
        .collect()
}

/// Fails unless every process with the mark ends by itself, at once for all practical purposes.
pub(crate) fn assert_nobody_left(mark: &str) {
    let mut left = Vec::new();
    let gone = await_that(Duration::from_secs(10), || {
        left = living(mark);
        left.is_empty()
    });
    assert!(gone, "processes are left: {left:#?}");
}

/// Sends a signal, named without `SIG`.
pub(crate) fn signal(pid: u32, name: &str) {
    kill(name, &pid.to_string());
}

/// Sends a signal to a process group.
pub(crate) fn signal_group(leader: u32, name: &str) {
    kill(name, &format!("-{leader}"));
}

fn kill(name: &str, target: &str) {
    let script = format!("kill -{name} {target}");
    let status = Command::new("sh").args(["-c", &script]).status();
    assert!(
        status.is_ok_and(|s| s.success()),
        "cannot send SIG{name} to {target}"
    );
}
