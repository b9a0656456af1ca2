//! Secrets that are known by their shape.

use memchr::memmem;

use super::redactor::Span;

/// More than any name, password and host together take.
const LONGEST_AUTHORITY: usize = 4096;

/// Looks at `bytes` around a mark that stands at `at`.
type Shape = fn(bytes: &[u8], at: usize) -> Option<Span<'static>>;

/// Bytes at which a mark can stand. One pass over a table beats a search for each mark by far where
/// the code is not optimised, and costs no more where it is.
const MAY_MARK: [bool; 256] = {
    let mut table = [false; 256];
    table[b':' as usize] = true;
    table[b'b' as usize] = true;
    table[b'B' as usize] = true;
    table[b'J' as usize] = true;
    table[b'A' as usize] = true;
    table
};

/// The shape whose mark stands at `at`. No mark changes inside a JSON string.
fn shape_at(bytes: &[u8], at: usize) -> Option<Shape> {
    let rest = &bytes[at..];
    let shape: Shape = match rest[0] {
        b':' if rest.starts_with(b"://") => url_password,
        b'J' if bytes[..at].ends_with(b"ey") => json_web_token,
        b'A' if rest.starts_with(b"AKIA") || rest.starts_with(b"ASIA") => aws_access_key,
        b'B' if rest.starts_with(b"BEGIN ") && bytes[..at].ends_with(DASHES) => private_key,
        b'B' | b'b' if starts_with_word(rest, b"bearer") => bearer_token,
        b'B' | b'b' if starts_with_word(rest, b"basic") => basic_authorization,
        _ => return None,
    };
    Some(shape)
}

const DASHES: &[u8] = b"-----";

fn starts_with_word(bytes: &[u8], word: &[u8]) -> bool {
    bytes
        .get(..word.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// The first place from `from` on where a mark stands, and its shape.
fn next_mark(bytes: &[u8], from: usize) -> Option<(usize, Shape)> {
    let mut at = from;
    while at < bytes.len() {
        if MAY_MARK[usize::from(bytes[at])]
            && let Some(shape) = shape_at(bytes, at)
        {
            return Some((at, shape));
        }
        at += 1;
    }
    None
}

/// Whether `bytes` hold the mark of any shape.
pub(super) fn may_hold(bytes: &[u8]) -> bool {
    next_mark(bytes, 0).is_some()
}

/// Adds every piece of `bytes` that has the shape of a secret.
pub(super) fn find_all(bytes: &[u8], found: &mut Vec<Span<'_>>) {
    let mut from = 0;
    while let Some((at, shape)) = next_mark(bytes, from) {
        from = at + 1;
        if let Some(span) = shape(bytes, at) {
            found.push(span);
            from = from.max(span.end);
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
    let (start, end) = scheme_token(bytes, at, b"bearer".len())?;
    let token = &bytes[start..end];
    let is_prose = token.iter().all(|b| b.is_ascii_lowercase() || *b == b'.');
    (token.len() >= 6 && (follows_authorization(bytes, at) || !is_prose)).then_some(())?;
    span(start, end, "bearer-token")
}

/// `Authorization: Basic DATA`: RFC 7617.
fn basic_authorization(bytes: &[u8], at: usize) -> Option<Span<'static>> {
    let (start, end) = scheme_token(bytes, at, b"basic".len())?;
    (start < end && follows_authorization(bytes, at)).then_some(())?;
    span(start, end, "basic-authorization")
}

/// Start and end of the token after an authorization scheme of this length.
fn scheme_token(bytes: &[u8], at: usize, length: usize) -> Option<(usize, usize)> {
    let is_inside_word = bytes[..at].last().is_some_and(u8::is_ascii_alphanumeric);
    let after = at + length;
    let gap = bytes[after..]
        .iter()
        .take_while(|b| matches!(b, b' ' | b'\t'))
        .count();
    if is_inside_word || gap == 0 {
        return None;
    }
    let start = after + gap;
    let is_token = |b: &&u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(b);
    Some((
        start,
        start + bytes[start..].iter().take_while(is_token).count(),
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
    let label = &bytes[at..bytes.len().min(at + 64)];
    let label = &label[..memmem::find(label, DASHES)?];
    memmem::find(label, b"PRIVATE KEY")?;
    let body = at + label.len();
    let end = memmem::find(&bytes[body..], b"-----END ").map_or(bytes.len(), |end| {
        let footer = body + end + b"-----END ".len();
        let close = memmem::find(&bytes[footer..], DASHES);
        close.map_or(bytes.len(), |close| footer + close + DASHES.len())
    });
    span(at - DASHES.len(), end, "private-key")
}

/// Three or more parts in base64url, the first an object (`eyJ`): RFC 7519.
fn json_web_token(bytes: &[u8], at: usize) -> Option<Span<'static>> {
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let start = at - 2;
    if bytes[..start].last().is_some_and(is_part) {
        return None;
    }
    let run = bytes[start..]
        .iter()
        .take_while(|b| is_part(b) || **b == b'.')
        .count();
    let mut parts = bytes[start..start + run].split(|&b| b == b'.');
    let long = |part: Option<&[u8]>, least: usize| part.is_some_and(|part| part.len() >= least);
    let is_token = long(parts.next(), 10) && long(parts.next(), 4) && long(parts.next(), 10);
    is_token.then_some(())?;
    span(start, start + run, "jwt")
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
