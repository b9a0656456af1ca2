//! Everything is stopped, in reverse order.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime};

use phasegate_record::event::ServiceChange;

use super::table::{Coordinator, Instance, State, locked};

/// How long a service may take to stop before it is ended by force.
const PATIENCE: Duration = Duration::from_secs(20);

impl Coordinator {
    /// Stops all services, those first that others do not need, each level in parallel.
    pub(crate) async fn stop_all(&self) {
        self.0.stopping.store(true, Ordering::SeqCst);
        // A start that is under way ends here; what it has made stands in the journal.
        self.0.journal.seal();
        let tasks = std::mem::take(&mut *locked(&self.0.tasks));
        for task in tasks {
            task.abort();
            let _ = task.await;
        }
        let mut left: BTreeSet<&'static str> = self.0.entries.keys().copied().collect();
        while !left.is_empty() {
            let needed: BTreeSet<&str> = left
                .iter()
                .filter_map(|name| self.0.entries.get(name))
                .flat_map(|entry| self.before(entry.decl))
                .collect();
            let mut level: Vec<&'static str> = left
                .iter()
                .filter(|name| !needed.contains(*name))
                .copied()
                .collect();
            // A circle was refused when the tests were collected; never loop over one all the same.
            if level.is_empty() {
                level = left.iter().copied().collect();
            }
            let stops: Vec<_> = level
                .iter()
                .map(|name| {
                    let (this, name) = (self.clone(), *name);
                    tokio::spawn(async move { this.stop(name).await })
                })
                .collect();
            for stop in stops {
                // A driver that panics while it stops is ended by force from the journal.
                let _ = stop.await;
            }
            left.retain(|name| !level.contains(name));
        }
    }

    async fn stop(&self, name: &'static str) {
        let Some(entry) = self.0.entries.get(name) else {
            return;
        };
        if let State::Ready(instance) = entry.state.send_replace(State::Stopped) {
            self.stop_instance(name, instance).await;
        }
    }

    async fn stop_instance(&self, name: &str, instance: Arc<Instance>) {
        let (began, clock) = (SystemTime::now(), Instant::now());
        let stopped = match tokio::time::timeout(PATIENCE, instance.running.stop()).await {
            Ok(stopped) => stopped.err().map(|error| error.to_string()),
            Err(_) => Some(format!(
                "it did not stop within {} and was ended by force",
                humantime::format_duration(PATIENCE)
            )),
        };
        let cleared = self.clear_instance(&instance).await.err();
        let error = stopped.or(cleared.map(|error| error.to_string()));
        self.tell(
            name,
            ServiceChange::Stopped,
            began,
            clock.elapsed(),
            String::new(),
            error,
        );
    }
}
