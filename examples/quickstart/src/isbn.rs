//! The number that names a book.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// An ISBN-13 with a right check digit (ISO 2108); hyphens are dropped.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Isbn(String);

impl Isbn {
    /// Its thirteen digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Isbn {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let digits: String = text.chars().filter(|c| *c != '-').collect();
        let all_digits = digits.len() == 13 && digits.bytes().all(|b| b.is_ascii_digit());
        if !all_digits || !weighted_sum(&digits).is_multiple_of(10) {
            return Err(Error::NoIsbn(text.to_owned()));
        }
        Ok(Self(digits))
    }
}

/// Digits at even places count once, at odd places three times.
fn weighted_sum(digits: &str) -> u32 {
    digits
        .bytes()
        .zip([1, 3].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum()
}

impl fmt::Display for Isbn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
