//! Declarations gathered from the binary, checked and sorted.

pub(crate) mod declaration;
