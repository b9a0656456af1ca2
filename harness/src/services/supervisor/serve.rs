//! The life of a supervisor: journal, socket, harnesses, end.

use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::UnixListener;
use tokio::sync::{Notify, mpsc};

use super::connection::{self, Shared};
use super::presence::Presence;
use super::role::{Ambushed, Life, Role, open_directory};
use super::sweep;
use crate::services::coordinator::{Coordinator, Settings};
use crate::services::journal::{self, Ambush, Journal, Made};
use crate::services::protocol::{Reply, Step};
use crate::services::undo;
use crate::terms::{Error, Result};

/// What a supervisor tells: to the one harness that it serves, or where many harnesses write.
#[derive(Clone)]
pub(crate) struct News(Arc<dyn Fn(Reply) + Send + Sync>);

impl News {
    pub(crate) fn new(tell: impl Fn(Reply) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    pub(super) fn step(&self, step: Step) {
        (self.0)(Reply::Step(step));
    }

    pub(super) fn note(&self, text: String) {
        (self.0)(Reply::Note(text));
    }
}

/// Runs until nobody needs the services any more. `ready` is told the path of the socket, or what
/// went wrong; `shared` is where news go when many harnesses share the services.
pub(crate) fn run(role: &Role, ready: impl Write, shared: Option<News>) -> Result {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let served = runtime.block_on(serve(role, ready, shared));
    // A thread may still wait for the runner's end.
    runtime.shutdown_background();
    served
}

async fn serve(role: &Role, mut ready: impl Write, shared: Option<News>) -> Result {
    let journal = match Journal::create(&role.journals, &role.name, &role.stem, &role.run) {
        Ok(journal) => journal,
        Err(error) => {
            writeln!(ready, "error: {error}")?;
            return Err(error);
        }
    };
    // News wait here until the one harness has joined.
    let (send, heard) = mpsc::unbounded_channel();
    let news = shared.unwrap_or_else(|| {
        News::new(move |reply| {
            // The harness is gone when nobody hears; what is to be done is done all the same.
            let _ = send.send(reply);
        })
    });
    let told = news.clone();
    let settings = Settings {
        base: role.base(),
        package: role.package.clone(),
        workers: role.workers,
        session: role.session,
        mark: role.name.clone(),
    };
    let coordinator = Coordinator::new(
        settings,
        journal.clone(),
        Box::new(move |step| told.step(step)),
    );
    let shared = Arc::new(Shared {
        coordinator,
        presence: Presence::new(role.life),
        news: Mutex::new(Some(heard)),
        over: Notify::new(),
        leavers: Mutex::default(),
        one: matches!(role.life, Life::Harness),
        ambush: role.ambush,
        journal,
        tell: news,
    });
    if let Some((Ambushed::Supervisor, entry)) = role.ambush {
        shared.journal.set_ambush(Ambush {
            entry,
            pid: std::process::id(),
        });
    }
    let lived = live(role, &shared, ready).await;
    // Whatever has ended it, what it has made must go.
    end(&shared).await.and(lived)
}

/// Listens, and serves harnesses until nobody needs the services any more.
async fn live(role: &Role, shared: &Arc<Shared>, mut ready: impl Write) -> Result {
    let socket = role.base().join("s");
    let listener = match listen(role, &socket, &shared.journal) {
        Ok(listener) => listener,
        Err(error) => {
            writeln!(ready, "error: {error}")?;
            return Err(error);
        }
    };
    match publish(role, &socket, &mut ready) {
        Ok(()) => {}
        // Whoever started this was killed before it could read the answer.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    drop(ready);
    sweep::sweep(&role.journals, &role.stem, &shared.tell).await;
    let mut asked_to_end =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    // One for all turns of the loop: each watches the runner with a thread of its own.
    let mut over = pin!(shared.presence.over());
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(tokio::spawn(connection::serve(stream, Arc::clone(shared)))),
                Err(error) => {
                    shared.tell.note(format!("the supervisor cannot accept connections: {error}"));
                    break;
                }
            },
            () = &mut over => break,
            _ = asked_to_end.recv() => break,
        }
    }
    // From here on a harness that comes finds nobody, and starts a supervisor of its own. What
    // cannot be removed now is tried once more with the rest, which says so.
    let _ = undo::remove_address(&role.address, &socket);
    let _ = undo::remove(&socket);
    Ok(())
}

/// Stops everything, clears away, and tells those who wait for that.
async fn end(shared: &Shared) -> Result {
    shared.over.notify_waiters();
    shared.coordinator.stop_all().await;
    let journal = &shared.journal;
    let error = clear(journal, &shared.tell).await.err();
    let leavers = std::mem::take(
        &mut *shared
            .leavers
            .lock()
            .unwrap_or_else(PoisonError::into_inner),
    );
    for leaver in leavers {
        let done = Reply::Done {
            error: error.as_ref().map(ToString::to_string),
        };
        // Told last, and waited for: the harness closes its record then.
        let (told, was_told) = tokio::sync::oneshot::channel();
        if leaver.send((done, Some(told))).is_ok() {
            let _ = was_told.await;
        }
    }
    match error {
        None => {
            // What it had to complain of has been undone with the rest.
            undo::remove(&journal.path().with_extension("log"))?;
            journal.close()
        }
        Some(error) => Err(error),
    }
}

/// Makes the directory and the socket.
fn listen(role: &Role, socket: &Path, journal: &Journal) -> Result<UnixListener> {
    let base = role.base();
    journal.intend(Made::Path { path: base.clone() })?;
    if matches!(role.life, Life::Runner { .. }) {
        journal.intend(Made::Path {
            path: partial_address(role),
        })?;
        journal.intend(Made::Address {
            path: role.address.clone(),
            socket: socket.to_owned(),
        })?;
    }
    journal.intend(Made::Processes {
        mark: role.name.clone(),
        dir: base.clone(),
    })?;
    open_directory(&base)?;
    let listener = UnixListener::bind(socket).map_err(|error| {
        Error::from(error).context(format_args!("cannot listen at {}", socket.display()))
    })?;
    std::fs::set_permissions(socket, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// The file of the address while it is written.
fn partial_address(role: &Role) -> PathBuf {
    role.address.with_extension(format!("{}-new", role.name))
}

/// Says where the socket is: to who started this, and in a file to whoever comes later.
fn publish(role: &Role, socket: &Path, ready: &mut impl Write) -> io::Result<()> {
    if matches!(role.life, Life::Runner { .. }) {
        let partial = partial_address(role);
        std::fs::write(&partial, socket.as_os_str().as_encoded_bytes())?;
        std::fs::rename(&partial, &role.address)?;
    }
    ready.write_all(socket.as_os_str().as_encoded_bytes())?;
    ready.write_all(b"\n")?;
    // Buffered, it would come too late to tell that nobody reads it.
    ready.flush()
}

/// Undoes whatever the journal still announces: what leases left on servers that are not ours, and
/// at last the supervisor's own directory.
async fn clear(journal: &Journal, news: &News) -> Result {
    let errors = sweep::all(&journal::read(&journal.path())?).await;
    for error in &errors {
        news.note(format!("something could not be cleared away: {error}"));
    }
    errors.into_iter().next().map_or(Ok(()), Err)
}
