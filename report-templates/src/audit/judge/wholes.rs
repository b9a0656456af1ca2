//! Ratios whose wholes add up to a total stated elsewhere: their parts must add up to its part.

use super::carried::{Carried, carried, sum};
use super::table::{Table, is_total_label};
use crate::audit::claims::{Claims, Standing, standing};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Decimal, Outcome, is_any, stem};
use crate::audit::reading::{Judged, Ledger, Reading};
use std::collections::{BTreeMap, HashMap};

/// Wholes below this may meet by chance.
const TELLING: Decimal = Decimal::whole(20);

/// A part of a whole, said of everything.
#[derive(Clone, Copy)]
struct Said {
    part: usize,
    whole: usize,
}

/// A section, and a part and its whole in it.
type Placed = (usize, (usize, usize));

/// Ratios that stand side by side.
struct Family {
    members: Vec<(usize, usize)>,
}

pub(super) fn judge(
    reading: &Reading<'_>,
    claims: &Claims,
    tables: &[Table<'_>],
    ledger: &mut Ledger,
) {
    let mut families = by_section(reading, claims);
    families.extend(
        tables
            .iter()
            .flat_map(|table| of_table(reading, claims, table)),
    );
    families.extend(subtotals(reading));
    families.extend(by_label(reading, claims));
    families.extend(of_output(reading, claims));
    let said = said(reading, claims);
    for family in &families {
        hold(reading, family, &said, ledger);
    }
    for table in tables {
        line_after(reading, claims, table, ledger);
    }
}

/// `Passed: 148` beside `Total: 155`, and every current ratio, by the value of the whole.
fn said(reading: &Reading<'_>, claims: &Claims) -> HashMap<i128, Vec<Said>> {
    let mut all: HashMap<i128, Vec<Said>> = HashMap::new();
    let mut add = |part: usize, whole: usize| {
        let (k, n) = (reading.number(part), reading.number(whole));
        if n.value >= TELLING && k.is_exact() && n.is_exact() && k.value <= n.value {
            all.entry(n.value.at(4))
                .or_default()
                .push(Said { part, whole });
        }
    };
    let mut groups: BTreeMap<usize, BTreeMap<Outcome, Vec<usize>>> = BTreeMap::new();
    for stated in claims.stated.iter().filter(|stated| stated.noun == "test") {
        let group = reading.passage(stated.passage).group;
        groups
            .entry(group)
            .or_default()
            .entry(stated.outcome)
            .or_default()
            .push(stated.number);
    }
    for group in groups.values() {
        let only = |outcome| match group.get(&outcome).map(Vec::as_slice) {
            Some([id]) => Some(*id),
            _ => None,
        };
        if let (Some(part), Some(whole)) = (only(Outcome::Passed), only(Outcome::Total)) {
            add(part, whole);
        }
    }
    for ratio in &claims.ratios {
        if standing(reading, ratio) == Standing::Current {
            add(ratio.part, ratio.whole);
        }
    }
    all
}

/// The ratios that items of one section start or end with, when each item has one.
fn by_section(reading: &Reading<'_>, claims: &Claims) -> Vec<Family> {
    let mut sections: BTreeMap<usize, Option<Vec<Carried>>> = BTreeMap::new();
    for list in reading
        .document
        .lists
        .iter()
        .filter(|list| list.parent.is_none())
    {
        let heads = list
            .items
            .iter()
            .map(|item| reading.document.items[*item].head);
        let ratios: Option<Vec<_>> = heads.map(|head| ratio(reading, claims, head?)).collect();
        let slot = sections
            .entry(list.section)
            .or_insert_with(|| Some(Vec::new()));
        match (slot.as_mut(), ratios) {
            (Some(known), Some(ratios)) => known.extend(ratios),
            _ => *slot = None,
        }
    }
    let families = sections
        .into_values()
        .flatten()
        .filter(|members| members.len() > 2);
    families
        .filter(|members| members.iter().all(|member| member.unit == members[0].unit))
        .map(family)
        .collect()
}

fn family(members: Vec<Carried>) -> Family {
    let pairs = members
        .iter()
        .filter_map(|member| Some((member.part, member.whole?)));
    Family {
        members: pairs.collect(),
    }
}

fn ratio(reading: &Reading<'_>, claims: &Claims, passage: usize) -> Option<Carried> {
    carried(reading, claims, passage).filter(|carried| carried.whole.is_some())
}

/// Lines of one block of output that have a ratio each.
fn of_output(reading: &Reading<'_>, claims: &Claims) -> Vec<Family> {
    let mut groups: BTreeMap<usize, Option<Vec<Carried>>> = BTreeMap::new();
    for (at, passage) in reading.document.passages.iter().enumerate() {
        if passage.role == Role::Output {
            let slot = groups
                .entry(passage.group)
                .or_insert_with(|| Some(Vec::new()));
            match (slot.as_mut(), ratio(reading, claims, at)) {
                (Some(known), Some(ratio)) => known.push(ratio),
                _ => *slot = None,
            }
        }
    }
    let several = groups
        .into_values()
        .flatten()
        .filter(|members| members.len() > 2);
    several.map(family).collect()
}

/// A column of ratios without a row that adds them up.
fn of_table(reading: &Reading<'_>, claims: &Claims, table: &Table<'_>) -> Option<Family> {
    let total = |row: usize| {
        table
            .cell(row, 0)
            .is_some_and(|cell| is_total_label(reading, cell))
    };
    if table.rows().any(total) || table.rows().len() < 3 {
        return None;
    }
    let mut columns = (0..table.columns.len()).filter_map(|column| {
        let cells = table
            .rows()
            .map(|row| ratio(reading, claims, table.cell(row, column)?));
        cells.collect::<Option<Vec<_>>>()
    });
    let members = columns.next()?;
    columns.next().is_none().then(|| family(members))
}

/// `Total X: 301 statements, 249 tested` and its like in the sections beside it.
fn subtotals(reading: &Reading<'_>) -> Vec<Family> {
    let mut alike: BTreeMap<(String, String), Vec<(usize, usize)>> = BTreeMap::new();
    for passage in 0..reading.document.passages.len() {
        if reading.passage(passage).role != Role::Line
            || !is_any(reading.word(passage, 0), &["total", "subtotal"])
        {
            continue;
        }
        let numbers: Vec<_> = reading.numbers_in(passage).take(3).collect();
        let [(a, whole), (b, part), ..] = numbers.as_slice() else {
            continue;
        };
        let plain = [*whole, *part]
            .iter()
            .all(|id| reading.number(*id).is_plain_count() && reading.number(*id).is_exact());
        let comma = *b == a + 3 && reading.symbol_at(passage, a + 2) == Some(',');
        let key = (
            stem(reading.word(passage, a + 1)),
            stem(reading.word(passage, b + 1)),
        );
        if plain && comma && !key.0.is_empty() && !key.1.is_empty() {
            alike.entry(key).or_default().push((*part, *whole));
        }
    }
    let several = alike.into_values().filter(|members| members.len() > 2);
    several.map(|members| Family { members }).collect()
}

/// `Verified: 28/30` with the same label in each of the sections side by side.
fn by_label(reading: &Reading<'_>, claims: &Claims) -> Vec<Family> {
    let mut alike: BTreeMap<(usize, String), Vec<Placed>> = BTreeMap::new();
    let lines = claims.ratios.chunk_by(|a, b| a.passage == b.passage);
    for ratio in lines.filter_map(|line| line.first().filter(|_| line.len() == 1)) {
        let passage = reading.passage(ratio.passage);
        let colon =
            ratio.first > 1 && reading.symbol_at(ratio.passage, ratio.first - 1) == Some(':');
        let label = reading.word(ratio.passage, 0);
        let line = matches!(passage.role, Role::Line | Role::ItemHead);
        if line && colon && ratio.first == 2 && !label.is_empty() {
            let parent = reading.document.sections[passage.section].parent;
            let members = alike.entry((parent, label.to_lowercase())).or_default();
            members.push((passage.section, (ratio.part, ratio.whole)));
        }
    }
    let apart = |members: &Vec<Placed>| {
        members.len() > 2 && members.windows(2).all(|pair| pair[0].0 != pair[1].0)
    };
    let several = alike.into_values().filter(apart);
    several
        .map(|members| Family {
            members: members.into_iter().map(|member| member.1).collect(),
        })
        .collect()
}

fn hold(
    reading: &Reading<'_>,
    family: &Family,
    said: &HashMap<i128, Vec<Said>>,
    ledger: &mut Ledger,
) {
    let wholes = sum(reading, family.members.iter().map(|member| member.1));
    let parts = sum(reading, family.members.iter().map(|member| member.0));
    let own = |said: &&Said| !family.members.iter().any(|member| member.0 == said.part);
    let Some(known) = said.get(&wholes.at(4)) else {
        return;
    };
    let known: Vec<_> = known.iter().filter(own).take(12).collect();
    let value = |said: &&&Said| reading.number(said.part).value;
    let Some(first) = known.first() else { return };
    // One value said throughout, or the parts belong to another run.
    if known.iter().any(|said| value(&said) != value(&first)) {
        return;
    }
    let verdict = if value(&first) == parts {
        Verdict::Consistent
    } else {
        Verdict::Inconsistent
    };
    let near = known.iter().min_by_key(|said| {
        let at = reading.number_span(said.part).start;
        at.abs_diff(reading.number_span(family.members[0].0).start)
    });
    let Some(claim) = near else { return };
    report(reading, **claim, family, (parts, wholes), verdict, ledger);
}

fn report(
    reading: &Reading<'_>,
    claim: Said,
    family: &Family,
    (parts, wholes): (Decimal, Decimal),
    verdict: Verdict,
    ledger: &mut Ledger,
) {
    let addends: Vec<_> = family
        .members
        .iter()
        .map(|member| reading.number(member.0).value.to_string())
        .collect();
    let ids = family
        .members
        .iter()
        .flat_map(|member| [member.0, member.1]);
    ledger.push(
        Judged::new(Kind::Sum, verdict, reading.number_span(claim.part))
            .expected(parts.to_string())
            .why(format!(
                "{} = {parts} of {wholes} in the ratios, printed {} of {}",
                addends.join(" + "),
                reading.number(claim.part).value,
                reading.number(claim.whole).value
            ))
            .related(
                family
                    .members
                    .iter()
                    .map(|member| reading.number_span(member.0).start),
            )
            .numbers(ids.chain([claim.part, claim.whole])),
    );
}

/// `Overall: 470/537 lines` right under a column of ratios.
fn line_after(reading: &Reading<'_>, claims: &Claims, table: &Table<'_>, ledger: &mut Ledger) {
    let last = table.shape.rows.last().and_then(|row| row.last());
    let Some(next) = last
        .map(|cell| cell + 1)
        .filter(|next| *next < reading.document.passages.len())
    else {
        return;
    };
    let overall = reading.passage(next).role == Role::Line
        && is_any(reading.word(next, 0), &["overall", "total", "totals"]);
    let Some(family) = overall.then(|| of_table(reading, claims, table)).flatten() else {
        return;
    };
    let Some(claim) = ratio(reading, claims, next) else {
        return;
    };
    let (parts, wholes) = (
        sum(reading, family.members.iter().map(|member| member.0)),
        sum(reading, family.members.iter().map(|member| member.1)),
    );
    let Some(whole) = claim.whole else { return };
    let (k, n) = (
        reading.number(claim.part).value,
        reading.number(whole).value,
    );
    let verdict = if wholes == n && parts == k {
        Verdict::Consistent
    } else if wholes == n || parts > k && wholes <= n {
        Verdict::Inconsistent
    } else {
        Verdict::Unresolved
    };
    report(
        reading,
        Said {
            part: claim.part,
            whole,
        },
        &family,
        (parts, wholes),
        verdict,
        ledger,
    );
}

#[cfg(test)]
mod tests {
    use crate::audit::judge::told::wrong;

    #[test]
    fn parts_that_do_not_add_up_where_the_wholes_do() {
        let text = |passed: u32| {
            format!(
                "Total tests: 60\nPassed: {passed}\n\n## Engines\n\n- one: 19/20 tests\n- two: 18/20 tests\n- three: 20/20 tests\n"
            )
        };
        assert_eq!(wrong(&text(58)), [(2, "57".to_owned())]);
        assert!(wrong(&text(57)).is_empty());
    }

    #[test]
    fn more_in_the_rows_than_overall() {
        let text = |all: u32| {
            format!(
                "| Unit | Lines |\n|---|---|\n| a | 40/50 |\n| b | 30/44 |\n| c | 9/10 |\n\n**Overall**: {all}/120 lines\n"
            )
        };
        assert_eq!(wrong(&text(77)), [(7, "79".to_owned())]);
        assert!(wrong(&text(85)).is_empty());
    }
}
