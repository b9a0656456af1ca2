//! What earlier supervisors have left: killed ones, and those that a power cut took.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::serve::News;
use crate::services::caught::caught;
use crate::services::declaration::by_name;
use crate::services::erased::AnyService;
use crate::services::journal::{self, Made, Orphan};
use crate::services::undo;
use crate::terms::{Error, Result};

/// How long a driver may take to undo one thing.
const PATIENCE: Duration = Duration::from_secs(30);

/// Undoes everything that journals without a supervisor announce, and says so.
pub(super) async fn sweep(journals: &Path, stem: &str, news: &News) {
    for orphan in journal::orphans(journals) {
        match clear(&orphan, stem).await {
            Ok(0) => {}
            Ok(count) => news.note(format!(
                "removed what a supervisor that was killed had left behind: {count} things, named in its journal {}",
                orphan.path.display()
            )),
            Err(error) => {
                news.note(format!(
                    "a supervisor that was killed has left something behind that could not be removed: {error}; its journal {} is kept, and the next run tries again",
                    orphan.path.display()
                ));
                continue;
            }
        }
        for left in [orphan.path.clone(), orphan.path.with_extension("log")] {
            if let Err(error) = undo::remove(&left) {
                news.note(error.to_string());
            }
        }
    }
}

/// Undoes one journal; says how many things were there to undo.
async fn clear(orphan: &Orphan, stem: &str) -> Result<usize> {
    // Only the binary that made a thing has the driver that can undo it.
    let foreign = orphan.stem.as_deref().is_some_and(|of| of != stem);
    let is_ours = |made: &&Made| !(foreign && matches!(made, Made::Driver { .. }));
    let (ours, others): (Vec<&Made>, Vec<&Made>) = orphan.left.iter().partition(is_ours);
    let kept = others.len();
    let errors = all(ours).await;
    if let Some(first) = errors.into_iter().next() {
        return Err(first);
    }
    if kept > 0 {
        return Err(Error::new(format_args!(
            "{kept} things on servers that only `{}` knows; run that test binary",
            orphan.stem.as_deref().unwrap_or("another binary")
        )));
    }
    Ok(orphan.left.len())
}

/// Undoes as much of it as can be, and says what could not. A driver that once took too long is not
/// asked again: its server does not answer.
pub(super) async fn all<'m>(things: impl IntoIterator<Item = &'m Made>) -> Vec<Error> {
    let mut errors = Vec::new();
    let mut mute = BTreeSet::new();
    for made in things {
        let service = match made {
            Made::Driver { service, .. } => Some(service.as_str()),
            _ => None,
        };
        if service.is_some_and(|service| mute.contains(service)) {
            continue;
        }
        let began = Instant::now();
        if let Err(error) = one(made).await {
            mute.extend(service.filter(|_| began.elapsed() >= PATIENCE));
            errors.push(error);
        }
    }
    errors
}

/// Undoes one thing.
async fn one(made: &Made) -> Result {
    let Made::Driver { service, what } = made else {
        let made = made.clone();
        return tokio::task::spawn_blocking(move || undo::undo(&made).map(drop)).await?;
    };
    let decl = by_name(service).ok_or_else(|| {
        Error::new(format_args!(
            "the service `{service}` that made it is no longer declared; remove it by hand: {what}"
        ))
    })?;
    // The stand-in may be of another kind of the same type; what one does not know, the other may.
    let first = undone_by(decl.make, what).await;
    match (first, decl.fallback) {
        (Err(error), Some(fallback)) => undone_by(fallback, what)
            .await
            .map_err(|_| error.context(format_args!("service `{service}`"))),
        (result, _) => result.map_err(|e| e.context(format_args!("service `{service}`"))),
    }
}

async fn undone_by(make: fn() -> Box<dyn AnyService>, what: &Value) -> Result {
    let undo = caught(async { make().undo(what.clone()).await });
    match tokio::time::timeout(PATIENCE, undo).await {
        Ok(undone) => undone,
        Err(_) => Err(Error::new(format_args!(
            "it was not undone within {}: {what}",
            humantime::format_duration(PATIENCE)
        ))),
    }
}

/// Whether a supervisor that is gone has left a journal.
pub(crate) fn has_remains(journals: &Path) -> bool {
    !journal::orphans(journals).is_empty()
}
