//! "Did you mean …?"

/// The known name that a mistyped one most likely meant: at most a third of its letters differ, and
/// never all of them, so that `A` is no slip for `B`.
pub(crate) fn nearest<'a>(
    typed: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let letters = typed.chars().count();
    let allowed = (letters / 3 + 1).min(letters.saturating_sub(1));
    known
        .into_iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&typed.to_lowercase(), &name.to_lowercase()),
                name,
            )
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_a_slip_of_the_fingers_but_nothing_far_away() {
        let known = ["database", "cache", "auth"];
        assert_eq!(nearest("databse", known), Some("database"));
        assert_eq!(nearest("Cahce", known), Some("cache"));
        assert_eq!(nearest("files", known), None);
        assert_eq!(nearest("B", ["A"]), None);
        assert_eq!(nearest("a", ["A"]), Some("A"));
    }
}
