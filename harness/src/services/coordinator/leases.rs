//! Shares handed out and taken back.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use phasegate_record::event::Blocked;
use serde_json::Value;

use super::table::{Coordinator, Instance, State, locked};
use crate::services::service::Ask;
use crate::terms::{Error, Result};

/// How long a service may take to say that it is well.
const WELL: Duration = Duration::from_secs(3);

/// How long it may take to take a share back.
const RECLAIM: Duration = Duration::from_secs(30);

/// A share that somebody holds.
pub(super) struct Held {
    service: String,
    session: u64,
    instance: Arc<Instance>,
    share: Value,
}

/// A share that was made.
pub(crate) struct Granted {
    pub(crate) lease: u64,
    pub(crate) share: Value,
    pub(crate) stand_in: bool,
}

/// What came of taking a share back.
#[derive(Debug, Default)]
pub(crate) struct Released {
    pub(crate) error: Option<String>,
    pub(crate) interrupted: Option<String>,
}

impl Coordinator {
    /// Makes a share for an attempt, waiting for the service to be ready.
    pub(crate) async fn acquire(
        &self,
        session: u64,
        service: &str,
        ask: &Ask,
    ) -> Result<Granted, Blocked> {
        let mut last = String::new();
        for _ in 0..2 {
            let instance = self.settled(service).await?;
            if let Some(blocked) = self.obstacle(service) {
                return Err(blocked);
            }
            let error = match instance.running.lease(ask).await {
                Ok(share) => return Ok(self.hand_out(session, service, instance, share)),
                Err(error) => error,
            };
            last = error.to_string();
            if let Some(how) = well(&instance).await {
                // The error says that it is done.
                let _ = self.lost(service, &instance, &how).await;
            } else if self.is_current(service, &instance) {
                break;
            }
        }
        Err(Blocked {
            root: format!("service:{service}"),
            reason: format!("{service}: it is running, but made no lease: {last}"),
        })
    }

    fn hand_out(
        &self,
        session: u64,
        service: &str,
        instance: Arc<Instance>,
        share: Value,
    ) -> Granted {
        let lease = self.0.next_lease.fetch_add(1, Ordering::SeqCst);
        let stand_in = instance.stand_in;
        let held = Held {
            service: service.to_owned(),
            session,
            instance,
            share: share.clone(),
        };
        locked(&self.0.leases).insert(lease, held);
        Granted {
            lease,
            share,
            stand_in,
        }
    }

    fn is_current(&self, service: &str, instance: &Instance) -> bool {
        self.0.entries.get(service).is_some_and(|entry| {
            matches!(&*entry.state.borrow(), State::Ready(now) if now.generation == instance.generation)
        })
    }

    /// Takes a share back. `suspect` asks to look whether the service is still well: the attempt
    /// that held it did not pass.
    pub(crate) async fn release(&self, lease: u64, suspect: bool) -> Released {
        let Some(held) = locked(&self.0.leases).remove(&lease) else {
            return Released::default();
        };
        if suspect && let Some(how) = well(&held.instance).await {
            // Bringing it back takes its time; the attempt need not wait for that.
            drop(self.lost(&held.service, &held.instance, &how));
            return interrupted(&held.service, &how);
        }
        if !self.is_current(&held.service, &held.instance) {
            let how = held.instance.host.known_death();
            return interrupted(
                &held.service,
                how.as_deref().unwrap_or("it stopped answering"),
            );
        }
        let reclaimed =
            tokio::time::timeout(RECLAIM, held.instance.running.reclaim(held.share.clone())).await;
        let error = match reclaimed {
            Ok(Ok(())) => return Released::default(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("not done after {}", humantime::format_duration(RECLAIM)),
        };
        match well(&held.instance).await {
            Some(how) => {
                drop(self.lost(&held.service, &held.instance, &how));
                interrupted(&held.service, &how)
            }
            None => Released {
                error: Some(format!("{}: {error}", held.service)),
                interrupted: None,
            },
        }
    }

    /// Makes a share as it was when it was handed out.
    pub(crate) async fn reset(&self, lease: u64) -> Result {
        let (instance, share, service) = match locked(&self.0.leases).get(&lease) {
            Some(held) => (
                Arc::clone(&held.instance),
                held.share.clone(),
                held.service.clone(),
            ),
            None => return Err(Error::new("the lease has been released")),
        };
        instance
            .running
            .reset(share)
            .await
            .map_err(|error| error.context(format_args!("`{service}` could not be reset")))
    }

    /// Takes back whatever a harness still holds.
    pub(crate) async fn release_all(&self, session: u64) {
        let left: Vec<u64> = locked(&self.0.leases)
            .iter()
            .filter(|(_, held)| held.session == session)
            .map(|(lease, _)| *lease)
            .collect();
        for lease in left {
            // Nobody is left to be told; what stays is undone from the journal at the end.
            self.release(lease, false).await;
        }
    }
}

fn interrupted(service: &str, how: &str) -> Released {
    Released {
        error: None,
        interrupted: Some(format!("{service}: {how}")),
    }
}

/// How the service is not well, if it is not.
async fn well(instance: &Instance) -> Option<String> {
    if let Some(how) = instance.host.known_death() {
        return Some(how);
    }
    match tokio::time::timeout(WELL, instance.running.probe()).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(format!("it does not answer: {error}")),
        Err(_) => Some(format!(
            "it does not answer within {}",
            humantime::format_duration(WELL)
        )),
    }
}
