//! The id of a run.

use std::hash::{BuildHasher, RandomState};
use std::time::SystemTime;

/// A new id, in the form that the harness gives its own: the time, so that ids sort, and six
/// hexadecimal digits of chance.
pub(super) fn fresh() -> String {
    let time: String = humantime::format_rfc3339_seconds(SystemTime::now())
        .to_string()
        .chars()
        .filter(|c| !"-:".contains(*c))
        .collect();
    let chance = RandomState::new().hash_one(std::process::id());
    format!("{time}-{:06x}", chance & 0xff_ffff)
}
