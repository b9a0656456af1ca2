//! No secret reaches a record.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use phasegate_record::event::{Event, Note, NoteLevel, Outcome, Output, ServiceChange};
use phasegate_record::read::{read_file, read_run};
use phasegate_record::redact::Redactor;
use phasegate_record::write::Writer;
use proptest::prelude::*;
use support::{attempt, one_of_each, planned};

fn redactor(secrets: &[(&str, &str)]) -> Redactor {
    Redactor::new(
        secrets
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    )
}

#[test]
fn secrets_of_known_shape_are_taken_out() {
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1g";
    let redactor = redactor(&[]);
    for (text, clean) in [
        ("redis://:pw@h/0", "redis://:[redacted:url-password]@h/0"),
        (
            "a postgres://u:p@ss@h:5432/db b",
            "a postgres://u:[redacted:url-password]@h:5432/db b",
        ),
        (
            "\"amqp://u:p%20@h\"",
            "\"amqp://u:[redacted:url-password]@h\"",
        ),
        (
            "curl -H 'Authorization: Bearer abcdef'",
            "curl -H 'Authorization: Bearer [redacted:bearer-token]'",
        ),
        (
            "BEARER  a1.b2~c3+/==, x",
            "BEARER  [redacted:bearer-token], x",
        ),
        (
            "{\"authorization\": \"bearer sesame-open\"}",
            "{\"authorization\": \"bearer [redacted:bearer-token]\"}",
        ),
        (
            "authorization: basic dXNlcjpwdw==",
            "authorization: basic [redacted:basic-authorization]",
        ),
        ("id AKIAIOSFODNN7EXAMPLE.", "id [redacted:aws-access-key]."),
        (&format!("token={jwt}&x"), "token=[redacted:jwt]&x"),
        (
            "key:\n-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nxyz\n-----END RSA PRIVATE KEY-----\nend",
            "key:\n[redacted:private-key]\nend",
        ),
        (
            "-----BEGIN PRIVATE KEY-----\\nMIIEow",
            "[redacted:private-key]",
        ),
    ] {
        assert_eq!(redactor.redact(text), clean);
        assert_eq!(redactor.redact(clean), clean, "once is enough");
    }
}

#[test]
fn ordinary_texts_stay() {
    let redactor = redactor(&[("SHORT", "12345"), ("EMPTY", "")]);
    for text in [
        "http://127.0.0.1:8080/users/@me",
        "ssh://git@github.com/a/b and std::vec::Vec",
        "mailto:a:b@c",
        "the bearer of this letter, bearer authentication failed",
        "Basic training, basic auth is off",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "eyJ and eyJhbGciOiJIUzI1NiJ9 alone, keyJ.a.b",
        "ASIAN MARKETS, AKIA, XAKIAIOSFODNN7EXAMPLE",
        "12345 is too short",
        "Amélie 日本語 ://:@ @://",
    ] {
        assert_eq!(redactor.redact(text), text);
    }
    assert_eq!(
        Redactor::none().redact("Bearer a1b2c3d4"),
        "Bearer a1b2c3d4"
    );
}

#[test]
fn values_from_the_environment_are_taken_out() {
    // Cargo sets this one for every test; no test can set another without racing its neighbours.
    let name = "CARGO_PKG_DESCRIPTION".to_owned();
    let value = std::env::var(&name).unwrap();
    let extra = Redactor::from_env(&["cargo_pkg_desc*".to_owned()]);
    assert_eq!(extra.redact(&value), "[redacted:CARGO_PKG_DESCRIPTION]");
    assert_eq!(Redactor::from_env(&[]).redact(&value), value);
    assert!(!format!("{extra:?}").contains(&value));
}

#[test]
fn words_of_the_schema_survive_secrets_that_spell_them() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.ndjson");
    let words = [
        "attempt",
        "passed",
        "failed",
        "blocked",
        "process",
        "before-phase",
        "planned",
        "fell-back",
        "timed-out",
        "warning",
        "database",
        "passing_tests",
        "base64",
        "cdcdcd",
        "cargo-test",
    ];
    let mut writer = Writer::create(&path, redactor(&words.map(|word| ("W", word)))).unwrap();
    writer.write_all(&one_of_each()).unwrap();
    writer.seal().unwrap();
    let record = read_file(&path).unwrap();
    assert_eq!(record.problems, []);
    assert_eq!(record.lines.len(), one_of_each().len() + 1);
    let Event::Planned(test) = &record.lines[1].event else {
        panic!()
    };
    assert_eq!(test.boundaries, ["cache", "[redacted:W]"]);
    let Event::Service(step) = &record.lines[6].event else {
        panic!()
    };
    assert_eq!(step.change, ServiceChange::Step);
    let Event::Attempt(attempt) = &record.lines[8].event else {
        panic!()
    };
    assert_eq!(attempt.outcome, Outcome::Failed);
}

#[test]
fn contrived_secrets_are_taken_out_whole() {
    for (secrets, text) in [
        (vec![("A", "redacted")], "xx redacted xx"),
        (vec![("SECRET1", "SECRET1")], "xx SECRET1 xx"),
        (vec![("A", "aabaab")], "aabaabaabaabaab"),
        (vec![("A", "abcdef"), ("B", "defghi")], "abcdefghi"),
        (vec![("A", "abcdef"), ("B", "x[redacted:A]")], "xabcdef"),
        (
            vec![("A", "abcdef"), ("B", "x***xx"), ("C", "x[redacted:A]")],
            "xabcdefxx",
        ),
    ] {
        let clean = redactor(&secrets).redact(text).into_owned();
        for (_, value) in &secrets {
            assert!(!clean.contains(value), "{clean}");
        }
    }
}

/// The bytes of every file below `dir`.
fn everything_below(dir: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => everything_below(&path),
            false => vec![fs::read(path).unwrap()],
        })
        .collect()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// A secret as people choose them, quotes, line breaks and all. Digits and the letters `X` to `Z`
/// keep it apart from the words that the harness itself writes.
fn secret() -> impl Strategy<Value = String> {
    "[XYZ7-9][XYZ7-9\"\\\\\n\t/é{}:,]{5,40}"
}

#[test]
fn what_overlaps_is_taken_out_as_one() {
    let overlapping = redactor(&[("A", "aabaab")]);
    assert_eq!(overlapping.redact("aabaabaab!"), "[redacted:A]!");
    let two = redactor(&[("A", "abcdef"), ("B", "defghi")]);
    assert_eq!(two.redact("abcdefghi!"), "[redacted:A]!");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_secret_survives_wherever_it_is_put(
        secret in secret(),
        before in "[a-z\"\\\\\n{}:, é]{0,20}",
        after in "[a-z\"\\\\\n{}:, é]{0,20}",
        large in any::<bool>(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.ndjson");
        let text = format!("{before}{secret}{after}");
        let mut writer = Writer::create(&path, redactor(&[("KEY", &secret)])).unwrap();
        let padding = if large { vec![b'.'; 70_000] } else { vec![0xff; 7] };
        let output = [padding.as_slice(), text.as_bytes(), padding.as_slice()].concat();
        let kept = writer.output(&output).unwrap();

        let mut events = one_of_each();
        let Event::Run(run) = &mut events[0] else { panic!() };
        run.args.push(text.clone());
        let boundary = run.project.boundaries["cache"].clone();
        run.project.boundaries.insert(text.clone(), boundary);
        run.git.as_mut().unwrap().branch = Some(text.clone());
        let mut test = planned(&text);
        test.tags = vec![text.clone()];
        let mut attempt = attempt(&text, kept.clone());
        attempt.stderr = Output::Text { text: text.clone() };
        attempt.failure.as_mut().unwrap().message.push_str(&text);
        attempt.receipt.as_mut().unwrap().processes[0].name.push_str(&text);
        events.push(Event::Planned(Box::new(test)));
        events.push(Event::Attempt(Box::new(attempt)));
        events.push(Event::Note(Note { level: NoteLevel::Info, text: text.clone() }));
        writer.write_all(&events).unwrap();
        writer.seal().unwrap();

        let escaped = serde_json::to_string(&secret).unwrap();
        let escaped = &escaped[1..escaped.len() - 1];
        for file in everything_below(dir.path()) {
            prop_assert!(!contains(&file, secret.as_bytes()) && !contains(&file, escaped.as_bytes()));
        }
        let run = read_run(dir.path()).unwrap();
        prop_assert_eq!(run.problems().count(), 0);
        prop_assert_eq!(run.events().count(), events.len() + 1);
        let Some(Event::Note(note)) = run.events().nth(events.len() - 1) else { panic!() };
        prop_assert_eq!(&note.text, &format!("{before}[redacted:KEY]{after}"));
        let bytes = run.output_bytes(&kept).unwrap();
        prop_assert!(!contains(&bytes, secret.as_bytes()));
    }

    #[test]
    fn any_bytes_can_be_redacted(bytes in any::<Vec<u8>>(), text in any::<String>()) {
        let redactor = redactor(&[("KEY", "secret-value")]);
        prop_assert!(matches!(redactor.redact_bytes(&bytes), std::borrow::Cow::Borrowed(_)));
        let with = format!("{text}secret-value{text}");
        prop_assert!(!redactor.redact(&with).contains("secret-value"));
    }

    #[test]
    fn texts_full_of_marks_do_not_break_it(parts in prop::collection::vec(
        prop::sample::select(vec![
            "://", "a://", ":", "@", "u:p", "Bearer", " ", "Basic ", "authorization", "-----BEGIN ",
            "PRIVATE KEY-----", "-----END ", "eyJ", "abcdefghij.", "AKIA", "ABCDEFGHIJKLMNOP", "é", "\n",
        ]), 0..24))
    {
        let redactor = redactor(&[]);
        let text = parts.concat();
        let once = redactor.redact(&text).into_owned();
        prop_assert!(!once.contains(char::REPLACEMENT_CHARACTER));
    }
}
