//! What a list holds, for a headline to be held against.

use crate::audit::document::{List, Role};
use crate::audit::numbers::{Mark, TokenKind, is_any};
use crate::audit::reading::Reading;

/// A list seen as a set of countable things.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    pub(super) items: usize,
    /// Items plus what the last of them promises (`plus 10 additional files`).
    pub(super) promised: usize,
    /// Names in the items, where every item is nothing but names (`Role, RoleBinding`).
    pub(super) names: Option<usize>,
    /// Every item starts with a code span, path or identifier.
    pub(super) named: bool,
    pub(super) ordered: bool,
    /// Every item has a tick box.
    pub(super) boxed: bool,
    /// Every item has a box or a status sign.
    pub(super) marked: bool,
    pub(super) done: usize,
    /// Neither done nor plainly open: `⚠️`.
    pub(super) doubtful: usize,
    /// The list says that it is not complete.
    pub(super) partial: bool,
    pub(super) heads: Vec<usize>,
    /// Some items have lists of their own: they may be groups.
    pub(super) nested: bool,
    /// Items of this list and of the lists that follow it in its section.
    pub(super) family: usize,
    /// The first ordinal; zero for a list without.
    pub(super) first: usize,
}

/// Words that say a list shows only some of what there is.
pub(super) const PARTIAL: &[&str] = &[
    "including",
    "include",
    "includes",
    "such",
    "example",
    "examples",
    "e.g",
    "etc",
    "highlights",
    "key",
    "main",
    "top",
    "selected",
    "notable",
    "some",
    "major",
    "featuring",
    "sample",
    "primary",
    "most",
    "like",
    "especially",
];

/// Reads a list; a list that goes on with the next ordinal after a break is read to its end.
pub(super) fn listing(reading: &Reading<'_>, index: usize) -> Listing {
    let lists = &reading.document.lists;
    let mut heads = heads(reading, &lists[index]);
    let mut next = index + 1;
    // Looking ahead is bounded, so that nests of lists stay linear.
    while let Some(list) = lists.get(next).filter(|_| next < index + 64) {
        let nested = list.parent.is_some() && list.parent != lists[index].parent;
        let follows =
            list.start == Some(heads.len() as u64 + 1) && list.section == lists[index].section;
        if follows && lists[index].start.is_some() && list.parent == lists[index].parent {
            heads.extend(self::heads(reading, list));
        } else if !nested {
            break;
        }
        next += 1;
    }
    let first = lists[index]
        .start
        .and_then(|start| usize::try_from(start).ok())
        .unwrap_or(0);
    let nested = lists.get(index + 1).is_some_and(|next| {
        next.parent
            .is_some_and(|item| reading.document.items[item].list == index)
    });
    let goes_on = heads.last().is_some_and(|last| {
        let after = (last + 1..reading.document.passages.len()).take(3);
        after
            .map(|passage| reading.passage(passage))
            .any(|passage| range_of_ordinals(&passage.flat.text))
    });
    let seen = of_heads(reading, heads, lists[index].start.is_some());
    let own = &lists[index];
    let siblings = lists[index..]
        .iter()
        .take(32)
        .take_while(|list| list.section == own.section);
    let family = siblings
        .filter(|list| list.parent == own.parent)
        .map(|list| list.items.len())
        .sum();
    Listing {
        first,
        family,
        nested,
        partial: seen.partial || goes_on,
        ..seen
    }
}

/// `8-13. Further documents`: Markdown reads it as text, the author as six more items.
fn range_of_ordinals(text: &str) -> bool {
    let number = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let text = text.trim_start();
    let first = number(text);
    let Some(rest) = text[first..].strip_prefix(['-', '–']).filter(|_| first > 0) else {
        return false;
    };
    let second = number(rest);
    second > 0 && rest[second..].starts_with(['.', ')'])
}

fn heads(reading: &Reading<'_>, list: &List) -> Vec<usize> {
    list.items
        .iter()
        .filter_map(|item| reading.document.items[*item].head)
        .collect()
}

/// Reads passages that each are one item (list items, or lines of output).
pub(super) fn of_heads(reading: &Reading<'_>, heads: Vec<usize>, ordered: bool) -> Listing {
    let mut listing = Listing {
        items: heads.len(),
        promised: heads.len(),
        names: Some(0),
        named: !heads.is_empty(),
        ordered,
        boxed: !heads.is_empty(),
        marked: !heads.is_empty(),
        done: 0,
        doubtful: 0,
        partial: false,
        heads: Vec::new(),
        nested: false,
        family: 0,
        first: 0,
    };
    for head in &heads {
        look_at(reading, *head, &mut listing);
    }
    listing.heads = heads;
    listing
}

fn look_at(reading: &Reading<'_>, head: usize, listing: &mut Listing) {
    let tokens = reading.tokens(head);
    let task = reading
        .passage(head)
        .item
        .and_then(|item| reading.document.items[item].task);
    let mark = tokens.iter().take(3).find_map(|token| match token.kind {
        TokenKind::Mark(mark) => Some(mark),
        _ => None,
    });
    listing.boxed &= task.is_some() && reading.passage(head).role == Role::ItemHead;
    listing.marked &= task.is_some() || mark.is_some();
    listing.done += usize::from(task == Some(true) || task.is_none() && mark == Some(Mark::Done));
    listing.doubtful += usize::from(task.is_none() && matches!(mark, Some(Mark::Warning)));
    let first = tokens
        .iter()
        .find(|token| !matches!(token.kind, TokenKind::Mark(_) | TokenKind::Symbol(_)));
    listing.named &= first.is_some_and(|token| token.kind == TokenKind::Name);
    listing.names = listing
        .names
        .and_then(|count| bare_names(reading, head).map(|more| count + more));
    let words = || reading.words(head);
    let more = words().any(|word| {
        is_any(
            word,
            &["more", "additional", "others", "other", "etc", "remaining"],
        )
    });
    let mut numbers = reading.numbers_in(head);
    if let (true, Some((_, id)), None) = (more, numbers.next(), numbers.next()) {
        let extra = reading
            .number(id)
            .value
            .integer()
            .and_then(|value| usize::try_from(value).ok());
        listing.promised += extra
            .filter(|value| *value < 100_000)
            .unwrap_or(1)
            .saturating_sub(1);
        listing.partial |= extra.is_none();
    }
    let opening = words()
        .take(2)
        .any(|word| is_any(word, &["additional", "more", "other", "various"]));
    listing.partial |= opening && reading.numbers_in(head).next().is_none();
    let names = tokens
        .iter()
        .filter(|token| token.kind == TokenKind::Name)
        .count();
    let range = names > 1 && words().any(|word| is_any(word, &["to", "through"]));
    let several = names > 1
        && tokens
            .iter()
            .any(|token| token.kind == TokenKind::Symbol(','));
    let glob = reading.passage(head).flat.text.contains('*');
    listing.partial |= range
        || several
        || glob
        || words().any(|word| is_any(word, &["etc"]))
        || reading.passage(head).flat.text.contains("...");
}

/// How many names an item lists, when it is nothing but single words between commas.
fn bare_names(reading: &Reading<'_>, head: usize) -> Option<usize> {
    let mut names = 0;
    for (index, token) in reading.tokens(head).iter().enumerate() {
        match (index % 2, token.kind) {
            (0, TokenKind::Word | TokenKind::Name) => names += 1,
            (1, TokenKind::Symbol(',')) => {}
            _ => return None,
        }
    }
    (names > 0).then_some(names)
}
