//! No tests at all.
#![allow(missing_docs)]

phasegate::main!();
