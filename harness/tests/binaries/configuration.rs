//! A `phasegate.toml` that is wrong is refused with line, column and what to write.

use crate::support::Project;

/// Text, place, and words of the message.
const WRONG: [(&str, &str, &str); 34] = [
    (
        "[projcet]\n",
        "1:2",
        "unknown key `projcet` in phasegate.toml; did you mean `project`?",
    ),
    (
        "colour = 1\n",
        "1:1",
        "unknown key `colour` in phasegate.toml; known keys are `project`",
    ),
    ("[project]\nnam = \"x\"\n", "2:1", "did you mean `name`?"),
    (
        "[project]\nname = 3\n",
        "2:8",
        "`name` in `[project]` must be a string, not an integer",
    ),
    ("project = \"x\"\n", "1:11", "must be a table"),
    (
        "[phase]\nid = \"A\"\n",
        "1:",
        "an array of tables (`[[phase]]`)",
    ),
    (
        "[[phase]]\ntitle = \"x\"\n",
        "1:1",
        "`[[phase]]` lacks `id`; add `id = \"…\"`",
    ),
    (
        "[[phase]]\nid = 3\n",
        "2:6",
        "must be a string, not an integer",
    ),
    (
        "[[phase]]\nid = \"A\"\n\n[[phase]]\nid = \"A\"\n",
        "5:6",
        "phase `A` is declared twice",
    ),
    (
        "[[phase]]\nid = \"A\"\nafter = \"B\"\n",
        "3:9",
        "must be an array of strings",
    ),
    (
        "[[phase]]\nid = \"A\"\nafter = [1]\n",
        "3:10",
        "unknown phase",
    ),
    (
        "[[phase]]\nid = \"AA\"\n[[phase]]\nid = \"B\"\nafter = [\"AB\"]\n",
        "5:10",
        "did you mean `AA`?",
    ),
    (
        "[[phase]]\nid = \"A\"\nafter = [\"A\"]\n",
        "1:1",
        "phases wait for each other in a circle: A → A; remove one `after`",
    ),
    (
        "[[phase]]\nid = \"A\"\nafter = [\"B\"]\n[[phase]]\nid = \"B\"\nafter = [\"A\"]\n",
        "1:1",
        "A → B → A",
    ),
    (
        "[[phase]]\nid = \"A\"\ntarget_pass_rate = 85\n",
        "3:20",
        "must be a string, not an integer",
    ),
    (
        "[[phase]]\nid = \"A\"\ntarget_pass_rate = \"85\"\n",
        "3:20",
        "`85` is no percentage; write a number from 0 to 100",
    ),
    (
        "[[phase]]\nid = \"A\"\ntarget_pass_rate = \"101%\"\n",
        "3:20",
        "no percentage",
    ),
    (
        "[[phase]]\nid = \"A\"\n[[phase.criterion]]\nmetric = \"flaky_tests\"\nat_most = 0\n",
        "3:1",
        "lacks `id`",
    ),
    (
        "[[phase]]\nid = \"A\"\n[[phase.criterion]]\nid = \"A-1\"\nat_most = 0\n",
        "3:1",
        "lacks `metric`",
    ),
    (
        "[[phase]]\nid = \"A\"\n[[phase.criterion]]\nid = \"A-1\"\nmetric = \"flaky_test\"\nat_most = 0\n",
        "5:10",
        "did you mean `flaky_tests`?",
    ),
    (
        "[[phase]]\nid = \"A\"\n[[phase.criterion]]\nid = \"A-1\"\nmetric = \"speed\"\nat_most = 0\n",
        "5:10",
        "known metrics are passing_tests, ",
    ),
    (
        "[[phase]]\nid = \"A\"\n[[phase.criterion]]\nid = \"A-1\"\nmetric = \"flaky_tests\"\n",
        "3:1",
        "add `at_least = …` or `at_most = …`",
    ),
    (
        "[[phase]]\nid = \"A\"\n[[phase.criterion]]\nid = \"A-1\"\nmetric = \"flaky_tests\"\nat_most = 0\nscope = \"boundary(x\"\n",
        "7:9",
        "`scope` in `[[phase.criterion]]`",
    ),
    (
        "[[phase]]\nid = \"A\"\n[[phase.criterion]]\nid = \"A-1\"\nmetric = \"flaky_tests\"\nat_most = 0\nscope = \"phase(Z)\"\n",
        "7:9",
        "unknown phase `Z`",
    ),
    (
        "[boundary]\ncache = 1\n",
        "2:9",
        "`[boundary.cache]` must be a table",
    ),
    (
        "[boundary.cache]\ndepends_on = [\"databse\"]\n[boundary.database]\n",
        "2:15",
        "did you mean `database`?",
    ),
    (
        "[isolation]\ndefault = \"sandbox\"\n",
        "2:11",
        "write \"process\" or \"thread\"",
    ),
    (
        "[retry]\ncount = -1\n",
        "2:9",
        "a whole number that is not negative",
    ),
    (
        "[timeout]\ntest = \"5 parsecs\"\n",
        "2:8",
        "write a time such as \"5s\"",
    ),
    ("[output]\nlimit = \"5\"\n", "2:9", "`5` is no size"),
    (
        "[redact]\nvariables = \"TOKEN\"\n",
        "2:13",
        "must be an array of strings",
    ),
    (
        "[gate]\nprogressive = \"yes\"\n",
        "2:15",
        "must be `true` or `false`, not a string",
    ),
    ("[gate]\nprogressive = \n", "2:", ""),
    ("[gate]\n[gate]\n", "2:", "duplicate"),
];

#[test]
fn every_mistake_is_shown_at_its_place() {
    for (text, place, words) in WRONG {
        let project = Project::of("tame").toml(text);
        let ran = project.run(&[]).exits(2);
        let start = format!("phasegate: error: phasegate.toml:{place}");
        assert!(ran.stderr.starts_with(&start), "{text:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(words), "{text:?}: {}", ran.stderr);
        assert!(ran.left_no_record() && ran.stdout.is_empty(), "{text:?}");
    }
}

#[test]
fn a_scope_is_shown_with_a_mark_under_its_mistake() {
    let text = "[[phase]]\nid = \"A\"\n[[phase.criterion]]\nid = \"A-1\"\nmetric = \"flaky_tests\"\nat_most = 0\nscope = \"boundary(x) & tga(y)\"\n";
    let ran = Project::of("tame").toml(text).run(&[]).exits(2);
    let lines: Vec<_> = ran.stderr.lines().collect();
    let shown = lines
        .iter()
        .position(|l| l.ends_with("boundary(x) & tga(y)"))
        .expect("the scope is shown");
    assert_eq!(
        lines[shown + 1].find('^'),
        lines[shown].find("tga"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_file_that_cannot_be_read_is_no_empty_file() {
    let project = Project::of("tame");
    std::fs::create_dir(project.path("project/phasegate.toml")).unwrap();
    let ran = project.run(&[]).exits(2);
    assert!(
        ran.stderr.contains("cannot read ") && ran.stderr.contains("phasegate.toml"),
        "{}",
        ran.stderr
    );
    let project = Project::of("tame");
    std::fs::write(
        project.path("project/phasegate.toml"),
        b"[project]\nname = \"\xff\"\n",
    )
    .unwrap();
    let ran = project.run(&[]).exits(2);
    assert!(ran.stderr.contains("cannot read "), "{}", ran.stderr);
}

#[test]
fn a_good_file_is_in_the_record() {
    let text = "[project]\nname = \"media\"\n";
    let ran = Project::of("tame").toml(text).run(&[]).exits(0);
    let run = ran.beginning();
    assert_eq!(run.project.name, "media");
    assert_eq!(
        run.config_digest,
        Some(phasegate_record::digest::sha256_hex(text.as_bytes()))
    );
}
