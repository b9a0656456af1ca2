//! Finds secrets and puts a name in their place.

use std::borrow::Cow;

use super::secret::Secret;
use super::{json, names, shapes};

/// Shorter values are left alone: they are words, and would shred the text around them.
const SHORTEST_SECRET: usize = 6;

/// Takes secrets out of texts.
///
/// Two kinds are found. Values given by name are replaced wherever they stand, by
/// `[redacted:NAME]`. Some secrets are known by their shape, and every redactor but
/// [`none`](Self::none) takes them out:
///
/// | shape | becomes |
/// |---|---|
/// | `scheme://user:PASSWORD@host` | `[redacted:url-password]` |
/// | `Bearer TOKEN` | `[redacted:bearer-token]` |
/// | `Authorization: Basic DATA` | `[redacted:basic-authorization]` |
/// | `-----BEGIN … PRIVATE KEY-----` to its end | `[redacted:private-key]` |
/// | JSON Web Tokens (`eyJ….….…`) | `[redacted:jwt]` |
/// | AWS access key ids (`AKIA…`, `ASIA…`) | `[redacted:aws-access-key]` |
///
/// In an event, only texts are looked at: numbers that the harness measured and words of the schema
/// stay, even where they spell a secret. What a redactor cannot know it cannot take out: a secret that a program prints in another
/// encoding, or split over two writes with other text between, stays.
///
/// ```
/// use phasegate_record::redact::Redactor;
/// let redactor = Redactor::new([("PIN".to_owned(), "314159".to_owned())]);
/// assert_eq!(redactor.redact("pin=314159"), "pin=[redacted:PIN]");
/// assert_eq!(
///     redactor.redact("postgres://app:s3cret@db/x"),
///     "postgres://app:[redacted:url-password]@db/x"
/// );
/// ```
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    secrets: Vec<Secret>,
    shapes: bool,
}

/// A piece of a text that is to be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) name: &'a str,
}

impl Redactor {
    /// Leaves everything as it is.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Takes out the values of `secrets`, given as name and value, and whatever has the shape of a
    /// secret. Values shorter than six bytes are ignored: they would shred the text.
    pub fn new(secrets: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut secrets: Vec<Secret> = secrets
            .into_iter()
            .filter(|(_, value)| value.len() >= SHORTEST_SECRET)
            .map(|(name, value)| Secret::new(name, &value))
            .collect();
        secrets.sort_by(|a, b| a.value().cmp(b.value()).then(a.name().cmp(b.name())));
        secrets.dedup_by(|b, a| a.value() == b.value());
        Self {
            secrets,
            shapes: true,
        }
    }

    /// As [`new`](Self::new), with the values of those environment variables whose names look like
    /// secrets: those with `TOKEN`, `SECRET`, `PASSWORD`, `PASSWD`, `API_KEY`, `PRIVATE_KEY` or
    /// `CREDENTIAL` in them, and those that `extra_names` names. An extra name may hold `*` for any
    /// characters. Case does not count.
    #[must_use]
    pub fn from_env(extra_names: &[String]) -> Self {
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Self::new(variables.filter(|(name, _)| names::is_secret(name, extra_names)))
    }

    /// `text` without secrets.
    #[must_use]
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.redact_bytes(text.as_bytes()) {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            // Secrets are whole texts and shapes are ASCII, so nothing is ever lost here.
            Cow::Owned(bytes) => Cow::Owned(match String::from_utf8(bytes) {
                Ok(clean) => clean,
                Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
            }),
        }
    }

    /// `bytes` without secrets. They need not be UTF-8.
    #[must_use]
    pub fn redact_bytes<'t>(&self, bytes: &'t [u8]) -> Cow<'t, [u8]> {
        let spans = self.spans(bytes);
        if spans.is_empty() {
            return Cow::Borrowed(bytes);
        }
        let mut clean = replace(bytes, &spans, |name| format!("[redacted:{name}]"));
        // A replacement can hold or complete another secret, if only in contrived cases.
        if self.holds_value(&clean) {
            clean = replace(bytes, &spans, |_| "***".to_owned());
        }
        if self.holds_value(&clean) {
            clean = b"***".to_vec();
        }
        Cow::Owned(clean)
    }

    /// The serialised event `json` without secrets in any of its texts. The words of the schema
    /// itself stay.
    pub(crate) fn redact_json<'t>(&self, json: &'t [u8]) -> Cow<'t, [u8]> {
        let suspicious = (self.shapes && shapes::may_hold(json))
            || self.secrets.iter().any(|secret| secret.is_in_json(json));
        if !suspicious {
            return Cow::Borrowed(json);
        }
        json::rewrite_texts(json, |text| self.redact(text))
    }

    fn holds_value(&self, bytes: &[u8]) -> bool {
        self.secrets.iter().any(|secret| secret.is_in(bytes))
    }

    /// What is to be replaced: in order and not overlapping.
    fn spans<'s>(&'s self, bytes: &[u8]) -> Vec<Span<'s>> {
        let mut found = Vec::new();
        for secret in &self.secrets {
            secret.find_all(bytes, &mut found);
        }
        if self.shapes {
            shapes::find_all(bytes, &mut found);
        }
        found.sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
        let mut spans: Vec<Span<'s>> = Vec::with_capacity(found.len());
        for span in found {
            match spans.last_mut() {
                Some(last) if span.start < last.end => last.end = last.end.max(span.end),
                _ => spans.push(span),
            }
        }
        spans
    }
}

fn replace(bytes: &[u8], spans: &[Span<'_>], label: impl Fn(&str) -> String) -> Vec<u8> {
    let mut clean = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for span in spans {
        clean.extend_from_slice(&bytes[from..span.start]);
        clean.extend_from_slice(label(span.name).as_bytes());
        from = span.end;
    }
    clean.extend_from_slice(&bytes[from..]);
    clean
}
