//! The number itself: digits, decimals, range, unit.

use super::dates::digits;
use super::decimal::{Decimal, MAX_DECIMALS, MAX_INTEGER_DIGITS};
use super::token::{Measure, SkipReason, Unit};

pub(super) enum Literal {
    Number {
        /// Bytes of the whole literal, unit included.
        length: usize,
        /// Bytes of the first number's digits.
        digits: usize,
        value: Decimal,
        upper: Option<Decimal>,
        unit: Unit,
        /// `85%+`, `60+`.
        open: bool,
    },
    Skip {
        length: usize,
        reason: SkipReason,
    },
}

/// Reads the literal at the start of `text`, which begins with a digit.
pub(super) fn literal_at(text: &str) -> Literal {
    let Some((value, first)) = plain(text) else {
        return skip_run(text, SkipReason::TooLong);
    };
    let rest = &text[first..];
    if rest.starts_with('.') && digits(&rest[1..]) > 0 {
        return skip_run(text, SkipReason::Version);
    }
    if rest.starts_with(',') && digits(&rest[1..]) > 0 {
        // `2,20,000` or `1,2,3`: no number that is read here.
        return skip_run(text, SkipReason::Identifier);
    }
    if text.starts_with('0') && digits(text) > 1 {
        return skip_run(text, SkipReason::Identifier);
    }
    let (upper, length) = match range_end(rest) {
        Some((upper, more)) if upper > value => (Some(upper), first + more),
        Some(_) => return skip_run(text, SkipReason::Identifier),
        None => (None, first),
    };
    finish(text, value, first, upper, length)
}

fn finish(
    text: &str,
    value: Decimal,
    first: usize,
    upper: Option<Decimal>,
    mut length: usize,
) -> Literal {
    let rest = &text[length..];
    let latin = rest.starts_with(|c: char| is_latin(c) || c == '_');
    let compound = rest.starts_with('-') && rest[1..].starts_with(char::is_alphanumeric);
    let unit = if rest.starts_with('%') {
        length += 1;
        Unit::Percent
    } else if rest.starts_with(" %") {
        length += 2;
        Unit::Percent
    } else if let Some((attached, more)) = attached_unit(rest) {
        length += more;
        attached
    } else if latin || compound {
        return skip_run(text, SkipReason::Identifier);
    } else {
        spelled_unit(rest)
    };
    let rest = &text[length..];
    let open = rest.starts_with('+') && digits(&rest[1..]) == 0;
    let length = length + usize::from(open);
    Literal::Number {
        length,
        digits: first,
        value,
        upper,
        unit: if open {
            reread(unit, &text[length..])
        } else {
            unit
        },
        open,
    }
}

/// Letters that continue an identifier; counters of other scripts stand directly after a number.
fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || ('\u{80}'..'\u{250}').contains(&c) && c.is_alphabetic()
        || matches!(c, 'µ' | 'μ')
}

fn reread(unit: Unit, rest: &str) -> Unit {
    if unit == Unit::Count {
        spelled_unit(rest)
    } else {
        unit
    }
}

/// Digits with thousands separators and decimals.
fn plain(text: &str) -> Option<(Decimal, usize)> {
    let mut end = digits(text);
    if end <= 3 {
        while text[end..].starts_with(',') && digits(&text[end + 1..]) == 3 {
            end += 4;
        }
    }
    let whole = text[..end].bytes().filter(u8::is_ascii_digit);
    let mut mantissa: i128 = 0;
    if whole.clone().count() > MAX_INTEGER_DIGITS {
        return None;
    }
    for digit in whole {
        mantissa = mantissa * 10 + i128::from(digit - b'0');
    }
    let mut decimals = 0;
    if text[end..].starts_with('.') {
        let part = digits(&text[end + 1..]);
        if part > MAX_DECIMALS {
            return None;
        }
        for digit in text[end + 1..end + 1 + part].bytes() {
            mantissa = mantissa * 10 + i128::from(digit - b'0');
        }
        if part > 0 {
            decimals = part as u32;
            end += 1 + part;
        }
    }
    Some((Decimal { mantissa, decimals }, end))
}

/// The upper end of a range and the bytes up to it.
fn range_end(rest: &str) -> Option<(Decimal, usize)> {
    let percent = usize::from(rest.starts_with('%'));
    let after = &rest[percent..];
    let dash = ["-", "–", "—"]
        .iter()
        .find(|dash| after.starts_with(**dash))?;
    let at = percent + dash.len();
    if digits(&rest[at..]) == 0 {
        return None;
    }
    let (upper, length) = plain(&rest[at..])?;
    let end = at + length;
    if percent == 1 && !rest[end..].starts_with('%') {
        return None;
    }
    let chained = rest[end..].starts_with('-') && digits(&rest[end + 1..]) > 0;
    Some((if chained { Decimal::whole(-1) } else { upper }, end))
}

fn attached_unit(rest: &str) -> Option<(Unit, usize)> {
    let length = rest
        .chars()
        .take_while(|c| is_latin(*c) || *c == '_' || *c == '×')
        .map(char::len_utf8)
        .sum();
    let word: &str = &rest[..length];
    if word.is_empty()
        || rest[length..].starts_with(['-', '.'])
            && rest[length + 1..].starts_with(char::is_alphanumeric)
    {
        return None;
    }
    let unit = match word {
        "x" | "X" | "×" => Unit::Factor,
        "pp" | "pts" => Unit::Points,
        "K" | "k" => Unit::Measured(Measure::Thousands),
        "M" => Unit::Measured(Measure::Millions),
        _ => Unit::Measured(measure(word)?),
    };
    Some((unit, length))
}

fn spelled_unit(rest: &str) -> Unit {
    let Some(next) = rest.strip_prefix(' ') else {
        return Unit::Count;
    };
    let word = next
        .split(|c: char| !c.is_alphabetic() && c != '-')
        .next()
        .unwrap_or_default();
    match word.to_ascii_lowercase().as_str() {
        "percent" => Unit::Percent,
        "pp" => Unit::Points,
        "percentage" => Unit::Points,
        "s" | "m" | "h" | "d" | "" => Unit::Count,
        "x" => Unit::Count,
        lower => measure(lower)
            .or_else(|| measure(word))
            .map_or(Unit::Count, Unit::Measured),
    }
}

fn measure(word: &str) -> Option<Measure> {
    Some(match word {
        "ns" | "nanoseconds" => Measure::Nanoseconds,
        "µs" | "μs" | "us" | "microseconds" => Measure::Microseconds,
        "ms" | "msec" | "millisecond" | "milliseconds" => Measure::Milliseconds,
        "s" | "sec" | "secs" | "second" | "seconds" => Measure::Seconds,
        "m" | "min" | "mins" | "minute" | "minutes" => Measure::Minutes,
        "h" | "hr" | "hrs" | "hour" | "hours" => Measure::Hours,
        "d" | "day" | "days" => Measure::Days,
        "w" | "week" | "weeks" => Measure::Weeks,
        "B" | "bytes" => Measure::Bytes,
        "KB" | "kB" | "KiB" | "kb" => Measure::Kilobytes,
        "MB" | "MiB" | "mb" => Measure::Megabytes,
        "GB" | "GiB" | "gb" => Measure::Gigabytes,
        _ => return None,
    })
}

/// Everything up to the next space or bracket is one name.
fn skip_run(text: &str, reason: SkipReason) -> Literal {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | ',');
    let length: usize = text
        .chars()
        .take_while(|c| inside(*c))
        .map(char::len_utf8)
        .sum();
    let length = text[..length].trim_end_matches(['.', '-', ':', ',']).len();
    let ordinal = text[digits(text)..length].to_ascii_lowercase();
    let reason = match ordinal.as_str() {
        "st" | "nd" | "rd" | "th" => SkipReason::Label,
        _ => reason,
    };
    Literal::Skip { length, reason }
}
