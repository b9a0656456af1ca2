//! Foreign text made harmless for GitHub-flavoured Markdown.
//!
//! Test names, messages and output are written by anyone. Whatever they hold, a reader sees it as
//! text: control characters and characters that reorder or hide text (Unicode's bidirectional
//! controls, zero-width characters) appear as escapes such as `\u{202e}`.

use std::fmt::Write as _;

/// Whether a character must not reach a reader as it is.
fn is_treacherous(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

fn push_visible(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if is_treacherous(c) => {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
        c => out.push(c),
    }
}

/// Bytes that [`visible`] makes of a character.
#[must_use]
pub fn printed_len(c: char) -> usize {
    match c {
        '\n' | '\r' | '\t' => 2,
        c if is_treacherous(c) => {
            let digits = (u32::BITS - u32::from(c).leading_zeros())
                .div_ceil(4)
                .max(1);
            "\\u{}".len() + digits as usize
        }
        c => c.len_utf8(),
    }
}

/// One line of plain text with every treacherous character escaped; Markdown is left alone.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push_visible(&mut out, c);
    }
    out
}

/// Text for a paragraph, a list item or a table cell: reads as written, whatever it holds.
///
/// ```
/// use phasegate_report::render::markdown::text;
///
/// assert_eq!(text("a|b *c* <img>"), r"a\|b \*c\* \<img\>");
/// assert_eq!(text("snake_case stays"), "snake_case stays");
/// ```
#[must_use]
pub fn text(raw: &str) -> String {
    let visible = visible(raw);
    // Space at the edges would make code of a list item and undo bold type.
    let trimmed = visible.trim();
    if trimmed.is_empty() && !raw.is_empty() {
        return "(blank)".to_owned();
    }
    let mut out = String::with_capacity(trimmed.len() + 8);
    let mut before = ' ';
    let mut chars = trimmed.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        let inside_word = before.is_alphanumeric() && after.is_alphanumeric();
        let special = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' => true,
            '_' => !inside_word,
            '#' | '-' | '+' | '=' => out.is_empty(),
            '.' | ')' => {
                let number = !out.is_empty() && out.bytes().all(|b| b.is_ascii_digit());
                number && after.is_whitespace()
            }
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

/// A code span: for names, places and short messages outside tables.
///
/// ```
/// use phasegate_report::render::markdown::code;
///
/// assert_eq!(code("a::b"), "`a::b`");
/// assert_eq!(code("tick ` tock"), "``tick ` tock``");
/// assert_eq!(code("two\nlines"), r"`two\nlines`");
/// ```
#[must_use]
pub fn code(raw: &str) -> String {
    span(&visible(raw))
}

/// A code span inside a table cell, where a pipe would end the cell even in code.
#[must_use]
pub fn cell(raw: &str) -> String {
    let visible = visible(raw).replace("\\|", "\\\\u{7c}").replace('|', "\\|");
    span(&visible)
}

fn span(content: &str) -> String {
    if content.is_empty() {
        return "*(empty)*".to_owned();
    }
    let ticks = "`".repeat(longest_run(content) + 1);
    let touches = |edge: Option<char>| edge.is_some_and(|c| c == '`' || c == ' ');
    let pad = if touches(content.chars().next()) || touches(content.chars().last()) {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{content}{pad}{ticks}")
}

/// A fenced block that its content cannot leave: the fence is longer than any run of backticks
/// inside. Line ends and tabs stay; other treacherous characters are escaped.
#[must_use]
pub fn fence(raw: &str) -> String {
    let mut content = String::with_capacity(raw.len());
    for c in raw.replace("\r\n", "\n").chars() {
        match c {
            '\n' | '\t' => content.push(c),
            c => push_visible(&mut content, c),
        }
    }
    let ticks = "`".repeat(longest_run(&content).max(2) + 1);
    let body = content.trim_end_matches('\n');
    format!("{ticks}text\n{body}\n{ticks}")
}

fn longest_run(text: &str) -> usize {
    let (mut longest, mut current) = (0, 0);
    for c in text.chars() {
        current = if c == '`' { current + 1 } else { 0 };
        longest = longest.max(current);
    }
    longest
}

/// Removes colour and other presentation sequences of terminals (`ESC [ … m`): they carry no
/// text. The record keeps them.
#[must_use]
pub fn without_colour(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\u{1b}[") {
        let (before, sequence) = rest.split_at(at);
        out.push_str(before);
        let body = &sequence[2..];
        let end = body.find(|c: char| !matches!(c, '0'..='9' | ';' | ':'));
        match end.filter(|&end| body[end..].starts_with('m')) {
            Some(end) => rest = &body[end + 1..],
            None => {
                out.push_str(&sequence[..2]);
                rest = body;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Bytes as text; each byte that is no UTF-8 appears as `\xff`.
#[must_use]
pub fn lossless(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hostile_text_is_inert() {
        assert_eq!(text("# no heading"), r"\# no heading");
        assert_eq!(text("- no list"), r"\- no list");
        assert_eq!(text("1. no list"), r"1\. no list");
        assert_eq!(text("a\n\n# b"), r"a\\n\\n# b");
        assert_eq!(text("x\u{202e}y"), r"x\\u{202e}y");
        assert_eq!(text("_a_ a_b"), r"\_a\_ a_b");
        assert_eq!(
            (text("    no code "), text("  ")),
            ("no code".into(), "(blank)".into())
        );
    }

    #[test]
    fn a_pipe_never_ends_a_cell() {
        assert_eq!(cell("a|b"), r"`a\|b`");
        assert_eq!(cell(r"a\|b"), r"`a\\u{7c}b`");
    }

    #[test]
    fn output_cannot_leave_its_fence() {
        let fenced = fence("```\n</details>\n````x");
        assert!(fenced.starts_with("`````text\n") && fenced.ends_with("\n`````"));
        assert_eq!(fence("a\r\nb\u{1b}c\n"), "```text\na\nb\\u{1b}c\n```");
    }

    #[test]
    fn colours_go_and_other_sequences_stay_visible() {
        assert_eq!(without_colour("\u{1b}[1;31mred\u{1b}[0m"), "red");
        assert_eq!(without_colour("\u{1b}[2Jx\u{1b}["), "\u{1b}[2Jx\u{1b}[");
    }

    #[test]
    fn bytes_that_are_no_text_are_shown() {
        assert_eq!(lossless(b"ok\xff\xc3("), "ok\\xff\\xc3(");
    }

    proptest! {
        #[test]
        fn one_line_stays_one_line(raw in any::<String>()) {
            for made in [text(&raw), code(&raw), cell(&raw)] {
                prop_assert!(!made.chars().any(is_treacherous), "{made:?}");
            }
        }

        #[test]
        fn the_printed_length_is_known(raw in any::<String>()) {
            let sum: usize = raw.chars().map(printed_len).sum();
            prop_assert_eq!(sum, visible(&raw).len());
        }

        #[test]
        fn no_run_of_backticks_closes_a_fence(raw in any::<String>()) {
            let fenced = fence(&raw);
            let ticks = fenced.find("text").unwrap();
            let inner = &fenced[ticks..fenced.len() - ticks];
            prop_assert!(longest_run(inner) < ticks);
        }
    }
}
