//! Sums and products that are spelled out: `a + b = c`, `a × b = c`, `41 (27 unit + 14 integration)`.

use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::decimal::divide;
use crate::audit::numbers::{Bound, Decimal, TokenKind, is_any};
use crate::audit::reading::{Judged, Ledger, Reading};

/// Most words that may stand between two terms.
const GAP: usize = 4;

pub(super) fn judge(reading: &Reading<'_>, ledger: &mut Ledger) {
    for passage in 0..reading.document.passages.len() {
        let mut index = 0;
        let numbers: Vec<_> = reading.numbers_in(passage).collect();
        while index + 1 < numbers.len() {
            let chain = chain(reading, passage, &numbers[index..]);
            if let Some((operator, length)) = chain {
                equation(
                    reading,
                    passage,
                    &numbers,
                    index,
                    (operator, length),
                    ledger,
                );
                index += length;
            } else {
                index += 1;
            }
        }
    }
}

/// The operator between the first numbers and how many numbers it joins.
fn chain(
    reading: &Reading<'_>,
    passage: usize,
    numbers: &[(usize, usize)],
) -> Option<(char, usize)> {
    let operator = joint(reading, passage, numbers.first()?.0, numbers.get(1)?.0)
        .filter(|op| "+×*".contains(*op))?;
    let same = numbers
        .windows(2)
        .take_while(|pair| joint(reading, passage, pair[0].0, pair[1].0) == Some(operator));
    Some((
        if operator == '*' { '×' } else { operator },
        same.count() + 1,
    ))
}

/// The only symbol between two numbers, words aside.
fn joint(reading: &Reading<'_>, passage: usize, first: usize, last: usize) -> Option<char> {
    if last - first > GAP + 2 {
        return None;
    }
    let mut symbols = (first + 1..last).filter_map(|at| match reading.tokens(passage)[at].kind {
        TokenKind::Symbol(symbol) => Some(symbol),
        TokenKind::Word => None,
        _ => Some('?'),
    });
    let symbol = symbols.next()?;
    symbols.next().is_none().then_some(symbol)
}

fn equation(
    reading: &Reading<'_>,
    passage: usize,
    numbers: &[(usize, usize)],
    from: usize,
    (operator, length): (char, usize),
    ledger: &mut Ledger,
) {
    let terms: Vec<_> = numbers[from..from + length]
        .iter()
        .map(|(_, id)| *id)
        .collect();
    let last = numbers[from + length - 1].0;
    let result = numbers
        .get(from + length)
        .filter(|(at, _)| joint(reading, passage, last, *at) == Some('='));
    let lead = from
        .checked_sub(1)
        .map(|index| numbers[index])
        .filter(|_| operator == '+');
    let bracket = lead
        .filter(|(at, _)| result.is_none() && opens(reading, passage, *at, numbers[from].0, last));
    let Some((at, total)) = result.copied().or(bracket) else {
        return;
    };
    let value = |id: usize| reading.number(id).value;
    let fine = terms.iter().chain([&total]).all(|id| {
        let number = reading.number(*id);
        number.upper.is_none() && number.unit == reading.number(terms[0]).unit
            || operator == '×' && number.is_count()
    });
    // A chain that begins in the middle of a longer one is not the whole sum.
    let inner = from > 0
        && joint(reading, passage, numbers[from - 1].0, numbers[from].0)
            .is_some_and(|op| "+-×*/".contains(op));
    let signed = terms
        .iter()
        .any(|id| reading.number(*id).sign != crate::audit::numbers::Sign::None);
    let large = terms.iter().any(|id| value(*id).mantissa > 1_000_000_000);
    let scaled =
        terms.iter().any(|id| !reading.number(*id).is_count()) && reading.number(total).is_count();
    let last_token = numbers[from + length - 1].0.max(at);
    let rated = (numbers[from].0.min(at)..last_token + 3).any(|i| {
        is_any(
            reading.word(passage, i),
            &[
                "per", "each", "crore", "crores", "lakh", "lakhs", "million", "billion", "thousand",
            ],
        )
    });
    let percents = terms
        .iter()
        .chain([&total])
        .any(|id| reading.number(*id).is_percent());
    // `Check 1 + Check 2 = 0.80` adds up what the checks are worth.
    let named = |at: usize| reading.word(passage, at.wrapping_sub(1)).to_lowercase();
    let names = length > 1
        && !named(numbers[from].0).is_empty()
        && numbers[from..from + length]
            .iter()
            .all(|(at, _)| named(*at) == named(numbers[from].0));
    let word = |at: usize| reading.word(passage, at);
    // `= ₹5 lakhs` is in another scale, and `1 day per step` is no addend yet.
    let scaled_up = terms_at(numbers, from, length, at).any(|at| is_any(word(at + 1), SCALES));
    let priced = (numbers[from].0..last).any(|at| is_any(word(at), &["per", "each", "every"]));
    if !fine
        || rated
        || inner
        || scaled_up
        || priced && operator == '+'
        || names
        || operator == '×' && (percents || scaled)
        || signed && operator == '+'
        || operator == '×' && (large || length > 3)
    {
        return;
    }
    let computed = match operator {
        '+' => terms
            .iter()
            .fold(Decimal::ZERO, |sum, id| sum.add(value(*id))),
        _ => terms.iter().fold(Decimal::whole(1), |product, id| Decimal {
            mantissa: product.mantissa * value(*id).mantissa,
            decimals: product.decimals + value(*id).decimals,
        }),
    };
    let exact = terms
        .iter()
        .chain([&total])
        .all(|id| reading.number(*id).bound == Bound::Exact);
    let places = value(total).decimals;
    // A product may be printed with fewer decimals than it has.
    let rounded = operator == '×' && divide(computed, Decimal::whole(1), places) == value(total);
    let verdict = match computed == value(total) || rounded {
        true => Verdict::Consistent,
        false if exact => Verdict::Inconsistent,
        false => Verdict::Unresolved,
    };
    let kind = if operator == '+' {
        Kind::Sum
    } else {
        Kind::Other
    };
    let spelled: Vec<_> = terms.iter().map(|id| value(*id).to_string()).collect();
    let first = numbers[from].0.min(at);
    let span = reading.span(passage, first, last.max(at));
    let why = format!(
        "{} = {computed}, printed {}",
        spelled.join(&format!(" {operator} ")),
        value(total)
    );
    ledger.push(
        Judged::new(kind, verdict, span)
            .expected(computed.to_string())
            .why(why)
            .numbers(terms)
            .numbers([total]),
    );
}

/// Words that multiply the number before them.
const SCALES: &[&str] = &[
    "crore", "crores", "cr", "lakh", "lakhs", "thousand", "million", "billion", "trillion", "mio",
    "mrd", "bn",
];

/// Token indices of the terms and of the result.
fn terms_at(
    numbers: &[(usize, usize)],
    from: usize,
    length: usize,
    result: usize,
) -> impl Iterator<Item = usize> {
    let terms = numbers[from..from + length].iter().map(|(at, _)| *at);
    terms.chain([result])
}

/// `41 tests (27 unit + 14 integration)`: words, then a bracket around exactly the terms.
fn opens(reading: &Reading<'_>, passage: usize, total: usize, first: usize, last: usize) -> bool {
    let tokens = reading.tokens(passage);
    let bracket = first
        .checked_sub(1)
        .filter(|at| *at > total && reading.symbol_at(passage, *at) == Some('('));
    let words = bracket.is_some_and(|open| {
        open - total <= 4 && (total + 1..open).all(|at| tokens[at].kind == TokenKind::Word)
    });
    let close =
        (last + 1..tokens.len().min(last + 5)).find(|at| tokens[*at].kind != TokenKind::Word);
    // `back after 11 rounds (1348 futures + 67 spot)`: a fraction of the terms is no total of theirs.
    let value = |at: usize| {
        reading
            .number_at(passage, at)
            .map(|id| reading.number(id).value)
    };
    let sum = (first..=last)
        .filter_map(value)
        .fold(Decimal::ZERO, Decimal::add);
    let thrice = |value: Decimal| value.add(value).add(value);
    let covers = value(total).is_some_and(|total| thrice(total) >= sum && total <= thrice(sum));
    words && covers && close.is_some_and(|at| reading.symbol_at(passage, at) == Some(')'))
}
