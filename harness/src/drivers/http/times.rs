//! How often a call is expected.

use std::fmt;
use std::ops::{Range, RangeFrom, RangeInclusive, RangeTo, RangeToInclusive};

/// A number of calls: `2`, `1..`, `..=3`, `1..4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    least: u64,
    most: Option<u64>,
}

impl Times {
    pub(super) fn contains(self, calls: u64) -> bool {
        calls >= self.least && self.most.is_none_or(|most| calls <= most)
    }

    pub(super) fn wants_more_than(self, calls: u64) -> bool {
        calls < self.least
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.most) {
            (_, Some(0)) => f.write_str("never"),
            (least, Some(most)) if least == most => write!(f, "exactly {}", Count(least)),
            (0, Some(most)) => write!(f, "at most {}", Count(most)),
            (least, Some(most)) => write!(f, "{least} to {}", Count(most)),
            (least, None) => write!(f, "at least {}", Count(least)),
        }
    }
}

/// `once`, `3 times`.
pub(super) struct Count(pub(super) u64);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("once"),
            count => write!(f, "{count} times"),
        }
    }
}

impl From<u64> for Times {
    fn from(calls: u64) -> Self {
        Self {
            least: calls,
            most: Some(calls),
        }
    }
}

impl From<Range<u64>> for Times {
    fn from(range: Range<u64>) -> Self {
        Self {
            least: range.start,
            most: Some(range.end.saturating_sub(1)),
        }
    }
}

impl From<RangeInclusive<u64>> for Times {
    fn from(range: RangeInclusive<u64>) -> Self {
        Self {
            least: *range.start(),
            most: Some(*range.end()),
        }
    }
}

impl From<RangeFrom<u64>> for Times {
    fn from(range: RangeFrom<u64>) -> Self {
        Self {
            least: range.start,
            most: None,
        }
    }
}

impl From<RangeTo<u64>> for Times {
    fn from(range: RangeTo<u64>) -> Self {
        Self::from(0..range.end)
    }
}

impl From<RangeToInclusive<u64>> for Times {
    fn from(range: RangeToInclusive<u64>) -> Self {
        Self::from(0..=range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::Times;

    #[test]
    fn ranges_are_said_as_people_say_them() {
        let said = |times: Times| times.to_string();
        assert_eq!(said(0.into()), "never");
        assert_eq!(said(1.into()), "exactly once");
        assert_eq!(said(2.into()), "exactly 2 times");
        assert_eq!(said((1..).into()), "at least once");
        assert_eq!(said((..=3).into()), "at most 3 times");
        assert_eq!(said((1..4).into()), "1 to 3 times");
        assert_eq!(said((1..=3).into()), "1 to 3 times");
        assert_eq!(said((..1).into()), "never");
    }

    #[test]
    fn ranges_contain_their_ends_as_rust_says() {
        assert!(Times::from(1..3).contains(2) && !Times::from(1..3).contains(3));
        assert!(Times::from(1..=3).contains(3) && !Times::from(1..=3).contains(0));
        assert!(Times::from(2..).contains(900) && !Times::from(2..).contains(1));
    }
}
