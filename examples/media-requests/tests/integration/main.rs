//! The tests of media-requests, over real services that no two tests share.
//!
//! Start with `services`, which says what stands behind each boundary, and `fixtures`, which makes
//! parts of the application of it. Then one module a phase: `foundation` (A), `templates` (B),
//! `coordination` (C), `end_to_end` (D); the gates stand in `phasegate.toml`.

mod coordination;
mod end_to_end;
mod fixtures;
mod foundation;
mod services;
mod templates;

phasegate::main!();
