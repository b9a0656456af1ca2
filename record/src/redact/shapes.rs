//! Secrets that are known by their shape.

use memchr::memmem;

use super::redactor::Span;

/// What each shape begins to be found by. None of them changes inside a JSON string.
const MARKS: [(&[u8], Shape); 9] = [
    (b"://", url_password),
    (b"earer", bearer_token),
    (b"EARER", bearer_token),
    (b"asic", basic_authorization),
    (b"ASIC", basic_authorization),
    (b"-----BEGIN ", private_key),
    (b"eyJ", json_web_token),
    (b"AKIA", aws_access_key),
    (b"ASIA", aws_access_key),
];

/// Looks at `bytes` around a mark that starts at `at`.
type Shape = fn(bytes: &[u8], at: usize) -> Option<Span<'static>>;

/// A private key that is longer than this is cut off by something else.
const LONGEST_AUTHORITY: usize = 4096;

/// Whether `bytes` hold the mark of any shape.
pub(super) fn may_hold(bytes: &[u8]) -> bool {
    MARKS
        .iter()
        .any(|(mark, _)| memmem::find(bytes, mark).is_some())
}

/// Adds every piece of `bytes` that has the shape of a secret.
pub(super) fn find_all(bytes: &[u8], found: &mut Vec<Span<'_>>) {
    for (mark, shape) in MARKS {
        let mut from = 0;
        while let Some(at) = memmem::find(&bytes[from..], mark) {
            let at = from + at;
            from = at + mark.len();
            if let Some(span) = shape(bytes, at) {
                found.push(span);
                from = from.max(span.end);
            }
        }
    }
}

fn span(start: usize, end: usize, name: &'static str) -> Option<Span<'static>> {
    Some(Span { start, end, name })
}

/// `scheme://user:PASSWORD@host`: the userinfo of RFC 3986, section 3.2.1.
fn url_password(bytes: &[u8], at: usize) -> Option<Span<'static>> {
    if !bytes[..at].last().is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let start = at + 3;
    let rest = &bytes[start..bytes.len().min(start + LONGEST_AUTHORITY)];
    let ends =
        |b: &u8| b.is_ascii_whitespace() || b.is_ascii_control() || b"/?#\"'<>`\\".contains(b);
    let authority = &rest[..rest.iter().position(ends).unwrap_or(rest.len())];
    let host = memchr::memrchr(b'@', authority)?;
    let colon = memchr::memchr(b':', &authority[..host])?;
    (colon + 1 < host).then_some(())?;
    span(start + colon + 1, start + host, "url-password")
}

/// `Bearer TOKEN`: RFC 6750, section 2.1. In prose the word is followed by lower-case words.
fn bearer_token(bytes: &[u8], at: usize) -> Option<Span<'static>> {
    let start = at.checked_sub(1)?;
    let (token, end) = scheme_token(bytes, start, b'b', at + 5)?;
    let is_header = follows_authorization(bytes, start);
    let is_prose = bytes[token..end]
        .iter()
        .all(|b| b.is_ascii_lowercase() || *b == b'.');
    (end - token >= 6 && (is_header || !is_prose)).then_some(())?;
    span(token, end, "bearer-token")
}

/// `Authorization: Basic DATA`: RFC 7617.
fn basic_authorization(bytes: &[u8], at: usize) -> Option<Span<'static>> {
    let start = at.checked_sub(1)?;
    let (token, end) = scheme_token(bytes, start, b'b', at + 4)?;
    (token < end && follows_authorization(bytes, start)).then_some(())?;
    span(token, end, "basic-authorization")
}

/// Start and end of the token after an authorization scheme that starts at `start` with `initial`
/// and whose name ends before `after`.
fn scheme_token(bytes: &[u8], start: usize, initial: u8, after: usize) -> Option<(usize, usize)> {
    let is_word = bytes[start].to_ascii_lowercase() == initial
        && !bytes[..start].last().is_some_and(u8::is_ascii_alphanumeric);
    let gap = bytes[after..]
        .iter()
        .take_while(|b| matches!(b, b' ' | b'\t'))
        .count();
    if !is_word || gap == 0 {
        return None;
    }
    let token = after + gap;
    let is_token = |b: &&u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(b);
    Some((
        token,
        token + bytes[token..].iter().take_while(is_token).count(),
    ))
}

/// Whether the bytes before `start` end in a header's name: `Authorization: `, `"authorization":"`.
fn follows_authorization(bytes: &[u8], start: usize) -> bool {
    const NAME: &[u8] = b"authorization";
    let before = &bytes[start.saturating_sub(64)..start];
    let is_between = |b: &u8| {
        matches!(
            b,
            b' ' | b'\t' | b':' | b'=' | b'"' | b'\'' | b'\\' | b'(' | b','
        )
    };
    let length = before
        .iter()
        .rposition(|b| !is_between(b))
        .map_or(0, |last| last + 1);
    let name = &before[length.saturating_sub(NAME.len())..length];
    name.eq_ignore_ascii_case(NAME)
}

/// A PEM block (RFC 7468) whose label ends in `PRIVATE KEY`, up to its end or that of the text.
fn private_key(bytes: &[u8], at: usize) -> Option<Span<'static>> {
    const BEGIN: usize = b"-----BEGIN ".len();
    let label = &bytes[at + BEGIN..bytes.len().min(at + BEGIN + 64)];
    let label = &label[..memmem::find(label, b"-----")?];
    memmem::find(label, b"PRIVATE KEY")?;
    let body = at + BEGIN + label.len();
    let end = memmem::find(&bytes[body..], b"-----END ").map_or(bytes.len(), |end| {
        let footer = body + end + b"-----END ".len();
        memmem::find(&bytes[footer..], b"-----").map_or(bytes.len(), |close| footer + close + 5)
    });
    span(at, end, "private-key")
}

/// Three or more parts in base64url, the first an object: RFC 7519.
fn json_web_token(bytes: &[u8], at: usize) -> Option<Span<'static>> {
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    if bytes[..at].last().is_some_and(is_part) {
        return None;
    }
    let run = bytes[at..]
        .iter()
        .take_while(|b| is_part(b) || **b == b'.')
        .count();
    let mut parts = bytes[at..at + run].split(|&b| b == b'.');
    let long = |part: Option<&[u8]>, least: usize| part.is_some_and(|part| part.len() >= least);
    let is_token = long(parts.next(), 10) && long(parts.next(), 4) && long(parts.next(), 10);
    is_token.then_some(())?;
    span(at, at + run, "jwt")
}

/// Four letters and sixteen upper-case letters or digits, standing alone.
fn aws_access_key(bytes: &[u8], at: usize) -> Option<Span<'static>> {
    let is_inside = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    if bytes[..at].last().is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let run = bytes[at..].iter().take_while(|b| is_inside(b)).count();
    (run == 20).then_some(())?;
    span(at, at + run, "aws-access-key")
}
