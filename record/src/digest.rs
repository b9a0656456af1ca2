//! SHA-256, in the one spelling that records use: 64 lower-case hexadecimal digits.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// What the first line of a file names as the digest of the line before it.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// SHA-256 of `bytes`, hexadecimal.
///
/// ```
/// use phasegate_record::digest::sha256_hex;
/// assert!(sha256_hex(b"abc").starts_with("ba7816bf8f01cfea"));
/// ```
#[must_use]
pub fn sha256_hex(bytes: impl AsRef<[u8]>) -> String {
    hex(&Sha256::digest(bytes.as_ref()))
}

/// SHA-256 of everything that `reader` yields, hexadecimal, and its length in bytes.
///
/// # Errors
/// The reader's own.
pub fn sha256_hex_of(mut reader: impl Read) -> io::Result<(String, u64)> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    let mut length = 0;
    loop {
        let read = match reader.read(&mut buffer) {
            Ok(0) => return Ok((hex(&hasher.finalize()), length)),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hasher.update(&buffer[..read]);
        length += read as u64;
    }
}

/// Whether `text` is spelled like a digest: 64 lower-case hexadecimal digits.
#[must_use]
pub fn is_sha256_hex(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len());
    for &byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha256_agrees_with_the_published_vectors() {
        // FIPS 180-4 examples: "abc" and the empty message.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256_hex("abc"), abc);
        assert_eq!(sha256_hex_of(&b""[..]).unwrap(), (empty.to_owned(), 0));
        assert!(is_sha256_hex(abc) && is_sha256_hex(GENESIS));
        assert!(!is_sha256_hex(&abc.to_uppercase()) && !is_sha256_hex("../x"));
    }
}
