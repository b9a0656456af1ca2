//! Declarations gathered from the binary, checked and sorted.
//!
//! * [`declaration`] – what the attributes leave behind.
//! * [`image`] – the declarations of this image, by place.
//! * [`collect`] – tests with everything that holds for them; duplicates and typos refused.
//! * [`hooks`] – the order of hooks.
//! * [`services`] – what tests lease; empty without the feature of that name.

pub(crate) mod collect;
pub(crate) mod declaration;
mod hooks;
pub(crate) mod image;
mod inherit;
#[cfg(feature = "services")]
mod services;
#[cfg(not(feature = "services"))]
#[path = "services_absent.rs"]
mod services;

/// The name by which a person knows a declaration: its path without the crate.
pub(crate) fn name_of(path: &'static str) -> &'static str {
    path.split_once("::").map_or(path, |(_, rest)| rest)
}
