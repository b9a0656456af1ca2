//! What the harness, its attempts and the supervisor say to each other: one JSON line a message.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::service::Ask;

/// To the supervisor.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Request {
    /// First on the connection that stands for a harness: when it closes, the harness is gone.
    /// Answered by [`Reply::Welcome`], and from then on by [`Reply::Step`]s unasked.
    Join {
        pid: u32,
        fork_server: Option<u32>,
        /// Where its tests create files; removed when it is gone.
        scratch: PathBuf,
    },
    /// Start these services now; not answered.
    Start {
        services: Vec<String>,
    },
    Acquire {
        session: u64,
        service: String,
        ask: Ask,
    },
    /// `suspect`: the attempt did not pass, so look whether the service is still well.
    Release {
        lease: u64,
        suspect: bool,
    },
    Reset {
        lease: u64,
    },
    /// The harness is done. Answered by [`Reply::Done`]: at once where others share the services,
    /// else when everything is stopped and cleared away.
    Leave,
}

/// From the supervisor.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Reply {
    Welcome {
        session: u64,
    },
    Granted {
        lease: u64,
        share: Value,
        stand_in: bool,
    },
    /// There is no lease: the service, or one that it needs, is not there.
    Blocked {
        root: String,
        reason: String,
    },
    Released {
        /// What may still be there.
        error: Option<String>,
        /// The service died while the lease was held; how.
        interrupted: Option<String>,
    },
    /// The end of a reset or of everything.
    Done {
        error: Option<String>,
    },
    /// Something happened to a service.
    Step(Step),
    /// Something that a reader should know.
    Note(String),
}

/// Something happened to a service; times as in the record, but since the Unix epoch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Step {
    pub(crate) service: String,
    pub(crate) change: phasegate_record::event::ServiceChange,
    pub(crate) began_us: u64,
    pub(crate) took_us: u64,
    pub(crate) detail: String,
    pub(crate) error: Option<String>,
}
