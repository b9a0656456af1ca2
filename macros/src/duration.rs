//! Durations as people write them: `500ms`, `5s`, `1m 30s`, `2h`.

const UNITS: &[(&str, u64)] = &[("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

/// Milliseconds, or what is wrong and what to write instead.
pub(crate) fn milliseconds(text: &str) -> Result<u64, String> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err("a duration must not be empty: write a number and a unit, as in `5s`".into());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (amount, after) = amount(rest, text)?;
        let (unit, after) = unit(after, text)?;
        total = amount
            .checked_mul(unit)
            .and_then(|part| total.checked_add(part))
            .ok_or_else(|| format!("`{text}` is longer than can be counted"))?;
        rest = after.trim_start();
    }
    if total == 0 {
        return Err(format!(
            "`{text}` is no time at all: give it some, as in `5s`, or leave it out"
        ));
    }
    Ok(total)
}

fn amount<'a>(rest: &'a str, whole: &str) -> Result<(u64, &'a str), String> {
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (digits, after) = rest.split_at(end);
    if digits.is_empty() {
        return Err(format!(
            "expected a number at `{rest}` in `{whole}`: write numbers and units, as in `1m 30s`"
        ));
    }
    if after.starts_with(['.', ',']) {
        return Err(format!(
            "`{whole}` is not in whole numbers: write smaller units, as in `1s 500ms`"
        ));
    }
    let amount = digits
        .parse()
        .map_err(|_| format!("`{whole}` is longer than can be counted"))?;
    Ok((amount, after.trim_start()))
}

fn unit<'a>(rest: &'a str, whole: &str) -> Result<(u64, &'a str), String> {
    let end = rest
        .find(|c: char| c.is_whitespace() || c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    if word.is_empty() {
        return Err(format!(
            "`{whole}` has a number without a unit: write `ms`, `s`, `m` or `h` after it, as in `5s`"
        ));
    }
    UNITS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, milliseconds)| (*milliseconds, after))
        .ok_or_else(|| {
            format!("unknown unit `{word}` in `{whole}`: write `ms`, `s`, `m` or `h`, as in `5s`")
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::milliseconds;

    #[test]
    fn adds_up_its_parts() {
        for (text, expected) in [
            ("1ms", 1),
            ("500ms", 500),
            ("5s", 5_000),
            (" 5 s ", 5_000),
            ("1m 30s", 90_000),
            ("1m30s", 90_000),
            ("2h", 7_200_000),
            ("1h 0m 1ms", 3_600_001),
        ] {
            assert_eq!(milliseconds(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn says_what_to_write_instead() {
        for (text, said) in [
            ("", "must not be empty"),
            ("  ", "must not be empty"),
            ("5", "without a unit"),
            ("1m 30", "without a unit"),
            ("5 sec", "unknown unit `sec`"),
            ("5S", "unknown unit `S`"),
            ("1.5s", "as in `1s 500ms`"),
            ("soon", "expected a number at `soon`"),
            ("-5s", "expected a number"),
            ("0s", "no time at all"),
            ("0h 0ms", "no time at all"),
            ("99999999999999999999s", "longer than can be counted"),
            ("9999999999999999999h", "longer than can be counted"),
        ] {
            let message = milliseconds(text).unwrap_err();
            assert!(message.contains(said), "{text}: {message}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_what_is_meant(
            h in 0u64..100, m in 0u64..100, s in 0u64..100, ms in 1u64..2_000, gap in " {0,2}",
        ) {
            let text = format!("{h}h{gap}{m}m{gap}{s}{gap}s{gap}{ms}ms");
            let expected = ((h * 60 + m) * 60 + s) * 1_000 + ms;
            prop_assert_eq!(milliseconds(&text), Ok(expected));
        }

        #[test]
        fn no_text_is_too_odd(text in "([0-9]{0,21}|ms|[smh.é -])*") {
            if let Ok(milliseconds) = milliseconds(&text) {
                prop_assert!(milliseconds > 0);
            }
        }
    }
}
