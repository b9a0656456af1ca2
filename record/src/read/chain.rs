//! Whether lines follow each other as they were written, told from their places alone.

use std::collections::HashMap;

use super::problem::Flaw;
use crate::digest::GENESIS;

/// What a line says about its place, and what its bytes hash to.
#[derive(Debug, Clone)]
pub(super) struct Link {
    /// Line number in the file, from 1.
    pub(super) number: usize,
    /// Sequence number; for a line that cannot be read, the one that belongs in its place.
    pub(super) seq: u64,
    /// Digest that it names; `None` for a line that cannot be read.
    pub(super) prev: Option<String>,
    /// Digest of its own bytes.
    pub(super) digest: String,
}

/// Every flaw in the order of `links`, each with the number of the line where it shows.
pub(super) fn flaws(links: &[Link]) -> Vec<(usize, Flaw)> {
    if is_intact(links) {
        return Vec::new();
    }
    let mut flaws = Vec::new();
    let unique = duplicates(links, &mut flaws);
    let mut ordered = unique.clone();
    ordered.sort_by_key(|link| link.seq);
    reordered(&unique, &ordered, &mut flaws);
    missing(&ordered, &mut flaws);
    edited(links, &ordered, &mut flaws);
    flaws.sort_by_key(|(line, _)| *line);
    flaws
}

/// The usual case, without a table.
fn is_intact(links: &[Link]) -> bool {
    let mut expected: (u64, &str) = (0, GENESIS);
    links.iter().all(|link| {
        let fits = link.seq == expected.0 && link.prev.as_deref().is_none_or(|p| p == expected.1);
        expected = (expected.0.wrapping_add(1), &link.digest);
        fits
    })
}

/// The first line of each sequence number; the others are flaws.
fn duplicates<'l>(links: &'l [Link], flaws: &mut Vec<(usize, Flaw)>) -> Vec<&'l Link> {
    let mut firsts: HashMap<u64, &Link> = HashMap::with_capacity(links.len());
    let mut unique = Vec::with_capacity(links.len());
    for link in links {
        if let Some(first) = firsts.get(&link.seq) {
            // A line that cannot be read claims no number; the table only lent it one.
            if first.prev.is_some() && link.prev.is_some() {
                let identical = first.digest == link.digest;
                let (seq, first) = (link.seq, first.number);
                flaws.push((
                    link.number,
                    Flaw::Duplicated {
                        seq,
                        first,
                        identical,
                    },
                ));
            }
            continue;
        }
        firsts.insert(link.seq, link);
        unique.push(link);
    }
    unique
}

fn reordered(unique: &[&Link], ordered: &[&Link], flaws: &mut Vec<(usize, Flaw)>) {
    for (link, belongs) in unique.iter().zip(ordered) {
        if link.seq != belongs.seq {
            flaws.push((link.number, Flaw::Reordered { seq: link.seq }));
        }
    }
}

fn missing(ordered: &[&Link], flaws: &mut Vec<(usize, Flaw)>) {
    let mut next = 0;
    for link in ordered {
        if link.seq > next {
            let (first, last) = (next, link.seq - 1);
            flaws.push((link.number, Flaw::Missing { first, last }));
        }
        next = link.seq.saturating_add(1);
    }
}

fn edited(links: &[Link], ordered: &[&Link], flaws: &mut Vec<(usize, Flaw)>) {
    for link in links {
        let Some(prev) = &link.prev else { continue };
        let Some(before) = link.seq.checked_sub(1) else {
            if prev != GENESIS {
                flaws.push((link.number, Flaw::Reframed));
            }
            continue;
        };
        let Ok(at) = ordered.binary_search_by_key(&before, |link| link.seq) else {
            continue;
        };
        if ordered[at].digest != *prev {
            let told_by = link.number;
            flaws.push((ordered[at].number, Flaw::Edited { told_by }));
        }
    }
}
