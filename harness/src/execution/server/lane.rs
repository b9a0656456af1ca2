//! One lane: forks an attempt, waits for it, ends what it left behind, reports.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use phasegate_record::event::Leftover;

use super::protocol::{self, Answer, KILL, Order, Report};
use crate::execution::body;
use crate::execution::said::{Said, SaidResult};
use crate::kernel::fork::{Forked, SingleThreaded, flush_c_streams, fork, leaked_threads};
use crate::kernel::process::{self, LINGER, Pid, exit_now};
use crate::kernel::{readiness, signals, streams};
use crate::registry;

/// How long processes that a test left behind may resist being killed: one that belongs to
/// somebody else cannot be, and the run must go on.
const DESPAIR: Duration = Duration::from_secs(5);

/// What a body says must fit into the pipe between attempt and lane, which nobody reads while the
/// attempt runs. Longer messages are cut; the whole of a panic's message is also on its standard
/// error.
const LONGEST_SAID: usize = 32 << 10;

/// Serves orders until the harness closes its end.
pub(super) fn serve(
    orders: UnixStream,
    stdout: OwnedFd,
    stderr: OwnedFd,
    alone: SingleThreaded,
) -> io::Result<()> {
    streams::redirect(stdout.as_fd(), 1)?;
    streams::redirect(stderr.as_fd(), 2)?;
    drop((stdout, stderr));
    process::adopt_orphans()?;
    let me = process::me();
    let (mut heard, saying) = io::pipe()?;
    // Every attempt has the same two open files; what one does to their flags must not reach the
    // next.
    let flags = [
        streams::flags(io::stdout().as_fd()),
        streams::flags(io::stderr().as_fd()),
    ];
    let mut orders = orders;
    while let Some(order) = protocol::receive_order(&mut orders)? {
        streams::set_flags(io::stdout().as_fd(), flags[0]);
        streams::set_flags(io::stderr().as_fd(), flags[1]);
        let began = Instant::now();
        match fork(&alone) {
            Err(error) => {
                let why = format!("cannot fork a process for the test: {error}");
                protocol::send(&mut orders, &Answer::Impossible(why))?;
            }
            Ok(Forked::Child(_)) => {
                drop((orders, heard));
                attempt(order, saying, me);
            }
            Ok(Forked::Parent(pid)) => {
                if order.own_group {
                    process::lead_group(pid);
                }
                let report = oversee(pid, began, &orders, &mut heard)?;
                protocol::send(&mut orders, &Answer::Ran(report))?;
            }
        }
    }
    Ok(())
}

/// The attempt's own process, from its first instruction to its last.
fn attempt(order: Order, mut saying: PipeWriter, lane: Pid) -> ! {
    process::die_with(lane);
    if order.own_group {
        process::lead_group(process::me());
    }
    signals::restore_defaults();
    let me = process::me();
    let mut said = body::run(registry::image::body(order.body), order.facts);
    // Code under test may have forked without executing; only the attempt itself may speak.
    if process::me() != me {
        exit_now(0);
    }
    said.threads = leaked_threads();
    // Nothing that could be done about a failing standard output here.
    let _ = io::stdout().flush();
    flush_c_streams();
    let spoken = encode(said).and_then(|bytes| saying.write_all(&bytes));
    exit_now(i32::from(spoken.is_err()))
}

fn encode(mut said: Said) -> io::Result<Vec<u8>> {
    let bytes = serde_json::to_vec(&said)?;
    if bytes.len() <= LONGEST_SAID {
        return Ok(bytes);
    }
    said.release_errors.truncate(4);
    let texts = said
        .release_errors
        .iter_mut()
        .chain(match &mut said.result {
            SaidResult::Failed(failure) => Some(&mut failure.message),
            SaidResult::Skipped(reason) => Some(reason),
            SaidResult::Blocked(by) => Some(&mut by.reason),
            SaidResult::Passed => None,
        });
    // A sixth at most of the room each: five texts, and escapes may double their length.
    for text in texts {
        let mut end = text.len().min(LONGEST_SAID / 32);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push_str("… (cut; the whole message is in the captured standard error)");
    }
    Ok(serde_json::to_vec(&said)?)
}

/// Waits for the attempt while listening to the harness.
fn oversee(
    pid: Pid,
    began: Instant,
    orders: &UnixStream,
    heard: &mut PipeReader,
) -> io::Result<Report> {
    let end = readiness::end_of(pid)?;
    loop {
        let [over, word] =
            readiness::wait_readable([Some(end.as_fd()), Some(orders.as_fd())], None)?;
        if over {
            break;
        }
        if word {
            let mut byte = [KILL];
            // A closed socket means that the harness is gone: then everything ends.
            let gone = (&*orders).read(&mut byte)? == 0;
            let signal = if byte[0] == KILL {
                libc::SIGKILL
            } else {
                libc::SIGTERM
            };
            process::signal_group(pid, signal);
            if gone {
                clear_away();
                exit_now(0);
            }
        }
    }
    let wall_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    let Some((_, ended)) = process::wait(Some(pid), true)? else {
        return Err(io::Error::other(
            "an attempt that had ended could not be waited for",
        ));
    };
    let leftovers = clear_away();
    Ok(Report {
        ended,
        wall_us,
        said: hear(heard)?,
        leftovers,
    })
}

fn hear(heard: &mut PipeReader) -> io::Result<Option<Said>> {
    let length = readiness::pending(heard.as_fd());
    if length == 0 {
        return Ok(None);
    }
    let mut bytes = vec![0; length];
    heard.read_exact(&mut bytes)?;
    // Half a message is what a process leaves that is killed while it speaks.
    Ok(serde_json::from_slice(&bytes).ok())
}

/// Ends every process that the attempt left behind and says which they were. Orphans have become
/// children of this lane, so "no children" is the proof that none is left.
fn clear_away() -> Vec<Leftover> {
    let mut found: Vec<Leftover> = Vec::new();
    let me = process::me();
    // All of them share the time to end by themselves.
    let patience = Instant::now() + LINGER;
    let despair = Instant::now() + DESPAIR;
    loop {
        match process::wait(None, false) {
            // Ended by itself, or by the lines below.
            Ok(Some(_)) => continue,
            Ok(None) if Instant::now() < despair => {}
            Ok(None) | Err(_) => return found,
        }
        let living = process::living(|_, parent, _| parent == me.0);
        for orphan in &living {
            let left = patience.saturating_duration_since(Instant::now());
            readiness::await_end_for(Pid(orphan.pid.cast_signed()), left);
        }
        for mut orphan in living {
            let pid = Pid(orphan.pid.cast_signed());
            if readiness::await_end_for(pid, Duration::ZERO) {
                continue;
            }
            // It may have become another program since it was first seen.
            orphan.name = process::name_of(pid).unwrap_or(orphan.name);
            process::signal_one(pid, libc::SIGKILL);
            if !found.iter().any(|known| known.pid == orphan.pid) {
                found.push(orphan);
            }
        }
        for orphan in &found {
            readiness::await_end_for(Pid(orphan.pid.cast_signed()), LINGER);
        }
    }
}
