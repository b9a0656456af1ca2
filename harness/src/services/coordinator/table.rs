//! Every service with its state.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use phasegate_record::event::{Blocked, ServiceChange};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::leases::Held;
use crate::services::declaration::{ServiceDecl, services};
use crate::services::erased::AnyRunning;
use crate::services::host::Host;
use crate::services::journal::{Intent, Journal};
use crate::services::protocol::Step;

/// Told whatever happens to a service.
pub(crate) type Tell = Box<dyn Fn(Step) + Send + Sync>;

/// What holds for all services of a supervisor.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Where the services get their directories.
    pub(crate) base: PathBuf,
    /// The package's directory.
    pub(crate) package: PathBuf,
    /// How many tests may run at once.
    pub(crate) workers: usize,
    /// Whether programs get sessions of their own.
    pub(crate) session: bool,
    /// Marks the processes of this supervisor.
    pub(crate) mark: String,
}

/// The services of one supervisor. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Coordinator(pub(super) Arc<Shared>);

pub(super) struct Shared {
    pub(super) settings: Settings,
    pub(super) journal: Journal,
    pub(super) entries: BTreeMap<&'static str, Entry>,
    pub(super) urls: Arc<Mutex<BTreeMap<String, String>>>,
    pub(super) tell: Tell,
    pub(super) stopping: AtomicBool,
    pub(super) generations: AtomicU64,
    pub(super) next_lease: AtomicU64,
    pub(super) leases: Mutex<HashMap<u64, Held>>,
    /// Starts and restarts.
    pub(super) tasks: Mutex<Vec<JoinHandle<()>>>,
}

pub(super) struct Entry {
    pub(super) decl: &'static ServiceDecl,
    pub(super) state: watch::Sender<State>,
    pub(super) restarts_left: Mutex<u32>,
}

/// Where a service stands.
#[derive(Clone)]
pub(super) enum State {
    Idle,
    Starting,
    Ready(Arc<Instance>),
    Failed(Blocked),
    Stopped,
}

/// A started service.
pub(super) struct Instance {
    pub(super) running: Box<dyn AnyRunning>,
    pub(super) host: Host,
    pub(super) generation: u64,
    pub(super) stand_in: bool,
    /// Of its directory and its processes, in the order in which they were announced.
    pub(super) intents: Mutex<Vec<Intent>>,
    pub(super) mark: String,
}

impl Coordinator {
    /// Nothing is started.
    pub(crate) fn new(settings: Settings, journal: Journal, tell: Tell) -> Self {
        let entries = services()
            .iter()
            .filter(|decl| !decl.embedded)
            .map(|decl| {
                let entry = Entry {
                    decl,
                    state: watch::Sender::new(State::Idle),
                    restarts_left: Mutex::new(decl.restarts),
                };
                (decl.name, entry)
            })
            .collect();
        Self(Arc::new(Shared {
            settings,
            journal,
            entries,
            urls: Arc::default(),
            tell,
            stopping: AtomicBool::new(false),
            generations: AtomicU64::new(1),
            next_lease: AtomicU64::new(1),
            leases: Mutex::default(),
            tasks: Mutex::default(),
        }))
    }

    /// Services that must be ready before this one, those of tests' own processes left out.
    pub(super) fn before(&self, decl: &ServiceDecl) -> Vec<&'static str> {
        let known = |name: &&&'static str| self.0.entries.contains_key(**name);
        decl.after.iter().filter(known).copied().collect()
    }

    /// What this service, or one that it needs, failed by.
    pub(super) fn obstacle(&self, name: &str) -> Option<Blocked> {
        let entry = self.0.entries.get(name)?;
        if let State::Failed(blocked) = &*entry.state.borrow() {
            return Some(blocked.clone());
        }
        self.before(entry.decl)
            .into_iter()
            .find_map(|dependency| self.obstacle(dependency))
            .map(|root| Blocked {
                reason: format!("{name} blocked: {}", root.reason),
                root: root.root,
            })
    }

    pub(super) fn tell(
        &self,
        service: &str,
        change: ServiceChange,
        began: SystemTime,
        took: Duration,
        detail: String,
        error: Option<String>,
    ) {
        (self.0.tell)(Step {
            service: service.to_owned(),
            change,
            began_us: since_epoch(began),
            took_us: micros(took),
            detail,
            error,
        });
    }
}

pub(super) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

pub(super) fn since_epoch(time: SystemTime) -> u64 {
    micros(
        time.duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default(),
    )
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
