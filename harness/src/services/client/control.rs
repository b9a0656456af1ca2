//! The connection that stands for this harness: as long as it is open, the harness is there.

use std::path::PathBuf;
use std::process::Child;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::launch::{Joined, Launch};
use super::wire::{Wire, Writer};
use crate::services::protocol::{Reply, Request, Step};
use crate::terms::{Error, Result};

/// Supervisors that one harness starts at most: one that is killed is replaced, but not for ever.
const SUPERVISORS: u32 = 3;

/// How long a supervisor may take to stop everything. Each part of that has a limit of its own; a
/// supervisor that is still not done does not run any more.
const PATIENCE: Duration = Duration::from_secs(180);

/// What a harness hears of its services.
#[derive(Debug)]
pub(crate) enum Heard {
    Step(Step),
    Note(String),
}

type Hear = Arc<dyn Fn(Heard) + Send + Sync>;

/// The harness's side of the supervisor. Nothing is started before it is needed.
pub(crate) struct Client {
    launch: Launch,
    hear: Hear,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    current: Option<Control>,
    /// Supervisors that were to be joined so far.
    rounds: u32,
    /// Why the last of them could not be joined.
    last: Option<String>,
    /// What is to be running.
    services: Vec<String>,
}

/// A supervisor that was joined.
struct Control {
    session: u64,
    socket: PathBuf,
    writer: Writer,
    done: Receiver<Option<String>>,
    listener: JoinHandle<()>,
    child: Option<Child>,
}

/// Which supervisor made a lease, and how to reach it.
#[derive(Debug, Clone)]
pub(super) struct Party {
    pub(super) session: u64,
    pub(super) round: u32,
    pub(super) socket: PathBuf,
}

impl Client {
    pub(crate) fn new(launch: Launch, hear: impl Fn(Heard) + Send + Sync + 'static) -> Self {
        Self {
            launch,
            hear: Arc::new(hear),
            state: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has these services started, without waiting for them.
    ///
    /// # Errors
    /// There is no supervisor.
    pub(crate) fn start(&self, services: Vec<String>) -> Result {
        let mut state = self.lock();
        state.services = services;
        self.joined(&mut state).map(drop)
    }

    /// The supervisor, joined if none is or the last one was lost.
    pub(super) fn party(&self) -> Result<Party> {
        let mut state = self.lock();
        let (session, socket) = {
            let control = self.joined(&mut state)?;
            (control.session, control.socket.clone())
        };
        Ok(Party {
            session,
            round: state.rounds,
            socket,
        })
    }

    /// Number of the supervisor that is joined now.
    pub(super) fn round(&self) -> u32 {
        self.lock().rounds
    }

    /// Whether the supervisor that was joined is gone.
    pub(super) fn is_lost(&self) -> bool {
        let state = self.lock();
        let gone = |control: &Control| control.listener.is_finished();
        state.current.as_ref().is_none_or(gone)
    }

    fn joined<'s>(&self, state: &'s mut State) -> Result<&'s mut Control> {
        let lost = state
            .current
            .as_ref()
            .is_some_and(|control| control.listener.is_finished());
        if lost {
            state.current = None;
        }
        while state.current.is_none() {
            if state.rounds >= SUPERVISORS {
                return Err(match &state.last {
                    Some(error) => Error::new(format_args!(
                        "there is no supervisor of the services, after {SUPERVISORS} tries: {error}"
                    )),
                    None => Error::new(format_args!(
                        "the supervisor of the services was lost {SUPERVISORS} times"
                    )),
                });
            }
            state.rounds += 1;
            match self.join(state.rounds - 1, &state.services) {
                Ok(control) => (state.current, state.last) = (Some(control), None),
                Err(error) => state.last = Some(error.to_string()),
            }
        }
        state
            .current
            .as_mut()
            .ok_or_else(|| Error::new("no supervisor was joined; this is a bug in phasegate"))
    }

    fn join(&self, round: u32, services: &[String]) -> Result<Control> {
        let joined = self.launch.join(round)?;
        if round > 0 {
            (self.hear)(Heard::Note(
                "the supervisor of the services was lost; another one cleared away after it"
                    .to_owned(),
            ));
        }
        let control = Control::begin(joined, Arc::clone(&self.hear))?;
        control.writer.send(&Request::Start {
            services: services.to_vec(),
        })?;
        Ok(control)
    }

    /// Has everything stopped and waits for it, unless other harnesses share the services. A
    /// supervisor that was lost on the way is replaced once more, to clear away after it.
    ///
    /// # Errors
    /// What could not be cleared away.
    pub(crate) fn leave(&self) -> Result {
        let mut state = self.lock();
        if state.rounds == 0 {
            return Ok(());
        }
        loop {
            // What was to be running need not be started once more.
            state.services.clear();
            self.joined(&mut state)?;
            let Some(control) = state.current.take() else {
                return Ok(());
            };
            match control.leave() {
                Some(None) => return Ok(()),
                Some(Some(error)) => return Err(Error::new(error)),
                None => {}
            }
        }
    }
}

impl Control {
    fn begin(joined: Joined, hear: Hear) -> Result<Self> {
        let Joined {
            wire,
            session,
            socket,
            child,
        } = joined;
        let writer = wire.writer()?;
        let (tell, done) = mpsc::channel();
        let listener = std::thread::Builder::new()
            .name("phasegate-services".to_owned())
            .spawn(move || listen(wire, &hear, &tell))?;
        Ok(Self {
            session,
            socket,
            writer,
            done,
            listener,
            child,
        })
    }

    /// The supervisor's last word; `None` when it was lost before that, or does not answer and was
    /// ended by force.
    fn leave(mut self) -> Option<Option<String>> {
        let done = match self.writer.send(&Request::Leave) {
            Ok(()) => self.done.recv_timeout(PATIENCE),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        };
        if matches!(done, Err(RecvTimeoutError::Timeout)) {
            match &mut self.child {
                // One that has ended in this moment is no error that matters.
                Some(child) => drop(child.kill()),
                // It is not ours to end, and others may still wait for it.
                None => {
                    return Some(Some(format!(
                        "the supervisor has not answered within {}",
                        humantime::format_duration(PATIENCE)
                    )));
                }
            }
        }
        drop(self.writer);
        // It cannot panic but with the listener of news, whose panic has been printed.
        let _ = self.listener.join();
        if let Some(child) = &mut self.child {
            // It was told to end, or it is gone.
            let _ = child.wait();
        }
        done.ok()
    }
}

/// Passes on what the supervisor says, until it is done or gone.
fn listen(mut wire: Wire, hear: &Hear, done: &mpsc::Sender<Option<String>>) {
    while let Ok(Some(reply)) = wire.receive(&|| true) {
        match reply {
            Reply::Step(step) => hear(Heard::Step(step)),
            Reply::Note(text) => hear(Heard::Note(text)),
            Reply::Done { error } => {
                // Nobody waits for it only when this harness is itself being ended.
                let _ = done.send(error);
                return;
            }
            _ => {}
        }
    }
}
