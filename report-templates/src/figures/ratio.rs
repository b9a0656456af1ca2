//! Shares of a whole, printed from integers.

use std::fmt;

use super::Uneven;

/// `part` of `whole`, both counts of the same things.
///
/// # How the percentage is printed
///
/// Half-up at one decimal, computed in integers. Two exceptions keep the text honest at the ends:
/// `100 %` is printed only when `part == whole` and `0 %` only when `part == 0`; what would round
/// there is printed as `99.9 %` and `0.1 %`. Nothing of nothing is `n/a`, never `100 %`.
///
/// ```
/// use phasegate_report::figures::Ratio;
///
/// assert_eq!(Ratio::new(18, 32)?.percent(), "56.3 %"); // 56.25: half goes up
/// assert_eq!(Ratio::new(738, 738)?.percent(), "100 %");
/// assert_eq!(Ratio::new(9_999, 10_000)?.percent(), "99.9 %");
/// assert_eq!(Ratio::new(1, 10_000)?.percent(), "0.1 %");
/// assert_eq!(Ratio::new(0, 0)?.percent(), "n/a");
/// assert_eq!(Ratio::new(621, 738)?.to_string(), "84.1 % (621/738)");
/// # Ok::<(), phasegate_report::figures::Uneven>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    part: u64,
    whole: u64,
}

impl Ratio {
    /// `part` of `whole`.
    ///
    /// # Errors
    ///
    /// When `part` is greater than `whole`.
    pub fn new(part: u64, whole: u64) -> Result<Self, Uneven> {
        if part > whole {
            return Err(Uneven::PartBeyondWhole { part, whole });
        }
        Ok(Self { part, whole })
    }

    /// The numerator.
    #[must_use]
    pub fn part(self) -> u64 {
        self.part
    }

    /// The denominator.
    #[must_use]
    pub fn whole(self) -> u64 {
        self.whole
    }

    /// In tenths of a percent, from 0 to 1000, by the rule above; `None` when the whole is nothing.
    #[must_use]
    pub fn tenths(self) -> Option<u64> {
        if self.whole == 0 {
            return None;
        }
        let (part, whole) = (u128::from(self.part), u128::from(self.whole));
        let rounded = u64::try_from((2_000 * part + whole) / (2 * whole)).unwrap_or(1_000);
        Some(match self.part {
            0 => 0,
            part if part == self.whole => 1_000,
            _ => rounded.clamp(1, 999),
        })
    }

    /// The percentage alone: `84.1 %`. Use [`Display`](fmt::Display) wherever the numerator and
    /// the denominator do not already stand beside it.
    #[must_use]
    pub fn percent(self) -> String {
        match self.tenths() {
            None => "n/a".to_owned(),
            Some(0) => "0 %".to_owned(),
            Some(1_000) => "100 %".to_owned(),
            Some(tenths) => format!("{}.{} %", tenths / 10, tenths % 10),
        }
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}/{})", self.percent(), self.part, self.whole)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn part_beyond_whole_is_refused() {
        assert!(Ratio::new(3, 2).is_err());
    }

    #[test]
    fn counts_of_any_size_are_exact() {
        let all = Ratio::new(u64::MAX, u64::MAX).unwrap();
        assert_eq!(all.percent(), "100 %");
        assert_eq!(
            Ratio::new(u64::MAX - 1, u64::MAX).unwrap().percent(),
            "99.9 %"
        );
        assert_eq!(Ratio::new(1, u64::MAX).unwrap().percent(), "0.1 %");
    }

    proptest! {
        #[test]
        fn only_all_is_hundred_and_only_none_is_zero(whole in 1u64..2_000_000, seed in any::<u64>()) {
            let part = seed % (whole + 1);
            let text = Ratio::new(part, whole).unwrap().percent();
            prop_assert_eq!(text == "100 %", part == whole);
            prop_assert_eq!(text == "0 %", part == 0);
        }

        #[test]
        fn within_rounding_distance(whole in 1u64..2_000_000, seed in any::<u64>()) {
            let part = seed % (whole + 1);
            let tenths = i128::from(Ratio::new(part, whole).unwrap().tenths().unwrap());
            let (part, whole) = (i128::from(part), i128::from(whole));
            let off = (1_000 * part - tenths * whole).abs();
            let at_an_end = (1..=999).contains(&tenths) && (tenths == 1 || tenths == 999);
            prop_assert!(2 * off <= whole || (at_an_end && off < whole));
        }

        #[test]
        fn more_passing_tests_never_print_less(whole in 1u64..5_000, a in any::<u64>(), b in any::<u64>()) {
            let (a, b) = (a % (whole + 1), b % (whole + 1));
            let (low, high) = (a.min(b), a.max(b));
            let tenths = |part| Ratio::new(part, whole).unwrap().tenths();
            prop_assert!(tenths(low) <= tenths(high));
        }
    }
}
