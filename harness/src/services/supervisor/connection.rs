//! One connection to a supervisor.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{Notify, mpsc, oneshot};

use super::presence::Presence;
use super::role::Ambushed;
use super::serve::News;
use crate::services::coordinator::Coordinator;
use crate::services::journal::{Ambush, Intent, Journal, Made};
use crate::services::protocol::{Reply, Request};
use crate::services::undo;
use crate::terms::{Error, Result};

/// A reply, and whom to tell when it was written.
pub(super) type Outgoing = (Reply, Option<oneshot::Sender<()>>);

/// Where the tests of a harness create files. The harness removes it; who is killed cannot.
struct Scratch {
    path: PathBuf,
    intent: Intent,
}

impl Scratch {
    fn announce(journal: &Journal, path: PathBuf) -> Result<Self> {
        let intent = journal.intend(Made::Path { path: path.clone() })?;
        Ok(Self { path, intent })
    }

    async fn clear(self) -> Result {
        tokio::task::spawn_blocking(move || {
            undo::remove(&self.path)?;
            self.intent.undone()
        })
        .await?
    }
}

/// What all connections share.
pub(super) struct Shared {
    pub(super) coordinator: Coordinator,
    pub(super) presence: Presence,
    /// What there is to tell, until the one harness takes it.
    pub(super) news: Mutex<Option<mpsc::UnboundedReceiver<Reply>>>,
    /// The supervisor ends.
    pub(super) over: Notify,
    /// Harnesses that wait for the end.
    pub(super) leavers: Mutex<Vec<mpsc::UnboundedSender<Outgoing>>>,
    /// Whether it serves one harness only.
    pub(super) one: bool,
    pub(super) ambush: Option<(Ambushed, u64)>,
    pub(super) journal: Journal,
    pub(super) tell: News,
}

type Incoming = Lines<BufReader<OwnedReadHalf>>;

/// Serves a connection to its end.
pub(super) async fn serve(stream: UnixStream, shared: Arc<Shared>) {
    let (read, write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let (out, outgoing) = mpsc::unbounded_channel();
    let writer = tokio::spawn(write_all(write, outgoing));
    let mut session = None;
    let mut scratch = None;
    // A connection that breaks is one whose harness is gone: that is what the rest is about.
    let _ = converse(&mut lines, &out, &shared, &mut session, &mut scratch).await;
    if let Some(session) = session {
        // Where everything ends with the one harness, the journal sees to its leases.
        if !shared.one {
            shared.coordinator.release_all(session).await;
        }
        shared.presence.leave(session);
    }
    if let Some(scratch) = scratch
        && let Err(error) = scratch.clear().await
    {
        shared.tell.note(error.to_string());
    }
    drop(out);
    let _ = writer.await;
}

async fn write_all(mut write: OwnedWriteHalf, mut outgoing: mpsc::UnboundedReceiver<Outgoing>) {
    while let Some((reply, told)) = outgoing.recv().await {
        let Ok(mut line) = serde_json::to_vec(&reply) else {
            continue;
        };
        line.push(b'\n');
        if write.write_all(&line).await.is_err() {
            return;
        }
        if let Some(told) = told {
            // Nobody may wait for it.
            let _ = told.send(());
        }
    }
}

async fn converse(
    lines: &mut Incoming,
    out: &mpsc::UnboundedSender<Outgoing>,
    shared: &Arc<Shared>,
    session: &mut Option<u64>,
    scratch: &mut Option<Scratch>,
) -> Result {
    while let Some(line) = lines.next_line().await? {
        let request: Request = serde_json::from_str(&line)?;
        let reply = match request {
            Request::Join {
                pid,
                fork_server,
                scratch: path,
            } => {
                *scratch = Some(Scratch::announce(&shared.journal, path)?);
                let number = shared.presence.enter();
                *session = Some(number);
                shared.lay_ambush(pid, fork_server);
                shared.pass_news_on(out);
                Reply::Welcome { session: number }
            }
            Request::Start { services } => {
                for service in &services {
                    shared.coordinator.start(service);
                }
                continue;
            }
            Request::Acquire {
                session,
                service,
                ask,
            } => {
                let acquired = tokio::select! {
                    acquired = shared.coordinator.acquire(session, &service, &ask) => acquired,
                    // Whoever asked is gone, or the supervisor ends.
                    _ = lines.next_line() => return Err(Error::new("the harness is gone")),
                    () = shared.over.notified() => return Err(Error::new("the supervisor ends")),
                };
                match acquired {
                    // Gone while it was made: what the harness held has been taken back already.
                    Ok(granted) if !shared.presence.is_here(session) => {
                        shared.coordinator.release(granted.lease, false).await;
                        return Err(Error::new("the harness is gone"));
                    }
                    Ok(granted) => Reply::Granted {
                        lease: granted.lease,
                        share: granted.share,
                        stand_in: granted.stand_in,
                    },
                    Err(blocked) => Reply::Blocked {
                        root: blocked.root,
                        reason: blocked.reason,
                    },
                }
            }
            Request::Release { lease, suspect } => {
                let released = shared.coordinator.release(lease, suspect).await;
                Reply::Released {
                    error: released.error,
                    interrupted: released.interrupted,
                }
            }
            Request::Reset { lease } => Reply::Done {
                error: shared
                    .coordinator
                    .reset(lease)
                    .await
                    .err()
                    .map(|error| error.to_string()),
            },
            Request::Leave if shared.one => {
                shared.will_tell(out.clone());
                if let Some(session) = session.take() {
                    shared.presence.leave(session);
                }
                continue;
            }
            Request::Leave => {
                if let Some(session) = session.take() {
                    shared.coordinator.release_all(session).await;
                    shared.presence.leave(session);
                }
                Reply::Done { error: None }
            }
        };
        out.send((reply, None))
            .map_err(|_| Error::new("the harness is gone"))?;
    }
    Ok(())
}

impl Shared {
    /// The first harness hears what happens; under a runner of many it is recorded elsewhere.
    fn pass_news_on(&self, out: &mpsc::UnboundedSender<Outgoing>) {
        let news = self
            .news
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(mut news) = news {
            let out = out.clone();
            tokio::spawn(async move {
                while let Some(reply) = news.recv().await {
                    if out.send((reply, None)).is_err() {
                        return;
                    }
                }
            });
        }
    }

    fn will_tell(&self, leaver: mpsc::UnboundedSender<Outgoing>) {
        let mut leavers = self.leavers.lock().unwrap_or_else(PoisonError::into_inner);
        leavers.push(leaver);
    }

    fn lay_ambush(&self, harness: u32, fork_server: Option<u32>) {
        let (whom, entry) = match self.ambush {
            Some((Ambushed::Harness, entry)) => (Some(harness), entry),
            Some((Ambushed::ForkServer, entry)) => (fork_server, entry),
            _ => return,
        };
        if let Some(pid) = whom {
            self.journal.set_ambush(Ambush { entry, pid });
        }
    }
}
