//! Without services nothing is leased and nothing can be wrong.

use phasegate_record::event::DeclaredService;

use super::collect::Check;
use crate::fixture::Needs;

/// What one test leases: nothing.
#[derive(Debug, Default)]
pub(super) struct Leased {
    pub(super) names: Vec<&'static str>,
    pub(super) boundaries: Vec<&'static str>,
    pub(super) missing: Vec<String>,
}

pub(super) fn leased(_: &Needs) -> Leased {
    Leased::default()
}

pub(super) fn declared() -> Vec<DeclaredService> {
    Vec::new()
}

pub(super) fn check(_: &mut Check<'_>) {}
