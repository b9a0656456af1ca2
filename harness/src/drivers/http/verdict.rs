//! What the end of a test says of the calls.

use wiremock::Request;

use super::call::{Answered, Call};
use super::stage::Mounted;
use super::times::Count;

/// Calls that a sentence names.
const NAMED: usize = 5;

/// Mocks whose expectations are not met: what was expected, what came, the closest call.
pub(super) fn unmet(mounted: &[Mounted], calls: &[Call]) -> Vec<String> {
    let unmet = mounted.iter().filter_map(|m| {
        let expected = m.mock.expected?;
        (!expected.contains(m.answered)).then_some((m, expected))
    });
    unmet
        .map(|(m, expected)| {
            let said = format!(
                "the mock {} was to be called {expected} and was called {}",
                m.mock.description(),
                Count(m.answered),
            );
            match closest_call(m, calls).filter(|_| expected.wants_more_than(m.answered)) {
                Some(closest) => format!("{said}; {closest}"),
                None => said,
            }
        })
        .collect()
}

/// The call that meets most of a mock's conditions without meeting all.
fn closest_call(mounted: &Mounted, calls: &[Call]) -> Option<String> {
    if calls.is_empty() {
        return Some("nothing was called at all".to_owned());
    }
    let mock = &mounted.mock;
    let near = calls.iter().filter_map(|call| {
        let refusals = mock.refusals(&call.request);
        (!refusals.is_empty() && refusals.len() < mock.conditions()).then_some((call, refusals))
    });
    let (call, refusals) = near.min_by_key(|(_, refusals)| refusals.len())?;
    Some(format!(
        "the closest call was {call}, which is not {}",
        refusals.join(" ")
    ))
}

/// Calls that no mock answered.
pub(super) fn unmatched(calls: &[Call]) -> Option<String> {
    let unmatched: Vec<String> = calls
        .iter()
        .filter_map(|call| match &call.answered {
            Answered::Nobody(closest) => Some(format!("{call} ({closest})")),
            Answered::Mock(_) | Answered::Wiremock => None,
        })
        .collect();
    if unmatched.is_empty() {
        return None;
    }
    let more = match unmatched.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!(
        "no mock answered {}{more}; mount one, or write `.allow_unmatched()` where the API is declared",
        unmatched[..unmatched.len().min(NAMED)].join(", ")
    ))
}

/// Which mock came closest to a call that none answers.
pub(super) fn closest_mock(mounted: &[Mounted], request: &Request) -> String {
    if mounted.is_empty() {
        return "nothing is mounted".to_owned();
    }
    let near = mounted.iter().map(|m| (m, m.mock.refusals(request)));
    let near = near.filter(|(m, refusals)| refusals.len() < m.mock.conditions());
    match near.min_by_key(|(_, refusals)| refusals.len()) {
        None => "no mock is like it".to_owned(),
        Some((m, refusals)) if refusals.is_empty() => format!(
            "the mock {} answers no more than {} calls",
            m.mock.description(),
            m.answered
        ),
        Some((m, refusals)) => format!(
            "closest is the mock {}, but it is not {}",
            m.mock.description(),
            refusals.join(" ")
        ),
    }
}
