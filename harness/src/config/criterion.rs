//! One criterion of a gate, as `phasegate.toml` writes it.

use std::collections::BTreeMap;

use phasegate_record::project::{Boundary, Criterion, Each, Metric, Percent, Threshold};
use phasegate_record::scope::Scope;
use toml::de::DeValue;

use super::table::{ConfigError, Table};
use crate::terms::nearest;

/// The criteria of one phase.
pub(super) fn decode_all(
    phase: &Table<'_>,
    boundaries: &BTreeMap<String, Boundary>,
    phases: &[&str],
) -> Result<Vec<Criterion>, ConfigError> {
    phase
        .tables("criterion", "`[[phase.criterion]]`")?
        .iter()
        .map(|table| decode(table, boundaries, phases))
        .collect()
}

fn decode(
    table: &Table<'_>,
    boundaries: &BTreeMap<String, Boundary>,
    phases: &[&str],
) -> Result<Criterion, ConfigError> {
    table.allow(&[
        "id", "title", "metric", "scope", "each", "files", "at_least", "at_most",
    ])?;
    let id = table.required("id")?.to_owned();
    table.required("metric")?;
    let metric = table
        .parsed("metric", metric)?
        .expect("required just above");
    let files = table.string("files")?.map(str::to_owned);
    let here = |key: &str| {
        table
            .get(key)
            .map_or(table.at..table.at, toml::Spanned::span)
    };
    if metric == Metric::MigratedFiles && files.is_none() {
        return Err(table.source.wrong(
            here("metric"),
            "the metric `migrated_files` needs `files = \"glob\"`",
        ));
    }
    if metric != Metric::MigratedFiles && files.is_some() {
        return Err(table.source.wrong(here("files"), "`files` belongs to the metric `migrated_files` only; narrow other metrics with `scope = \"file(glob)\"`"));
    }
    if let Some(glob) = &files {
        glob::Pattern::new(glob).map_err(|e| {
            table
                .source
                .wrong(here("files"), format!("`files` is no glob: {e}"))
        })?;
    }
    let scope = table.parsed("scope", |text| {
        check_scope(text, boundaries, phases).map(|()| text.to_owned())
    })?;
    Ok(Criterion {
        title: table
            .string("title")?
            .map_or_else(|| id.clone(), str::to_owned),
        id,
        metric,
        scope,
        each: table.parsed("each", each)?,
        files,
        threshold: threshold(table)?,
    })
}

/// A scope must parse, and must not name a phase or boundary that the file does not know.
fn check_scope(
    text: &str,
    boundaries: &BTreeMap<String, Boundary>,
    phases: &[&str],
) -> Result<(), String> {
    let scope = Scope::parse(text).map_err(|e| e.to_string())?;
    for reference in scope.references() {
        let known: Vec<&str> = match reference.predicate {
            "phase" => phases.to_vec(),
            "boundary" if !boundaries.is_empty() => boundaries.keys().map(String::as_str).collect(),
            _ => continue,
        };
        let (what, name) = (reference.predicate, &reference.name);
        if !known.contains(&name.as_str()) {
            let hint =
                nearest(name, known).map_or(String::new(), |n| format!("; did you mean `{n}`?"));
            return Err(format!("unknown {what} `{name}`{hint}"));
        }
    }
    Ok(())
}

fn metric(text: &str) -> Result<Metric, String> {
    Metric::ALL
        .into_iter()
        .find(|m| m.as_str() == text)
        .ok_or_else(|| {
            let names = Metric::ALL.map(Metric::as_str);
            match nearest(text, names) {
                Some(near) => format!("unknown metric `{text}`; did you mean `{near}`?"),
                None => format!(
                    "unknown metric `{text}`; known metrics are {}",
                    names.join(", ")
                ),
            }
        })
}

fn each(text: &str) -> Result<Each, String> {
    match text {
        "boundary" => Ok(Each::Boundary),
        "file" => Ok(Each::File),
        other => Err(format!(
            "`{other}` is no grouping; write \"boundary\" or \"file\""
        )),
    }
}

/// `at_least` or `at_most`: a count (`5`) or a share (`"85%"`).
fn threshold(table: &Table<'_>) -> Result<Threshold, ConfigError> {
    let key = match (table.get("at_least"), table.get("at_most")) {
        (Some(_), None) => "at_least",
        (None, Some(_)) => "at_most",
        (None, None) => {
            return Err(table.source.wrong(
                table.at..table.at,
                "the criterion lacks its bound; add `at_least = …` or `at_most = …`",
            ));
        }
        (Some(_), Some(second)) => {
            return Err(table.source.wrong(
                second.span(),
                "a criterion has one bound; make a second criterion for `at_most`",
            ));
        }
    };
    let share: Option<Percent> = match table.get(key).map(toml::Spanned::get_ref) {
        Some(DeValue::String(_)) => table.parsed(key, str::parse)?,
        _ => None,
    };
    let at_least = key == "at_least";
    Ok(match (share, at_least) {
        (Some(share), true) => Threshold::AtLeastShare(share),
        (Some(share), false) => Threshold::AtMostShare(share),
        (None, true) => Threshold::AtLeast(table.count(key)?.unwrap_or(0)),
        (None, false) => Threshold::AtMost(table.count(key)?.unwrap_or(0)),
    })
}
