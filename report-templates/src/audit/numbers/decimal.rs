//! Exact decimal numbers as they are printed: an integer and a count of decimals.

use std::cmp::Ordering;
use std::fmt;

/// Digits before the decimal point that are still read.
pub(crate) const MAX_INTEGER_DIGITS: usize = 12;
/// Digits after the decimal point that are still read.
pub(crate) const MAX_DECIMALS: usize = 4;

/// A printed number: `mantissa · 10^-decimals`. The bounds above keep every product of two of
/// them, times one hundred, inside an `i128`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decimal {
    pub(crate) mantissa: i128,
    pub(crate) decimals: u32,
}

impl Decimal {
    pub(crate) const ZERO: Self = Self::whole(0);

    pub(crate) const fn whole(value: i128) -> Self {
        Self {
            mantissa: value,
            decimals: 0,
        }
    }

    /// The mantissa when the number is written with `decimals` decimals (at least its own).
    pub(crate) fn at(self, decimals: u32) -> i128 {
        self.mantissa * pow10(decimals.saturating_sub(self.decimals))
    }

    pub(crate) fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    pub(crate) fn is_whole(self) -> bool {
        self.mantissa % pow10(self.decimals) == 0
    }

    /// The integer value, when there is one.
    pub(crate) fn integer(self) -> Option<i128> {
        self.is_whole()
            .then(|| self.mantissa / pow10(self.decimals))
    }

    pub(crate) fn add(self, other: Self) -> Self {
        let decimals = self.decimals.max(other.decimals);
        Self {
            mantissa: self.at(decimals) + other.at(decimals),
            decimals,
        }
    }

    pub(crate) fn sub(self, other: Self) -> Self {
        self.add(Self {
            mantissa: -other.mantissa,
            ..other
        })
    }

    pub(crate) fn abs(self) -> Self {
        Self {
            mantissa: self.mantissa.abs(),
            ..self
        }
    }

    pub(crate) fn neg(self) -> Self {
        Self {
            mantissa: -self.mantissa,
            ..self
        }
    }

    /// One unit in the last printed place.
    pub(crate) fn ulp(self) -> Self {
        Self {
            mantissa: 1,
            decimals: self.decimals,
        }
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Decimal {}
impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let decimals = self.decimals.max(other.decimals);
        self.at(decimals).cmp(&other.at(decimals))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let unit = pow10(self.decimals);
        let (whole, part) = (self.mantissa.abs() / unit, self.mantissa.abs() % unit);
        if self.decimals == 0 {
            return write!(f, "{sign}{whole}");
        }
        write!(
            f,
            "{sign}{whole}.{part:0width$}",
            width = self.decimals as usize
        )
    }
}

pub(crate) fn pow10(exponent: u32) -> i128 {
    10i128.pow(exponent)
}

/// `numerator / denominator` rounded half up to `decimals` decimals.
///
/// The denominator must not be zero.
pub(crate) fn divide(numerator: Decimal, denominator: Decimal, decimals: u32) -> Decimal {
    let scale = numerator.decimals.max(denominator.decimals);
    let (n, d) = (numerator.at(scale) * pow10(decimals), denominator.at(scale));
    let (n, d) = if d < 0 { (-n, -d) } else { (n, d) };
    let mantissa = (2 * n + d).div_euclid(2 * d);
    Decimal { mantissa, decimals }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_rounds_half_up() {
        let percent = divide(Decimal::whole(1800), Decimal::whole(32), 1);
        assert_eq!(percent.to_string(), "56.3");
        assert_eq!(
            divide(Decimal::whole(-1), Decimal::whole(2), 0).to_string(),
            "0"
        );
    }

    #[test]
    fn decimals_compare_by_value() {
        let half = Decimal {
            mantissa: 50,
            decimals: 2,
        };
        assert_eq!(
            half,
            Decimal {
                mantissa: 5,
                decimals: 1
            }
        );
        assert_eq!(half.add(Decimal::whole(1)).to_string(), "1.50");
        assert_eq!(half.sub(Decimal::whole(1)).to_string(), "-0.50");
    }
}
