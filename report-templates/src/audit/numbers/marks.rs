//! Status signs, also where a wrong encoding has mangled them.

/// What a status sign says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Done,
    Failed,
    Pending,
    Warning,
}

/// Signs and their meaning. The Latin spellings are the UTF-8 bytes of a sign read as Mac Roman
/// or Windows-1252, which is what reports that went through a wrong editor contain.
const MARKS: &[(&str, Mark)] = &[
    ("✅", Mark::Done),
    ("✔", Mark::Done),
    ("✓", Mark::Done),
    ("☑", Mark::Done),
    ("🟢", Mark::Done),
    ("‚úÖ", Mark::Done),
    ("âœ…", Mark::Done),
    ("‚úì", Mark::Done),
    ("âœ“", Mark::Done),
    ("❌", Mark::Failed),
    ("✗", Mark::Failed),
    ("✘", Mark::Failed),
    ("🔴", Mark::Failed),
    ("❗", Mark::Failed),
    ("‚ùå", Mark::Failed),
    ("âŒ", Mark::Failed),
    ("⏳", Mark::Pending),
    ("🚧", Mark::Pending),
    ("🔄", Mark::Pending),
    ("⏸", Mark::Pending),
    ("⬜", Mark::Pending),
    ("☐", Mark::Pending),
    ("🔲", Mark::Pending),
    ("⏭", Mark::Pending),
    ("⚠", Mark::Warning),
    ("🟡", Mark::Warning),
    ("🟠", Mark::Warning),
    ("‚ö†", Mark::Warning),
    ("âš", Mark::Warning),
];

/// The sign at the start of `text`, with its length in bytes.
pub(super) fn mark_at(text: &str) -> Option<(Mark, usize)> {
    MARKS
        .iter()
        .find(|(sign, _)| text.starts_with(sign))
        .map(|(sign, mark)| (*mark, sign.len()))
}

/// Dashes, arrows and relations under one name each, with the length in bytes.
pub(super) fn symbol_at(text: &str) -> Option<(char, usize)> {
    const SYMBOLS: &[(&str, char)] = &[
        ("->", '→'),
        ("=>", '→'),
        ("-->", '→'),
        ("→", '→'),
        ("➜", '→'),
        ("➔", '→'),
        ("➡", '→'),
        ("⟶", '→'),
        ("⇒", '→'),
        ("‚Üí", '→'),
        ("â†’", '→'),
        ("–", '-'),
        ("—", '-'),
        ("−", '-'),
        ("‚Äì", '-'),
        ("‚Äî", '-'),
        ("â€“", '-'),
        ("â€”", '-'),
        ("≥", '≥'),
        (">=", '≥'),
        ("‚â•", '≥'),
        ("≤", '≤'),
        ("<=", '≤'),
        ("≈", '~'),
        ("×", '×'),
        ("（", '('),
        ("）", ')'),
        ("：", ':'),
        ("，", ','),
        ("、", ','),
        ("；", ';'),
        ("％", '%'),
        ("＋", '+'),
    ];
    if !text.starts_with(|c: char| !c.is_ascii() || matches!(c, '-' | '=' | '<' | '>')) {
        return None;
    }
    SYMBOLS
        .iter()
        .find(|(sign, _)| text.starts_with(sign))
        .map(|(sign, name)| (*name, sign.len()))
}
