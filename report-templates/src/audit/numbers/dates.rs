//! Dates and times, which are not quantities.

use super::words::is_any;

const MONTHS: &[&str] = &[
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

pub(super) fn is_month(word: &str) -> bool {
    is_any(word, MONTHS)
}

/// Length of the digits at the start of `text`.
pub(super) fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Length of a date or clock time at the start of `text`: `2025-01-21`, `2025-01-21T10:00Z`,
/// `09/30/25`, `21.01.2025`, `21:05`, `21:05:59`.
pub(super) fn date_at(text: &str) -> Option<usize> {
    calendar(text).or_else(|| clock(text))
}

fn calendar(text: &str) -> Option<usize> {
    let (first, separator, second, third) = triple(text)?;
    let end = first + second + third + 2;
    let year_first = first == 4 && second <= 2 && third <= 2;
    let year_last = first <= 2 && second <= 2 && matches!(third, 2 | 4) && separator != b'-';
    let day_month = separator == b'.' && third != 4;
    if !(year_first || year_last && !day_month) {
        return None;
    }
    let rest = &text[end..];
    let time = rest.strip_prefix('T').and_then(clock).map_or(0, |length| {
        let zone = usize::from(rest[1 + length..].starts_with('Z'));
        1 + length + zone
    });
    (!text[end + time..].starts_with(|c: char| c.is_alphanumeric())).then_some(end + time)
}

fn triple(text: &str) -> Option<(usize, u8, usize, usize)> {
    let first = digits(text);
    let separator = *text.as_bytes().get(first)?;
    if first == 0 || !b"-/.".contains(&separator) {
        return None;
    }
    let second = digits(&text[first + 1..]);
    let at = first + 1 + second;
    if second == 0 || text.as_bytes().get(at) != Some(&separator) {
        return None;
    }
    let third = digits(&text[at + 1..]);
    (third > 0).then_some((first, separator, second, third))
}

fn clock(text: &str) -> Option<usize> {
    let hours = digits(text);
    if !(1..=2).contains(&hours) || text.as_bytes().get(hours) != Some(&b':') {
        return None;
    }
    if digits(&text[hours + 1..]) != 2 {
        return None;
    }
    let minutes = hours + 3;
    let seconds = text[minutes..].starts_with(':') && digits(&text[minutes + 1..]) == 2;
    let mut end = if seconds { minutes + 3 } else { minutes };
    if seconds && text[end..].starts_with('.') {
        end += 1 + digits(&text[end + 1..]);
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::date_at;

    #[test]
    fn dates_and_times_are_measured() {
        assert_eq!(date_at("2025-01-21, then"), Some(10));
        assert_eq!(date_at("2025-01-21T10:00:00Z"), Some(20));
        assert_eq!(date_at("09/30/25"), Some(8));
        assert_eq!(date_at("21:05 UTC"), Some(5));
    }

    #[test]
    fn ratios_and_versions_are_not_dates() {
        assert_eq!(date_at("12/20 (64%)"), None);
        assert_eq!(date_at("1.2.3"), None);
        assert_eq!(date_at("300/400/500"), None);
    }
}
