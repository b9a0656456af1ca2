//! Foreign text made harmless for a terminal: nothing a test prints may move the cursor, rename
//! the window or pass for a line of the harness.

use std::fmt::Write;

/// Keeps text, line breaks, tabs and colours; everything else that a terminal would obey is shown
/// as an escape.
pub(crate) fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut safe = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some(c) = rest.chars().next() {
        if let Some(colour) = colour(rest) {
            safe.push_str(colour);
            rest = &rest[colour.len()..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            '\n' | '\t' => safe.push(c),
            '\r' if rest.starts_with('\n') => {}
            c if c.is_control() || is_direction(c) => {
                // Writing to a `String` cannot fail.
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
            }
            c => safe.push(c),
        }
    }
    safe
}

/// A sequence that sets colours or weight and nothing else: `ESC [ digits and ; m`.
fn colour(text: &str) -> Option<&str> {
    let parameters = text.strip_prefix("\u{1b}[")?;
    let length = parameters
        .bytes()
        .take_while(|b| b.is_ascii_digit() || *b == b';')
        .count();
    (length <= 32 && parameters[length..].starts_with('m')).then(|| &text[..2 + length + 1])
}

/// Characters that change the direction of what follows.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn colours_stay_and_everything_else_that_a_terminal_obeys_is_shown() {
        assert_eq!(text(b"\x1b[1;31mred\x1b[0m"), "\x1b[1;31mred\x1b[0m");
        assert_eq!(text(b"\x1b[2Jgone\x07"), "\\u{1b}[2Jgone\\u{7}");
        assert_eq!(text("a\u{202e}b".as_bytes()), "a\\u{202e}b");
        assert_eq!(text(b"\xff\r\nx\ry"), "\u{fffd}\nx\\u{d}y");
        assert_eq!(text(b"\x1b]0;title\x07"), "\\u{1b}]0;title\\u{7}");
    }
}
