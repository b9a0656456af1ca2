//! A secret that is known by its value.

use memchr::memmem::Finder;

use super::json;
use super::redactor::Span;

/// Bytes of ordinary records and logs, the more frequent the further left.
const FREQUENT: &[u8] = b"e \"toain,:srl_dcu0h.1mp2-/fgby3456789wvkxTjSEAINzRCOq";

/// A secret that is known by its value.
#[derive(Clone)]
pub(super) struct Secret {
    name: String,
    value: Needle,
    /// As the value stands inside a JSON string, where that is not the value itself.
    escaped: Option<Needle>,
}

/// Keeps the value out of panic messages and logs.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Secret {
    /// `value` must not be empty.
    pub(super) fn new(name: String, value: &str) -> Self {
        let escaped = json::escaped(value);
        Self {
            name,
            escaped: (escaped != value).then(|| Needle::new(&escaped)),
            value: Needle::new(value),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn value(&self) -> &[u8] {
        self.value.finder.needle()
    }

    pub(super) fn is_in(&self, bytes: &[u8]) -> bool {
        self.value.is_in(bytes)
    }

    pub(super) fn is_in_json(&self, json: &[u8]) -> bool {
        self.escaped.as_ref().unwrap_or(&self.value).is_in(json)
    }

    /// Adds every occurrence. They may overlap one another (`abab…`), so each search starts one
    /// byte after the last.
    pub(super) fn find_all<'s>(&'s self, bytes: &[u8], found: &mut Vec<Span<'s>>) {
        if !self.value.may_be_in(bytes) {
            return;
        }
        let (length, first) = (self.value().len(), found.len());
        let mut from = 0;
        while let Some(at) = self.value.finder.find(&bytes[from..]) {
            let start = from + at;
            let end = start + length;
            match found[first..].last_mut() {
                Some(last) if start <= last.end => last.end = end,
                _ => found.push(Span {
                    start,
                    end,
                    name: &self.name,
                }),
            }
            from = start + 1;
        }
    }
}

/// A search for a value.
#[derive(Clone)]
struct Needle {
    finder: Finder<'static>,
    /// Its rarest byte. The standard library comes optimised even where the rest is not, so asking
    /// for one byte first makes the usual answer nearly free.
    rarest: u8,
}

impl Needle {
    fn new(value: &str) -> Self {
        let rank = |b: &u8| {
            FREQUENT
                .iter()
                .position(|f| f == b)
                .unwrap_or(FREQUENT.len())
        };
        Self {
            finder: Finder::new(value).into_owned(),
            rarest: value.bytes().max_by_key(rank).unwrap_or_default(),
        }
    }

    fn may_be_in(&self, bytes: &[u8]) -> bool {
        bytes.contains(&self.rarest)
    }

    fn is_in(&self, bytes: &[u8]) -> bool {
        self.may_be_in(bytes) && self.finder.find(bytes).is_some()
    }
}
