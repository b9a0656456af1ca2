//! Rewrites the texts of a serialised event in place: no tree is built, and the order of its
//! fields stays.

use std::borrow::Cow;

/// Fields that hold words of the schema or digests, never a user's text. A secret that happens to
/// be the word `passed` must not make a record unreadable.
const SCHEMA_WORDS: [&str; 15] = [
    "type",
    "kept",
    "is",
    "outcome",
    "mechanism",
    "isolation",
    "state",
    "change",
    "point",
    "level",
    "invocation",
    "metric",
    "each",
    "sha256",
    "source_digest",
];

/// The one object whose field names are a user's: boundaries by name.
const NAMED_BY_USER: &str = "boundaries";

/// `text` as it stands between the quotes of a JSON string.
pub(super) fn escaped(text: &str) -> String {
    let quoted = quoted(text);
    quoted[1..quoted.len() - 1].to_owned()
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned())
}

/// Passes every text of the JSON object `json` through `rewrite`.
pub(super) fn rewrite_texts<'j>(
    json: &'j [u8],
    rewrite: impl Fn(&str) -> Cow<'_, str>,
) -> Cow<'j, [u8]> {
    let mut walk = Walk::default();
    let mut output = Vec::with_capacity(json.len());
    let mut copied = 0;
    let mut at = 0;
    while at < json.len() {
        if json[at] != b'"' {
            walk.step(json[at]);
            at += 1;
            continue;
        }
        let end = end_of_string(json, at);
        let is_key = json.get(end) == Some(&b':');
        let Ok(text) = serde_json::from_slice::<Cow<'_, str>>(&json[at..end]) else {
            at = end;
            continue;
        };
        if walk.is_users_text(is_key)
            && let Cow::Owned(clean) = rewrite(&text)
        {
            output.extend_from_slice(&json[copied..at]);
            output.extend_from_slice(quoted(&clean).as_bytes());
            copied = end;
        }
        if is_key {
            walk.key = text.into_owned();
        }
        at = end;
    }
    if copied == 0 {
        return Cow::Borrowed(json);
    }
    output.extend_from_slice(&json[copied..]);
    Cow::Owned(output)
}

/// Index after the closing quote of the string that opens at `at`.
fn end_of_string(json: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while end < json.len() && json[end] != b'"' {
        end += if json[end] == b'\\' { 2 } else { 1 };
    }
    (end + 1).min(json.len())
}

/// Where in the object a walk stands.
#[derive(Default)]
struct Walk {
    /// The last field name.
    key: String,
    /// For each open object, the field that it is the value of.
    objects: Vec<String>,
}

impl Walk {
    fn step(&mut self, byte: u8) {
        match byte {
            b'{' => self.objects.push(self.key.clone()),
            b'}' => drop(self.objects.pop()),
            _ => {}
        }
    }

    fn is_users_text(&self, is_key: bool) -> bool {
        if is_key {
            self.objects
                .last()
                .is_some_and(|field| field == NAMED_BY_USER)
        } else {
            !SCHEMA_WORDS.contains(&self.key.as_str())
        }
    }
}
