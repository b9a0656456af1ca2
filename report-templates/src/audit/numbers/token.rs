//! What the lexer hands to the judges.

use super::decimal::Decimal;
use super::marks::Mark;
use std::ops::Range;

/// One token of a passage; `at` is its byte range in the passage's flattened text.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) at: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Index into the document's numbers.
    Number(usize),
    Word,
    /// Punctuation; every dash is `-`, every arrow `→`.
    Symbol(char),
    /// A tick, a cross or another status sign.
    Mark(Mark),
    /// A path, identifier, URL or other opaque text.
    Name,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    None,
    Plus,
    Minus,
}

/// Whether the author says that the number is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    Exact,
    About,
    AtLeast,
    AtMost,
}

/// What the number is counted in, as far as the number itself says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Count,
    Percent,
    /// Percentage points.
    Points,
    /// `3x`, `3×`: a factor.
    Factor,
    /// A physical unit (time, bytes, money): values are measured, so rounded.
    Measured(Measure),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    Nanoseconds,
    Microseconds,
    Milliseconds,
    Seconds,
    Minutes,
    Hours,
    Days,
    Weeks,
    Bytes,
    Kilobytes,
    Megabytes,
    Gigabytes,
    Money,
    Thousands,
    Millions,
}

/// Why a number takes no part in the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SkipReason {
    Date,
    Version,
    Label,
    Identifier,
    Path,
    Code,
    Struck,
    TooLong,
}

impl SkipReason {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Date => "date or time",
            Self::Version => "version",
            Self::Label => "label or ordinal",
            Self::Identifier => "identifier",
            Self::Path => "path or address",
            Self::Code => "code",
            Self::Struck => "struck out",
            Self::TooLong => "too many digits",
        }
    }
}

/// A number of the document (a range such as `85-88%` counts as one).
#[derive(Clone, Debug)]
pub(crate) struct Number {
    /// Byte range of the digits in the source, without sign and unit.
    pub(crate) source: Range<usize>,
    pub(crate) value: Decimal,
    /// The upper end, for a range.
    pub(crate) upper: Option<Decimal>,
    pub(crate) sign: Sign,
    pub(crate) bound: Bound,
    pub(crate) unit: Unit,
}

impl Number {
    pub(crate) fn is_count(&self) -> bool {
        self.unit == Unit::Count && self.upper.is_none()
    }

    /// A plain non-negative integer without a sign.
    pub(crate) fn is_plain_count(&self) -> bool {
        self.is_count() && self.value.is_whole() && self.sign == Sign::None
    }

    pub(crate) fn is_percent(&self) -> bool {
        self.unit == Unit::Percent && self.upper.is_none()
    }

    pub(crate) fn is_exact(&self) -> bool {
        self.bound == Bound::Exact && self.upper.is_none()
    }

    /// The value with its sign.
    pub(crate) fn signed(&self) -> Decimal {
        if self.sign == Sign::Minus {
            self.value.neg()
        } else {
            self.value
        }
    }
}
