//! Randomness that nobody can guess.

use aes_gcm::aead::OsRng;
use aes_gcm::aead::rand_core::RngCore;

pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.fill_bytes(&mut bytes);
    bytes
}

/// A name of 32 hexadecimal digits.
pub(crate) fn name() -> String {
    hex(&bytes::<16>())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
