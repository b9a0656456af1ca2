//! Building the state that `#[phasegate::preload]` functions promise, once, before any test.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};

use crate::fixture::Preloaded;
use crate::registry::declaration::PreloadDecl;

/// Why no test can run: a preload that does not keep its promise. Crosses processes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Unfit {
    /// `preload:NAME`
    pub(crate) root: String,
    /// What it did, in words.
    pub(crate) reason: String,
}

/// Runs the preloads in the fork server, where they must leave no thread behind: a fork would not
/// carry it over, and what it held would stay locked. `begins` hears before each what it is to be
/// blamed for should the server not survive it.
#[cfg(target_os = "linux")]
pub(crate) fn run_in_server(mut begins: impl FnMut(&Unfit)) -> Result<(), Unfit> {
    let begin = |preload: &PreloadDecl| {
        begins(&unfit(
            preload,
            "ended the process that it ran in; a preload ends by returning",
        ))
    };
    build(begin, |preload| match crate::kernel::fork::thread_count() {
        Some(1) | None => Ok(()),
        Some(n) => Err(unfit(
            preload,
            &format!(
                "left {} running; a forked test would not have {}: build plain data here and start threads in a fixture",
                if n == 2 {
                    "a thread".to_owned()
                } else {
                    format!("{} threads", n - 1)
                },
                if n == 2 { "it" } else { "them" },
            ),
        )),
    })
}

/// Runs the preloads in this very process, for tests that run in it.
pub(crate) fn run_here() -> Result<(), Unfit> {
    build(|_| {}, |_| Ok(()))
}

fn build(
    mut begin: impl FnMut(&PreloadDecl),
    check: impl Fn(&PreloadDecl) -> Result<(), Unfit>,
) -> Result<(), Unfit> {
    let mut all = Preloaded::default();
    let mut preloads: Vec<_> = inventory::iter::<PreloadDecl>.into_iter().collect();
    preloads.sort_by_key(|p| p.path);
    for preload in preloads {
        begin(preload);
        let value = catch_unwind(AssertUnwindSafe(preload.build))
            .map_err(|_| unfit(preload, "panicked; its message is on standard error"))?;
        check(preload)?;
        if !all.insert((preload.type_id)(), value) {
            return Err(unfit(
                preload,
                "builds a type that another preload builds too; wrap one of them in a type of its own",
            ));
        }
    }
    all.publish();
    Ok(())
}

fn unfit(preload: &PreloadDecl, what: &str) -> Unfit {
    let name = crate::registry::name_of(preload.path);
    Unfit {
        root: format!("preload:{name}"),
        reason: format!(
            "preload `{name}` ({}:{}) {what}",
            preload.file, preload.line
        ),
    }
}
