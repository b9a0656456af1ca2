//! The part of the tests that this process is to run.

use phasegate_record::event::{Disposition, Shard};

use crate::registry::collect::Registered;

/// Deals the tests that are to run round the shards, in the order of their names. Every shard
/// computes the same hands from the same binary; durations are left out of it, because shards that
/// remember different runs would leave tests to nobody.
pub(crate) fn assign(tests: &mut [Registered], mine: Shard) {
    let running = tests
        .iter_mut()
        .filter(|t| t.facts.disposition == Disposition::Run);
    for (place, test) in running.enumerate() {
        if place % mine.total as usize + 1 != mine.index as usize {
            test.facts.disposition = Disposition::OtherShard;
        }
    }
}

/// A shard as the command line writes it: `2/5`.
pub(crate) fn parse(text: &str) -> Result<Shard, String> {
    let refuse =
        || format!("`{text}` is no shard; write the shard and their number, such as `2/5`");
    let (index, total) = text.split_once('/').ok_or_else(refuse)?;
    let (index, total) = (
        index.parse().map_err(|_| refuse())?,
        total.parse().map_err(|_| refuse())?,
    );
    checked(index, total).ok_or_else(refuse)
}

fn checked(index: u32, total: u32) -> Option<Shard> {
    (index >= 1 && index <= total).then_some(Shard { index, total })
}

/// Continuous-integration systems and how they name a shard: index, total, number of the first.
const SYSTEMS: [(&str, &str, u32); 4] = [
    ("TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", 0),
    ("CI_NODE_INDEX", "CI_NODE_TOTAL", 1),
    ("CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0),
    ("BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0),
];

/// The shard that the environment asks for. A half-set or impossible pair is an error: a run that
/// silently takes all tests, or none, would look like a good one.
pub(crate) fn from_environment(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<Shard>, String> {
    for (index_name, total_name, first) in SYSTEMS {
        let (index, total) = match (variable(index_name), variable(total_name)) {
            (Some(index), Some(total)) => (index, total),
            (None, None) => continue,
            // GitLab sets the total to 1 without an index in jobs that are not parallel.
            (None, Some(total)) if total == "1" => continue,
            (Some(_), None) => return Err(half(index_name, total_name)),
            (None, Some(_)) => return Err(half(total_name, index_name)),
        };
        let read = |name: &str, text: &str| {
            text.parse::<u32>()
                .map_err(|_| format!("{name}={text} is no number; unset it, or set it to one"))
        };
        let (index, total) = (read(index_name, &index)?, read(total_name, &total)?);
        let shard = index
            .checked_sub(first)
            .and_then(|i| checked(i.saturating_add(1), total));
        return shard.map(Some).ok_or_else(|| {
            format!("{index_name}={index} with {total_name}={total} is no shard; of {total} shards the first is {first}")
        });
    }
    Ok(None)
}

fn half(set: &str, unset: &str) -> String {
    format!("{set} is set but {unset} is not; set both, or neither, or pass `--shard i/n`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment<'a>(pairs: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| {
            pairs
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| (*v).to_owned())
        }
    }

    #[test]
    fn each_system_counts_in_its_own_way() {
        let bazel = from_environment(environment(&[
            ("TEST_SHARD_INDEX", "0"),
            ("TEST_TOTAL_SHARDS", "3"),
        ]));
        assert_eq!(bazel, Ok(Some(Shard { index: 1, total: 3 })));
        let gitlab = from_environment(environment(&[
            ("CI_NODE_INDEX", "3"),
            ("CI_NODE_TOTAL", "3"),
        ]));
        assert_eq!(gitlab, Ok(Some(Shard { index: 3, total: 3 })));
        assert_eq!(
            from_environment(environment(&[("CI_NODE_TOTAL", "1")])),
            Ok(None)
        );
        assert_eq!(from_environment(environment(&[])), Ok(None));
    }

    #[test]
    fn half_set_or_impossible_pairs_are_errors() {
        for pairs in [
            &[("TEST_SHARD_INDEX", "0")][..],
            &[("TEST_TOTAL_SHARDS", "3")],
            &[("CI_NODE_INDEX", "0"), ("CI_NODE_TOTAL", "3")],
            &[("CIRCLE_NODE_INDEX", "3"), ("CIRCLE_NODE_TOTAL", "3")],
            &[
                ("BUILDKITE_PARALLEL_JOB", "x"),
                ("BUILDKITE_PARALLEL_JOB_COUNT", "3"),
            ],
        ] {
            assert!(from_environment(environment(pairs)).is_err(), "{pairs:?}");
        }
        for text in ["", "1", "0/3", "4/3", "a/b", "1/0"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
