//! What earlier supervisors have left: killed ones, and those that a power cut took.

use std::path::Path;

use super::serve::News;
use crate::services::declaration::by_name;
use crate::services::journal::{self, Made, Orphan};
use crate::services::undo;
use crate::terms::{Error, Result};

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
    let mut kept = 0;
    for made in &orphan.left {
        if foreign && matches!(made, Made::Driver { .. }) {
            kept += 1;
            continue;
        }
        one(made).await?;
    }
    if kept > 0 {
        return Err(Error::new(format_args!(
            "{kept} things on servers that only `{}` knows; run that test binary",
            orphan.stem.as_deref().unwrap_or("another binary")
        )));
    }
    Ok(orphan.left.len())
}

/// Undoes one thing.
pub(super) async fn one(made: &Made) -> Result {
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
    let first = (decl.make)().undo(what.clone()).await;
    match (first, decl.fallback) {
        (Err(error), Some(fallback)) => fallback()
            .undo(what.clone())
            .await
            .map_err(|_| error.context(format_args!("service `{service}`"))),
        (result, _) => result.map_err(|e| e.context(format_args!("service `{service}`"))),
    }
}

/// Whether a supervisor that is gone has left a journal.
pub(crate) fn has_remains(journals: &Path) -> bool {
    !journal::orphans(journals).is_empty()
}
