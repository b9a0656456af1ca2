//! What a matcher looks for, in words.

use std::any::Any;

use wiremock::Match;
use wiremock::matchers as known;

/// `path("/films/7")` for a matcher of wiremock's; the name of its type for any other. Those that
/// look at headers keep their values to themselves: secrets stand there.
pub(super) fn label<M: Match + 'static>(matcher: &M) -> String {
    let word = word(std::any::type_name::<M>());
    match values(matcher) {
        Some(said) => match said.split_once('(') {
            Some((_, values)) => format!("{word}({values}"),
            None => word,
        },
        None => word,
    }
}

/// What wiremock's own matchers print of themselves.
fn values(matcher: &dyn Any) -> Option<String> {
    macro_rules! first_of {
        ($($kind:ty),* $(,)?) => {
            $(if let Some(matcher) = matcher.downcast_ref::<$kind>() {
                return Some(format!("{matcher:?}"));
            })*
        };
    }
    first_of!(
        known::MethodExactMatcher,
        known::PathExactMatcher,
        known::PathRegexMatcher,
        known::QueryParamExactMatcher,
        known::QueryParamContainsMatcher,
        known::QueryParamIsMissingMatcher,
    );
    None
}

/// `wiremock::matchers::PathExactMatcher` → `path`; `films::api::{{closure}}` → `films::api: closure`.
fn word(type_name: &str) -> String {
    if let Some(at) = type_name.strip_suffix("::{{closure}}") {
        return format!("closure in {at}");
    }
    let name = type_name.split('<').next().unwrap_or(type_name);
    let name = name.rsplit("::").next().unwrap_or(name);
    let name = name.strip_suffix("Matcher").unwrap_or(name);
    let name = name.strip_suffix("Exact").unwrap_or(name);
    let mut word = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.extend(letter.to_lowercase());
    }
    word
}

#[cfg(test)]
mod tests {
    use wiremock::Request;
    use wiremock::matchers::{any, bearer_token, header, method, path, query_param};

    use super::label;

    #[test]
    fn matchers_are_named_as_they_are_written() {
        assert_eq!(label(&method("GET")), "method(GET)");
        assert_eq!(label(&path("/films/7")), "path(\"/films/7\")");
        assert_eq!(label(&query_param("a", "b")), "query_param(\"a\", \"b\")");
        assert_eq!(label(&any()), "any");
        let closure = label(&|_: &Request| true);
        assert!(
            closure.starts_with("closure in phasegate::drivers::http"),
            "{closure}"
        );
    }

    #[test]
    fn values_of_headers_stay_unsaid() {
        assert_eq!(label(&header("x-api-key", "s3cret")), "header");
        assert_eq!(label(&bearer_token("s3cret")), "bearer_token");
    }
}
