//! `phasegate.toml`: found, read, checked.
//!
//! * [`table`] – walking a parsed table with places, so that errors point at the guilty key.
//! * [`decode`] – from tables to [`Config`]; [`criterion`] – one criterion of a gate.
//! * [`locate`] – where the file and the target directory are.
//! * [`phases`] – phases in the order of their dependencies; cycles refused.

mod criterion;
mod decode;
mod locate;
mod phases;
mod table;

use std::path::PathBuf;
use std::time::Duration;

use phasegate_record::event::Isolation;
use phasegate_record::project::Project;

pub(crate) use decode::load;
pub(crate) use locate::target_dir;
pub(crate) use phases::after_all;

/// What `phasegate.toml` says, with defaults for what it does not say.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// The directory of `phasegate.toml`, or of the workspace when there is none.
    pub(crate) root: PathBuf,
    /// Where cargo runs the compiler: what names of source files are relative to.
    pub(crate) workspace: PathBuf,
    /// SHA-256 of the file.
    pub(crate) digest: Option<String>,
    /// Phases and boundaries as declared; what only tests name is added by the plan.
    pub(crate) project: Project,
    /// `[isolation] default`
    pub(crate) isolation: Isolation,
    /// `[retry] count`
    pub(crate) retries: u32,
    /// `[retry] delay`
    pub(crate) retry_delay: Duration,
    /// `[timeout] test`
    pub(crate) timeout: Option<Duration>,
    /// `[timeout] hook`
    pub(crate) hook_timeout: Duration,
    /// `[timeout] grace`
    pub(crate) grace: Duration,
    /// `[output] limit`, bytes a stream
    pub(crate) output_limit: u64,
    /// `[redact] variables`
    pub(crate) redact: Vec<String>,
}

impl Config {
    /// What holds without a `phasegate.toml`.
    pub(crate) fn default_at(root: PathBuf) -> Self {
        Self {
            workspace: root.clone(),
            root,
            digest: None,
            project: Project::default(),
            isolation: Isolation::Process,
            retries: 0,
            retry_delay: Duration::from_millis(100),
            timeout: None,
            hook_timeout: Duration::from_secs(60),
            grace: Duration::from_secs(5),
            output_limit: 256 << 20,
            redact: Vec::new(),
        }
    }
}
