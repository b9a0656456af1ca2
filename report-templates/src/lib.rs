//! placeholder
#[cfg(feature = "audit")]
pub mod audit;
