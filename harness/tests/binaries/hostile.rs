//! The hostile subject, run once in each way for all tests that look at it.

use std::sync::OnceLock;

use crate::support::{Project, Ran};

/// One run of the hostile subject, and what was there after it.
pub(crate) struct Hostile {
    pub(crate) ran: Ran,
    /// Temporary files that nobody removed.
    pub(crate) litter: Vec<String>,
    /// What its processes are known by.
    pub(crate) mark: String,
}

/// Short enough for a test that ignores requests to end.
pub(crate) const SETTINGS: &str = "[timeout]\ngrace = \"200ms\"\n[retry]\ndelay = \"1ms\"\n";

/// Every attempt forked.
pub(crate) fn forked() -> &'static Hostile {
    static ONCE: OnceLock<Hostile> = OnceLock::new();
    ONCE.get_or_init(|| run(&[], &[]))
}

/// Every attempt by re-execution. What overwhelms one stream is left to the forked run, and what
/// kills its parent would kill the harness.
pub(crate) fn spawned() -> &'static Hostile {
    static ONCE: OnceLock<Hostile> = OnceLock::new();
    let skip = [
        "--skip",
        "prints_fifty_megabytes",
        "--skip",
        "kills_its_overseer",
    ];
    ONCE.get_or_init(|| run(&[("PHASEGATE_FORK", "0")], &skip))
}

fn run(variables: &[(&str, &str)], args: &[&str]) -> Hostile {
    let project = Project::of("hostile").toml(SETTINGS);
    let ran = project.run_with(variables, args).exits(101);
    Hostile {
        ran,
        litter: project.litter(),
        mark: project.mark(),
    }
}
