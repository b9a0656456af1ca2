//! Passwords.

use std::fs::File;
use std::io::Read;

use crate::terms::{Error, Result};

/// 128 random bits from the operating system, in hexadecimal digits: fit for URLs, names and
/// configuration files.
pub(super) fn secret() -> Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .map_err(|error| {
            Error::from(error).context("cannot make a password: /dev/urandom cannot be read")
        })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
