//! One start, with its stand-in; one death, with its restart.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use phasegate_record::event::{Blocked, ServiceChange};
use tokio::sync::{oneshot, watch};

use super::table::{Coordinator, Instance, State, locked, micros, since_epoch};
use crate::services::caught::caught;
use crate::services::declaration::ServiceDecl;
use crate::services::erased::AnyService;
use crate::services::host::{Host, Inner};
use crate::services::journal::{Intent, Made};
use crate::services::protocol::Step;
use crate::services::supervisor::open_directory;
use crate::services::undo;
use crate::terms::{Error, Result};

/// Time from start to ready where a service says nothing.
const PATIENCE: Duration = Duration::from_secs(60);

/// Time beyond its own for a start that ignores its deadline.
const MARGIN: Duration = Duration::from_secs(10);

/// Ends, with an error, when what it stands for has been done.
pub(super) type Pending = oneshot::Receiver<()>;

type Later = Pin<Box<dyn Future<Output = Option<Blocked>> + Send>>;

impl Coordinator {
    /// Starts the service, and those that it needs, unless somebody has done so.
    pub(crate) fn start(&self, name: &str) {
        let Some(entry) = self.0.entries.get(name) else {
            return;
        };
        let first = entry.state.send_if_modified(|state| {
            let idle = matches!(state, State::Idle);
            if idle {
                *state = State::Starting;
            }
            idle
        });
        if first {
            let (this, decl) = (self.clone(), entry.decl);
            self.undertake(async move { this.start_with_dependencies(decl).await });
        }
    }

    /// Does something that must not outlast the services.
    pub(super) fn undertake(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = locked(&self.0.tasks);
        tasks.retain(|task| !task.is_finished());
        tasks.push(tokio::spawn(task));
    }

    /// Waits until the service is ready, or has failed for good.
    pub(super) async fn settled(&self, name: &str) -> Result<Arc<Instance>, Blocked> {
        self.start(name);
        let Some(entry) = self.0.entries.get(name) else {
            return Err(Blocked {
                root: format!("service:{name}"),
                reason: format!(
                    "{name}: the supervisor knows no such service; this is a bug in phasegate"
                ),
            });
        };
        let mut state = entry.state.subscribe();
        let is_settled = |state: &State| !matches!(state, State::Idle | State::Starting);
        match state.wait_for(is_settled).await.as_deref() {
            Ok(State::Ready(instance)) => Ok(Arc::clone(instance)),
            Ok(State::Failed(blocked)) => Err(blocked.clone()),
            _ => Err(Blocked {
                root: format!("service:{name}"),
                reason: format!("{name}: it was stopped"),
            }),
        }
    }

    async fn start_with_dependencies(&self, decl: &'static ServiceDecl) {
        let waits: Vec<Later> = self
            .before(decl)
            .into_iter()
            .map(|dependency| {
                let this = self.clone();
                Box::pin(async move { this.settled(dependency).await.err() }) as Later
            })
            .collect();
        let mut root = None;
        // All of them are under way; the order of waiting does not matter.
        for dependency in self.before(decl) {
            self.start(dependency);
        }
        for wait in waits {
            root = root.or(wait.await);
        }
        let state = match root {
            Some(root) => {
                let reason = format!("{} blocked: {}", decl.name, root.reason);
                self.tell(
                    decl.name,
                    ServiceChange::Failed,
                    SystemTime::now(),
                    Duration::ZERO,
                    String::new(),
                    Some(reason.clone()),
                );
                State::Failed(Blocked {
                    reason,
                    root: root.root,
                })
            }
            None => self.first_start(decl).await,
        };
        self.settle(decl, state);
    }

    async fn first_start(&self, decl: &'static ServiceDecl) -> State {
        let began = SystemTime::now();
        let error = match self.start_once(decl, decl.make, false).await {
            Ok(instance) => return State::Ready(instance),
            Err(error) => error,
        };
        let Some(fallback) = decl.fallback else {
            return self.failed(decl, began, error.to_string());
        };
        self.tell(
            decl.name,
            ServiceChange::FellBack,
            began,
            Duration::ZERO,
            "its stand-in runs in its place".to_owned(),
            Some(error.to_string()),
        );
        match self.start_once(decl, fallback, true).await {
            Ok(instance) => State::Ready(instance),
            Err(second) => self.failed(decl, began, format!("{error}; and its stand-in: {second}")),
        }
    }

    fn failed(&self, decl: &ServiceDecl, began: SystemTime, reason: String) -> State {
        self.tell(
            decl.name,
            ServiceChange::Failed,
            began,
            began.elapsed().unwrap_or_default(),
            String::new(),
            Some(reason.clone()),
        );
        State::Failed(Blocked {
            root: format!("service:{}", decl.name),
            reason: format!("{}: {reason}", decl.name),
        })
    }

    /// Makes a state known, unless everything is being stopped.
    fn settle(&self, decl: &'static ServiceDecl, state: State) {
        let Some(entry) = self.0.entries.get(decl.name) else {
            return;
        };
        if let State::Ready(instance) = &state {
            if let Some(url) = instance.running.url() {
                locked(&self.0.urls).insert(decl.name.to_owned(), url);
            }
            self.watch(decl, Arc::clone(instance));
        }
        entry.state.send_if_modified(|known| {
            let stopped = matches!(known, State::Stopped);
            if !stopped {
                *known = state;
            }
            !stopped
        });
    }

    /// Starts one instance. What a failed start leaves is cleared away before this returns.
    async fn start_once(
        &self,
        decl: &'static ServiceDecl,
        make: fn() -> Box<dyn AnyService>,
        stand_in: bool,
    ) -> Result<Arc<Instance>> {
        let (began, clock) = (SystemTime::now(), Instant::now());
        let generation = self.0.generations.fetch_add(1, Ordering::SeqCst);
        let settings = &self.0.settings;
        let dir = settings.base.join(format!("{}-{generation}", decl.name));
        let mark = format!("{}/{}-{generation}", settings.mark, decl.name);
        let intents = vec![
            self.0.journal.intend(Made::Path { path: dir.clone() })?,
            self.0.journal.intend(Made::Processes {
                mark: mark.clone(),
                dir: dir.clone(),
            })?,
        ];
        open_directory(&dir)?;
        let patience = decl.timeout_ms.map_or(PATIENCE, Duration::from_millis);
        let (this, name) = (self.clone(), decl.name);
        let host = Host::new(Inner {
            service: name.to_owned(),
            dir: dir.clone(),
            package: settings.package.clone(),
            workers: settings.workers,
            journal: self.0.journal.clone(),
            mark: mark.clone(),
            session: settings.session,
            deadline: clock + patience,
            steps: Box::new(move |step| {
                (this.0.tell)(Step {
                    service: name.to_owned(),
                    change: ServiceChange::Step,
                    began_us: since_epoch(step.began),
                    took_us: micros(step.took),
                    detail: step.name,
                    error: step.error,
                });
            }),
            death: watch::Sender::new(None),
            urls: Arc::clone(&self.0.urls),
        });
        // The function that describes it is its owner's, and may panic as well.
        let start = caught(async { make().start(&host).await });
        let started = match tokio::time::timeout(patience + MARGIN, start).await {
            Ok(started) => started,
            Err(_) => Err(Error::new(format_args!(
                "not ready after {}",
                humantime::format_duration(patience)
            ))),
        };
        match started {
            Ok(running) => {
                let url = running.url().unwrap_or_default();
                self.tell(
                    name,
                    ServiceChange::Ready,
                    began,
                    clock.elapsed(),
                    url,
                    None,
                );
                Ok(Arc::new(Instance {
                    running,
                    host,
                    generation,
                    stand_in,
                    intents: Mutex::new(intents),
                    mark,
                }))
            }
            Err(error) => {
                let words = host.last_words();
                let cleared = clear(mark, dir, intents).await;
                let more = cleared
                    .err()
                    .map(|e| format!("; and {e}"))
                    .unwrap_or_default();
                Err(Error::new(format_args!("{error}{words}{more}")))
            }
        }
    }

    /// Waits for the instance to die.
    fn watch(&self, decl: &'static ServiceDecl, instance: Arc<Instance>) {
        let this = self.clone();
        self.undertake(async move {
            let how = instance.host.death().await;
            this.died(decl.name, &instance, &how).await;
        });
    }

    /// The instance is gone or does not answer: brings the service back, if it may come back and
    /// nobody has noticed before. Goes on when nobody waits for it any more: others may.
    pub(super) fn lost(&self, name: &str, instance: &Arc<Instance>, how: &str) -> Pending {
        let (this, name, how) = (self.clone(), name.to_owned(), how.to_owned());
        let instance = Arc::clone(instance);
        let (done, pending) = oneshot::channel();
        self.undertake(async move {
            this.died(&name, &instance, &how).await;
            drop(done);
        });
        pending
    }

    async fn died(&self, name: &str, instance: &Arc<Instance>, how: &str) {
        let Some(entry) = self.0.entries.get(name) else {
            return;
        };
        let first = !self.0.stopping.load(Ordering::SeqCst)
            && entry.state.send_if_modified(|state| match state {
                State::Ready(current) if current.generation == instance.generation => {
                    *state = State::Starting;
                    true
                }
                _ => false,
            });
        if !first {
            return;
        }
        let began = SystemTime::now();
        let words = instance.host.last_words();
        self.tell(
            name,
            ServiceChange::Died,
            began,
            Duration::ZERO,
            String::new(),
            Some(format!("{how}{words}")),
        );
        if let Err(error) = self.clear_instance(instance).await {
            self.tell(
                name,
                ServiceChange::Step,
                began,
                Duration::ZERO,
                "clear".to_owned(),
                Some(error.to_string()),
            );
        }
        let decl = entry.decl;
        let may_return = {
            let mut left = locked(&entry.restarts_left);
            let may = *left > 0;
            *left = left.saturating_sub(1);
            may
        };
        let make = match decl.fallback {
            Some(fallback) if instance.stand_in => fallback,
            _ => decl.make,
        };
        let state = if !may_return {
            self.failed(
                decl,
                began,
                format!("{how}, and may not be restarted again{words}"),
            )
        } else {
            match self.start_once(decl, make, instance.stand_in).await {
                Ok(instance) => State::Ready(instance),
                Err(error) => self.failed(
                    decl,
                    began,
                    format!("{how}, and could not be restarted: {error}"),
                ),
            }
        };
        self.settle(decl, state);
    }

    /// Ends what an instance may still run and removes its directory.
    pub(super) async fn clear_instance(&self, instance: &Instance) -> Result {
        let intents = std::mem::take(&mut *locked(&instance.intents));
        clear(
            instance.mark.clone(),
            instance.host.dir().to_owned(),
            intents,
        )
        .await
    }
}

async fn clear(mark: String, dir: std::path::PathBuf, intents: Vec<Intent>) -> Result {
    tokio::task::spawn_blocking(move || {
        undo::end_processes(&mark, &dir)?;
        undo::remove(&dir)?;
        intents.into_iter().try_for_each(Intent::undone)
    })
    .await?
}
