//! The running service.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::description::Command;
use super::endpoint::Share;
use super::launch::Launch;
use crate::services::{Ask, Host, Process, Running};
use crate::terms::{Error, Result};

/// How long the news of a program's end may take.
const NEWS: Duration = Duration::from_millis(100);

/// A started [`Command`]: one program for all, or one for each lease.
pub struct Started {
    of: Command,
    host: Host,
    /// The program that all tests share.
    shared: Option<Arc<Launched>>,
    /// Those of leases, by number.
    leased: Mutex<HashMap<u64, Arc<Launched>>>,
    next: AtomicU64,
}

struct Launched {
    launch: Launch,
    /// The process, which a reset replaces.
    process: tokio::sync::Mutex<Process>,
}

impl Launched {
    async fn start(of: &Command, host: &Host, number: u64) -> Result<Arc<Self>> {
        let launch = Launch::prepare(of, host, number)?;
        let process = match launch.start(of).await {
            Ok(process) => process,
            Err(error) => {
                launch.clear()?;
                return Err(error);
            }
        };
        Ok(Arc::new(Self {
            launch,
            process: tokio::sync::Mutex::new(process),
        }))
    }

    /// How it ended by itself, if it did. The news of an end may come a little after the end, so
    /// that one that does not answer is looked at twice.
    async fn left(&self) -> Option<String> {
        let process = self.process.lock().await;
        match self.launch.check(&process).await {
            Ok(()) => None,
            Err(_) => tokio::time::timeout(NEWS, process.ended()).await.ok(),
        }
    }

    async fn stop(&self, of: &Command) -> Result {
        let process = self.process.lock().await;
        process.stop(of.stop_signal, of.patience).await?;
        self.launch.clear()
    }
}

impl Started {
    pub(super) async fn start(of: &Command, host: &Host) -> Result<Self> {
        let shared = match of.per_lease {
            // Whether it can be started at all is said at once.
            true => Launch::prepare(of, host, 1).map(|_| None)?,
            false => Some(host.step("start", Launched::start(of, host, 0)).await?),
        };
        Ok(Self {
            of: of.clone(),
            host: host.clone(),
            shared,
            leased: Mutex::default(),
            next: AtomicU64::new(1),
        })
    }

    fn leased(&self) -> MutexGuard<'_, HashMap<u64, Arc<Launched>>> {
        self.leased.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of_share(&self, share: &Share) -> Option<Arc<Launched>> {
        self.leased().get(&share.number).cloned()
    }
}

impl Running for Started {
    type Share = Share;

    fn url(&self) -> Option<String> {
        let url = &self.shared.as_ref()?.launch.share.url;
        (!url.is_empty()).then(|| url.clone())
    }

    async fn probe(&self) -> Result {
        match &self.shared {
            Some(shared) => {
                let process = shared.process.lock().await.clone();
                shared.launch.check(&process).await
            }
            None => Ok(()),
        }
    }

    async fn lease(&self, _: &Ask) -> Result<Share> {
        if let Some(shared) = &self.shared {
            return Ok(shared.launch.share.clone());
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let launched = Launched::start(&self.of, &self.host, number).await?;
        let share = launched.launch.share.clone();
        self.leased().insert(number, launched);
        Ok(share)
    }

    async fn reset(&self, share: &Share) -> Result {
        if self.shared.is_some() {
            return match self.of.stateless {
                true => Ok(()),
                false => Err(Error::new(format_args!(
                    "`{}` is one program for all tests and cannot be reset under them; say `.per_lease()` for one each, or `.stateless()` if there is nothing to reset",
                    self.host.service()
                ))),
            };
        }
        let launched = self.of_share(share).ok_or_else(|| {
            Error::new(format_args!(
                "program {} of `{}` was given back already",
                share.number,
                self.host.service()
            ))
        })?;
        let mut process = launched.process.lock().await;
        process.stop(self.of.stop_signal, self.of.patience).await?;
        *process = launched.launch.start(&self.of).await?;
        Ok(())
    }

    async fn reclaim(&self, share: &Share) -> Result {
        let Some(launched) = self.of_share(share) else {
            return Ok(());
        };
        // Its log goes with it, so what it said last is kept first.
        let complaint = launched
            .left()
            .await
            .filter(|how| !how.ends_with(" code 0"))
            .map(|how| Error::new(format_args!("{how} while it was leased")))
            .map(|error| launched.launch.with_log(error));
        launched.stop(&self.of).await?;
        self.leased().remove(&share.number);
        complaint.map_or(Ok(()), Err)
    }

    async fn stop(&self) -> Result {
        let mut all: Vec<Arc<Launched>> = self.leased().drain().map(|(_, one)| one).collect();
        all.extend(self.shared.clone());
        let mut first = Ok(());
        for one in all {
            let stopped = one.stop(&self.of).await;
            first = first.and(stopped);
        }
        first
    }
}
