//! Numbers, lists and plurals in English.

use phasegate_record::project::Percent;

/// `1 test`, `2 tests`.
#[must_use]
pub fn count(n: u64, noun: &str) -> String {
    match n {
        1 => format!("1 {noun}"),
        n => format!("{n} {}", plural(noun)),
    }
}

/// `1 test passes`, `2 tests pass`: the verb's form for one and for many.
#[must_use]
pub fn verb<'v>(n: u64, one: &'v str, many: &'v str) -> &'v str {
    if n == 1 { one } else { many }
}

fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if noun.ends_with("criterion") => noun.replace("criterion", "criteria"),
        _ => format!("{noun}s"),
    }
}

/// `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [head @ .., last] => {
            let head: Vec<&str> = head.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", head.join(", "), last.as_ref())
        }
    }
}

/// Upper-case first letter.
#[must_use]
pub fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}

/// `85 %`: as percentages are printed in reports.
#[must_use]
pub fn percent(percent: Percent) -> String {
    percent.to_string().replace('%', " %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english() {
        assert_eq!(count(1, "gate criterion"), "1 gate criterion");
        assert_eq!(count(2, "gate criterion"), "2 gate criteria");
        assert_eq!(count(0, "boundary"), "0 boundaries");
        assert_eq!(count(3, "retry"), "3 retries");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(sentence("émile"), "Émile");
        assert_eq!(percent("99.5%".parse().unwrap()), "99.5 %");
    }
}
