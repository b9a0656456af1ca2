//! The rounding rule for a printed percentage.

use super::decimal::{Decimal, divide, pow10};

/// How a printed percentage relates to the fraction that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// Right under round-half-up (a tie may also be printed down).
    Rounded,
    /// Right only if the digits after the last printed one were cut off.
    Floor,
    /// Right only if every fraction was rounded up.
    Ceiling,
    /// Wrong under every rounding.
    Wrong,
}

/// Judges `percent` as the share of `part` in `whole`.
///
/// With `P` the printed digits as an integer and `d` its decimals, the percentage is right iff
/// `2·|100·part·10^d − P·whole| ≤ whole`. `100 %` with `part < whole` and `0 %` with `part > 0`
/// are wrong whatever the rounding. `whole` must be positive.
pub(crate) fn fit(part: Decimal, whole: Decimal, percent: Decimal) -> Fit {
    let scale = part.decimals.max(whole.decimals);
    let (k, n) = (part.at(scale), whole.at(scale));
    let distance = 100 * k * pow10(percent.decimals) - percent.mantissa * n;
    let claims_all = percent == Decimal::whole(100) && k < n;
    let claims_none = percent.is_zero() && k > 0;
    if claims_all || claims_none {
        return Fit::Wrong;
    }
    if 2 * distance.abs() <= n {
        Fit::Rounded
    } else if distance >= 0 && distance < n {
        Fit::Floor
    } else if distance < 0 && -distance < n {
        Fit::Ceiling
    } else {
        Fit::Wrong
    }
}

/// The percentage that should be printed with as many decimals as `percent` has, more where
/// fewer would claim all or none.
pub(crate) fn expected(part: Decimal, whole: Decimal, percent: Decimal) -> Decimal {
    let hundredfold = Decimal {
        mantissa: part.mantissa * 100,
        ..part
    };
    let mut decimals = percent.decimals;
    loop {
        let value = divide(hundredfold, whole, decimals);
        let lies = (value == Decimal::whole(100) && part < whole)
            || (value.is_zero() && part > Decimal::ZERO);
        if !lies || decimals >= 6 {
            return value;
        }
        decimals += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(mantissa: i128, decimals: u32) -> Decimal {
        Decimal { mantissa, decimals }
    }
    fn of(k: i128, n: i128, percent: Decimal) -> Fit {
        fit(Decimal::whole(k), Decimal::whole(n), percent)
    }

    #[test]
    fn a_tie_may_be_printed_either_way() {
        assert_eq!(of(18, 32, decimal(563, 1)), Fit::Rounded);
        assert_eq!(of(18, 32, decimal(562, 1)), Fit::Rounded);
        assert_eq!(of(18, 32, decimal(564, 1)), Fit::Wrong);
    }

    #[test]
    fn all_and_none_are_never_approximate() {
        assert_eq!(of(999, 1000, decimal(100, 0)), Fit::Wrong);
        assert_eq!(of(1, 1000, decimal(0, 0)), Fit::Wrong);
        assert_eq!(of(0, 1000, decimal(0, 0)), Fit::Rounded);
        assert_eq!(
            expected(Decimal::whole(999), Decimal::whole(1000), decimal(100, 0)).to_string(),
            "99.9"
        );
    }

    #[test]
    fn truncation_is_told_from_error() {
        assert_eq!(of(2, 3, decimal(66, 0)), Fit::Floor);
        assert_eq!(of(1, 3, decimal(34, 0)), Fit::Ceiling);
        assert_eq!(of(2, 3, decimal(65, 0)), Fit::Wrong);
    }
}
