use std::path::Path;

use super::*;

fn read(text: &str) -> Result<Config, ConfigError> {
    decode(
        &Source {
            path: Path::new("phasegate.toml"),
            text,
        },
        ".".into(),
    )
}

fn refusal(text: &str) -> String {
    read(text).expect_err(text).to_string()
}

#[test]
fn every_key_is_optional() {
    let config = read("").unwrap();
    assert_eq!(
        (config.retries, config.timeout, config.project.progressive),
        (0, None, false)
    );
}

#[test]
fn reads_phases_criteria_boundaries_and_policies() {
    let config = read(
        r#"
        [project]
        name = "media"
        [[phase]]
        id = "B"
        after = ["A"]
        target_pass_rate = "85%"
        [[phase.criterion]]
        id = "B-1"
        title = "enough"
        metric = "passing_tests"
        scope = "boundary(cache)"
        each = "boundary"
        at_least = 5
        [[phase]]
        id = "A"
        allow_fallback = true
        [boundary.cache]
        title = "Redis"
        depends_on = ["database"]
        [boundary.database]
        [timeout]
        test = "1m 30s"
        [output]
        limit = "2MiB"
        [gate]
        progressive = true
        "#,
    )
    .unwrap();
    let ids: Vec<&str> = config
        .project
        .phases
        .iter()
        .map(|p| p.id.as_str())
        .collect();
    assert_eq!(ids, ["A", "B"], "a phase comes after those it names");
    assert_eq!(config.project.phases[1].criteria[0].id, "B-1");
    let allowed: Vec<bool> = config
        .project
        .phases
        .iter()
        .map(|p| p.allow_fallback)
        .collect();
    assert_eq!(allowed, [true, false], "nothing counts unless it is said");
    assert_eq!(config.project.boundaries["cache"].depends_on, ["database"]);
    assert_eq!(config.timeout, Some(Duration::from_secs(90)));
    assert_eq!(config.output_limit, 2 << 20);
    assert!(config.project.progressive);
}

#[test]
fn wrong_files_are_refused_with_the_place_and_what_to_write() {
    for (text, place, words) in [
        ("[projcet]\n", "1:2", "did you mean `project`?"),
        ("x = \n", "1:", "phasegate.toml"),
        (
            "[[phase]]\nid = 3\n",
            "2:6",
            "must be a string, not an integer",
        ),
        ("[[phase]]\ntitle = \"x\"\n", "1:1", "lacks `id`"),
        (
            "[[phase]]\nid = \"A\"\n[[phase]]\nid = \"A\"\n",
            "4:6",
            "declared twice",
        ),
        (
            "[[phase]]\nid = \"A\"\nafter = [\"B\"]\n",
            "3:10",
            "unknown phase `B`",
        ),
        (
            "[[phase]]\nid = \"A\"\ntarget_pass_rate = \"185%\"\n",
            "3:20",
            "no percentage",
        ),
        (
            "[[phase]]\nid = \"A\"\nafter = [\"B\"]\n[[phase]]\nid = \"B\"\nafter = [\"A\"]\n",
            "1:1",
            "A → B → A",
        ),
        (
            "[isolation]\ndefault = \"sandbox\"\n",
            "2:11",
            "write \"process\" or \"thread\"",
        ),
        ("[timeout]\ntest = \"5 parsecs\"\n", "2:8", "write a time"),
        ("[output]\nlimit = \"5\"\n", "2:9", "no size"),
        (
            "[boundary.cache]\ndepends_on = [\"databse\"]\n[boundary.database]\n",
            "2:15",
            "did you mean `database`?",
        ),
    ] {
        let message = refusal(text);
        assert!(
            message.starts_with(&format!("phasegate.toml:{place}")),
            "{text:?}: {message}"
        );
        assert!(message.contains(words), "{text:?}: {message}");
    }
}

#[test]
fn wrong_criteria_are_refused_with_the_place_and_what_to_write() {
    let criterion =
        |rest: &str| format!("[[phase]]\nid = \"A\"\n[[phase.criterion]]\nid = \"A-1\"\n{rest}");
    for (rest, words) in [
        (
            "metric = \"passing_test\"\nat_least = 1\n",
            "did you mean `passing_tests`?",
        ),
        ("metric = \"passing_tests\"\n", "lacks its bound"),
        (
            "metric = \"passing_tests\"\nat_least = 1\nat_most = 2\n",
            "one bound",
        ),
        (
            "metric = \"migrated_files\"\nat_least = 1\n",
            "needs `files",
        ),
        (
            "metric = \"flaky_tests\"\nfiles = \"x\"\nat_most = 1\n",
            "belongs to the metric `migrated_files` only",
        ),
        ("metric = \"flaky_tests\"\nat_most = -1\n", "not negative"),
        (
            "metric = \"flaky_tests\"\nscope = \"phase(Z)\"\nat_most = 1\n",
            "unknown phase `Z`",
        ),
        (
            "metric = \"flaky_tests\"\nscope = \"phase(\"\nat_most = 1\n",
            "`scope`",
        ),
        (
            "metric = \"flaky_tests\"\neach = \"tag\"\nat_most = 1\n",
            "\"boundary\" or \"file\"",
        ),
    ] {
        let message = refusal(&criterion(rest));
        assert!(message.contains(words), "{rest:?}: {message}");
    }
}
