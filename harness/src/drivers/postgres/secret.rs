//! Passwords that nobody has to remember.

use std::fs::File;
use std::io::Read;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::terms::{Error, Result};

/// A role's password and what the server keeps of it.
#[derive(Clone)]
pub(super) struct Secret {
    pub(super) password: String,
    /// `SCRAM-SHA-256$…`, for `CREATE ROLE … PASSWORD`.
    pub(super) verifier: String,
}

impl Secret {
    /// Makes a password of 128 random bits.
    pub(super) fn new() -> Result<Self> {
        let password = hex(&random::<16>()?);
        let verifier = verifier(&password, &random::<16>()?);
        Ok(Self { password, verifier })
    }
}

/// Lower-case hexadecimal digits of random bytes.
pub(super) fn token<const BYTES: usize>() -> Result<String> {
    Ok(hex(&random::<BYTES>()?))
}

fn random<const BYTES: usize>() -> Result<[u8; BYTES]> {
    let mut bytes = [0; BYTES];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .map_err(|error| Error::from(error).context("cannot read /dev/urandom"))?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What PostgreSQL stores of a password (RFC 5803). One round instead of the usual 4,096: rounds
/// make guessing dear, nobody guesses 128 random bits, and each connection would pay for them.
fn verifier(password: &str, salt: &[u8]) -> String {
    let salted = hmac(password.as_bytes(), &[salt, &1_u32.to_be_bytes()]);
    let stored = Sha256::digest(hmac(&salted, &[b"Client Key"]));
    let server = hmac(&salted, &[b"Server Key"]);
    format!(
        "SCRAM-SHA-256$1:{}${}:{}",
        STANDARD.encode(salt),
        STANDARD.encode(stored),
        STANDARD.encode(server)
    )
}

/// HMAC (RFC 2104) for keys of at most one block.
fn hmac(key: &[u8], message: &[&[u8]]) -> [u8; 32] {
    let pad = |with: u8| {
        let mut block = [with; 64];
        for (byte, key) in block.iter_mut().zip(key) {
            *byte ^= key;
        }
        block
    };
    let mut inner = Sha256::new();
    inner.update(pad(0x36));
    for part in message {
        inner.update(part);
    }
    let mut outer = Sha256::new();
    outer.update(pad(0x5c));
    outer.update(inner.finalize());
    outer.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_agrees_with_rfc_4231() {
        let tag = hmac(b"Jefe", &[b"what do ya want ", b"for nothing?"]);
        assert_eq!(
            hex(&tag),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn no_two_secrets_are_alike() {
        let (one, two) = (Secret::new().unwrap(), Secret::new().unwrap());
        assert_ne!(one.password, two.password);
        assert!(!one.verifier.contains(&one.password));
    }
}
