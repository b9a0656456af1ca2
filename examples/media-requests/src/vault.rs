//! Seals what may be stored but not read.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Key, KeyInit, Nonce};

use crate::config::VaultKey;
use crate::error::{Error, Result};

const NONCE: usize = 12;

/// Seals with AES-256-GCM. A seal opens only under the label it was made for, so that nobody can
/// move one person's sealed token into another's row.
#[derive(Clone)]
pub struct Vault(Aes256Gcm);

impl Vault {
    /// A vault with a key.
    #[must_use]
    pub fn new(key: &VaultKey) -> Self {
        Self(Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(&key.0)))
    }

    /// A fresh nonce, then the sealed text.
    ///
    /// # Errors
    /// When the text is larger than AES-GCM can seal.
    pub fn seal(&self, label: &str, text: &str) -> Result<Vec<u8>> {
        let nonce = crate::random::bytes::<NONCE>();
        let payload = Payload {
            msg: text.as_bytes(),
            aad: label.as_bytes(),
        };
        let sealed = self
            .0
            .encrypt(Nonce::from_slice(&nonce), payload)
            .map_err(|_| Error::Unsealable)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// What was sealed under the label.
    ///
    /// # Errors
    /// When it was changed, or sealed under another label or by another key.
    pub fn open(&self, label: &str, sealed: &[u8]) -> Result<String> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE).ok_or(Error::Unsealable)?;
        let payload = Payload {
            msg: sealed,
            aad: label.as_bytes(),
        };
        let text = self
            .0
            .decrypt(Nonce::from_slice(nonce), payload)
            .map_err(|_| Error::Unsealable)?;
        String::from_utf8(text).map_err(|_| Error::Unsealable)
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}
