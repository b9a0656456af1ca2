//! Hooks around the run and around phases; those around a test run in the test's own process.

use std::sync::atomic::Ordering;
use std::time::Duration;

use phasegate_record::event::{Blocked, Hook, HookPoint, Isolation, Output};

use super::executed::Notice;
use super::judge::judge;
use super::observe::Observer;
use super::schedule::Schedule;
use crate::registry::image::{self, BodyRef};
use crate::registry::name_of;

impl<O: Observer> Schedule<O> {
    /// Runs the hooks of one point in their order. The first before-hook that fails stops the
    /// rest and is what stands in the way; after-hooks all run.
    pub(crate) fn hooks(&self, point: HookPoint, phase: Option<&str>) -> Option<Blocked> {
        let before = matches!(point, HookPoint::BeforeRun | HookPoint::BeforePhase);
        // Without an executor a preload stands in the way of everything; it has been named.
        self.executor.as_ref()?;
        for (place, decl) in image::hooks().iter().enumerate() {
            if decl.point != point || (decl.phase.is_some() && decl.phase != phase) {
                continue;
            }
            let name = name_of(decl.path);
            let facts = self.facts(name, phase.map(str::to_owned), 1);
            let timeout = decl
                .timeout_ms
                .map_or(self.policy.hook_timeout, Duration::from_millis);
            let slow = |after| self.observer.slow(name, after);
            let (executed, _) = self.execute(
                Isolation::Process,
                BodyRef::Hook(place),
                facts,
                self.limits(Some(timeout), !before),
                Notice::new(&slow),
            );
            let judged = judge(&executed)?;
            let hook = Hook {
                name: name.to_owned(),
                point,
                phase: phase.map(str::to_owned),
                outcome: judged.outcome,
                wall_us: executed.wall_us,
                failure: judged.failure.clone(),
                stdout: Output::Empty,
                stderr: Output::Empty,
            };
            self.observer.hook(hook, &executed.stdout, &executed.stderr);
            if judged.outcome.is_bad() {
                self.hook_failed.store(true, Ordering::SeqCst);
            }
            if before && judged.blocked.is_some() {
                return judged.blocked;
            }
            if before && judged.outcome.is_bad() {
                let why = judged
                    .failure
                    .map_or_else(|| judged.outcome.as_str().to_owned(), |f| f.message);
                return Some(Blocked {
                    root: format!("hook:{name}"),
                    reason: format!(
                        "hook `{name}` ({}:{}) {}: {why}",
                        decl.file,
                        decl.line,
                        judged.outcome.as_str()
                    ),
                });
            }
        }
        None
    }
}
